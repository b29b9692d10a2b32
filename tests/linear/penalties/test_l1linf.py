import numpy as np
from linear.penalties.problems import orthonormal, separate, shared, solved

from polytask.linear import L1, L21, L1Linf, L1Lq
from polytask.ops.rows import cap_rows


def test_one_task_is_the_lasso():
    X, Y = shared()
    one, lasso = solved(L1Linf(0.2), X, Y[:, :1]), solved(L1(0.2), X, Y[:, :1])
    np.testing.assert_allclose(one.coef_, lasso.coef_, atol=1e-6)


def test_identical_tasks_get_identical_coefficients():
    X, Y = shared()
    coef = solved(L1Linf(0.2), X, np.repeat(Y[:, :1], 3, axis=1)).coef_
    np.testing.assert_array_equal(coef[0], coef[1])
    np.testing.assert_array_equal(coef[0], coef[2])
    # three tasks pay once, so that each is a lasso at a third of the strength
    np.testing.assert_allclose(coef[0], solved(L1(0.2 / 3), X, Y[:, 0]).coef_[0], atol=1e-6)


def test_with_orthonormal_inputs_a_row_is_cut_to_one_level():
    X, Y = orthonormal()
    coef = solved(L1Linf(0.4), X, Y).coef_
    np.testing.assert_allclose(coef.T, cap_rows(X.T @ Y / len(X), 0.4), atol=1e-8)


def test_the_largest_entries_of_a_row_tie_exactly_in_the_solution():
    coef = np.abs(solved(L1Linf(0.3), separate()).coef_)
    tied = np.sum(coef == coef.max(axis=0), axis=0)
    assert np.all(tied[coef.max(axis=0) > 0] >= 2)


def test_the_least_strength_that_empties_the_model_is_the_largest_row_sum():
    X, Y = orthonormal()
    gradient = X.T @ Y / len(X)
    top = np.abs(gradient).sum(axis=1).max()
    assert np.isclose(L1Linf().alpha_max(gradient), top)
    assert L1Linf().alpha_max(gradient) >= L21().alpha_max(gradient) >= L1().alpha_max(gradient)


def test_it_is_l1lq_with_an_infinite_exponent():
    data = separate()
    a, b = solved(L1Linf(0.3), data), solved(L1Lq(0.3, q=np.inf), data)
    np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-6)
