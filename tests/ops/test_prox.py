import cvxpy as cp
import numpy as np
import pytest

from polytask.ops.prox import shrink_rows, soft_threshold, squared_sum_cut

RNG = np.random.default_rng(0)


def slow(W, penalty):
    """The step by a general solver that knows nothing of closed forms."""
    V = cp.Variable(W.shape)
    cp.Problem(cp.Minimize(cp.sum_squares(V - W) / 2 + penalty(V))).solve(solver="CLARABEL")
    return V.value


def test_soft_threshold_is_the_step_of_the_sum_of_sizes():
    W = RNG.normal(size=(4, 3))
    expected = slow(W, lambda V: 0.7 * cp.sum(cp.abs(V)))
    np.testing.assert_allclose(soft_threshold(W, 0.7), expected, atol=1e-5)


def test_shrink_rows_is_the_step_of_the_sum_of_row_lengths():
    W = RNG.normal(size=(4, 3))
    expected = slow(W, lambda V: 0.9 * cp.sum(cp.norm(V, 2, axis=1)))
    np.testing.assert_allclose(shrink_rows(W, 0.9), expected, atol=1e-5)


@pytest.mark.parametrize("step", [0.01, 0.3, 5.0])
def test_squared_sum_cut_is_the_step_of_the_squared_sum(step):
    s = np.abs(RNG.normal(size=(6, 1)))
    expected = slow(s, lambda V: step / 2 * cp.square(cp.sum(cp.abs(V))))
    got = np.maximum(s - squared_sum_cut(s.ravel(), step), 0)
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_nothing_is_shortened_by_a_step_of_nothing():
    assert squared_sum_cut(np.zeros(3), 1.0) == 0
    assert squared_sum_cut(np.array([1.0, 2.0]), 0.0) == 0
