import cvxpy as cp
import numpy as np
import pytest
from linear.penalties.problems import orthonormal, separate, shared, solved
from sklearn.base import clone

from polytask.errors import ParameterError
from polytask.linear import L21, GroupLasso, LinearModel, TaskwiseGroupLasso

GROUPS = ((0, 1, 2), (5, 3))


def test_groups_of_one_feature_are_the_row_sparse_penalty():
    data = separate()
    single = GroupLasso(0.2, groups=tuple((j,) for j in range(6)))
    np.testing.assert_allclose(solved(single, data).coef_, solved(L21(0.2), data).coef_, atol=1e-8)
    np.testing.assert_array_equal(solved(single, data).coef_, solved(GroupLasso(0.2), data).coef_)


def test_a_group_serves_all_tasks_or_none():
    X, Y = shared()
    coef = solved(GroupLasso(0.35, groups=((0, 5), (6, 7))), X, Y).coef_
    assert np.all(coef[:, [0, 5]])
    assert not np.any(coef[:, [6, 7]])


def test_with_orthonormal_inputs_blocks_are_shortened_by_their_weight():
    X, Y = orthonormal()
    S = X.T @ Y / len(X)
    expected = np.zeros_like(S)
    for group, weight in [((0, 1, 2), np.sqrt(3)), ((5, 3), np.sqrt(2)), ((4,), 1.0)]:
        block = S[list(group)]
        expected[list(group)] = max(0, 1 - 0.6 * weight / np.linalg.norm(block)) * block
    coef = solved(GroupLasso(0.6, groups=GROUPS), X, Y).coef_
    np.testing.assert_allclose(coef.T, expected, atol=1e-8)


def test_one_task_is_the_group_lasso_of_the_paper():
    X, Y = shared()
    y, n = Y[:, 0] - Y[:, 0].mean(), len(X)
    Z = X - X.mean(axis=0)
    w = cp.Variable(8)
    groups = (*GROUPS, (4,), (6,), (7,))
    price = sum(np.sqrt(len(g)) * cp.norm(w[list(g)]) for g in groups)
    # the paper has half the sum of squares, hence lambda = n alpha
    problem = cp.Problem(cp.Minimize(cp.sum_squares(y - Z @ w) / 2 + n * 0.3 * price))
    problem.solve(solver="CLARABEL")
    model = solved(GroupLasso(0.3, groups=GROUPS), X, Y[:, 0])
    assert model.objective_ == pytest.approx(problem.value / n, rel=1e-7)
    np.testing.assert_allclose(model.coef_[0], w.value, atol=1e-4)


def test_a_weight_can_keep_a_feature_out_and_let_another_in():
    X, Y = shared()
    weights = tuple(1e3 if j == 0 else 1e-3 if j == 7 else 1.0 for j in range(8))
    coef = solved(GroupLasso(0.3, tuple((j,) for j in range(8)), weights=weights), X, Y).coef_
    assert not coef[:, 0].any()
    assert coef[:, 7].all()


def test_task_by_task_is_a_fit_per_task():
    X, Y = shared()
    penalty = GroupLasso(0.3, groups=GROUPS)
    together = solved(TaskwiseGroupLasso(0.3, groups=GROUPS), X, Y).coef_
    for t in range(Y.shape[1]):
        np.testing.assert_allclose(together[t], solved(penalty, X, Y[:, t]).coef_[0], atol=1e-5)
    assert np.any(together.any(axis=0) & ~together.all(axis=0))


def test_alone_it_is_the_one_task_by_task():
    penalty = GroupLasso(0.3, groups=GROUPS, weights=(1.0, 2.0))
    assert penalty.alone() == TaskwiseGroupLasso(0.3, groups=GROUPS, weights=(1.0, 2.0))
    assert penalty.alone().alone() == penalty.alone()


def test_a_new_task_leaves_out_the_groups_that_served_nobody():
    X, Y = shared()
    model = solved(GroupLasso(0.35, groups=((0, 5), (6, 7))), X, Y[:, :3])
    coef = model.adapt(X, Y[:, 3]).coef_[0]
    assert coef[[0, 5]].all()
    assert not coef[[6, 7]].any()


@pytest.mark.parametrize("one", [GroupLasso, TaskwiseGroupLasso])
def test_lists_and_arrays_become_tuples_and_searches_can_copy_them(one):
    penalty = one(0.1, groups=[np.array([0, 1]), [2]], weights=[1, 2])
    assert penalty == one(0.1, groups=((0, 1), (2,)), weights=(1.0, 2.0))
    assert clone(LinearModel(penalty)).penalty == penalty
    assert eval(repr(penalty)) == penalty  # noqa: S307


@pytest.mark.parametrize(
    ("groups", "weights", "message"),
    [
        (((0, 1), (1, 2)), None, "do not overlap. Found feature 1 in two places"),
        (((0, 0),), None, "do not overlap. Found feature 0 in two places"),
        (((0,), ()), None, r"one feature or more, named by positions from 0. Found \(\(0,\), \(\)"),
        (((-1,),), None, "positions from 0. Found"),
        (((0.5,),), None, "positions of features. Found 0.5"),
        (((0,), (1,)), (1.0,), r"a weight, 0 or more, for each of 2 groups. Found \(1.0,\)"),
        (((0,),), (-1.0,), "a weight, 0 or more, for each of 1 groups"),
    ],
)
@pytest.mark.parametrize("one", [GroupLasso, TaskwiseGroupLasso])
def test_groups_that_make_no_sense_are_refused(one, groups, weights, message):
    with pytest.raises(ParameterError, match=message):
        one(0.1, groups=groups, weights=weights)


def test_a_group_of_features_that_are_not_there_is_refused_at_the_fit():
    X, Y = shared()
    with pytest.raises(ParameterError, match=r"feature 8 in a group. Found 8 features"):
        LinearModel(GroupLasso(0.1, groups=((7, 8),))).fit(X, Y)
