import cvxpy as cp
import numpy as np
import pytest

from polytask.errors import ParameterError
from polytask.ops.prox import shrink_rows, soft_threshold
from polytask.ops.tree import correlation_tree, tree_norms, tree_step, tree_weights

TREE = ((0, 1), (2, 3), (4, 5), (0, 1, 2, 3), (0, 1, 2, 3, 4, 5))
SHARES = (0.3, 0.4, 0.5, 0.6, 0.8)


def test_weights_are_products_of_the_shares_above():
    inner, single = tree_weights(TREE, SHARES)
    np.testing.assert_allclose(inner, [0.336, 0.288, 0.4, 0.32, 0.2], atol=1e-12)
    np.testing.assert_allclose(single(6), [0.144, 0.144, 0.192, 0.192, 0.4, 0.4], atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_weights_above_a_column_sum_to_one(seed):
    rng = np.random.default_rng(seed)
    shares = tuple(rng.random(4))
    groups = ((0, 1, 2, 3, 4), (0, 1), (2, 3, 4), (3, 4))
    inner, single = tree_weights(groups, shares)
    for p in range(5):
        above = sum(w for group, w in zip(groups, inner) if p in group)
        assert above + single(5)[p] == pytest.approx(1, abs=1e-12)
    assert single(7)[6] == 1  # in no group: a leaf by itself


def test_the_step_is_that_of_a_general_solver_and_the_other_order_is_not():
    rng = np.random.default_rng(0)
    W = rng.normal(size=(6, 6))
    inner, single = tree_weights(TREE, SHARES)
    V = cp.Variable(W.shape)
    price = cp.sum(cp.abs(V) @ single(6))
    for group, weight in zip(TREE, inner):
        price += weight * cp.sum(cp.norm(V[:, list(group)], 2, axis=1))
    cp.Problem(cp.Minimize(cp.sum_squares(V - W) / 2 + price)).solve(solver="CLARABEL")
    ours = tree_step(W, TREE, inner, single(6))
    np.testing.assert_allclose(ours, V.value, atol=1e-4)
    other = W.copy()
    for i in np.argsort([-len(group) for group in TREE]):
        at = list(TREE[i])
        other[:, at] = shrink_rows(other[:, at], inner[i])
    other = soft_threshold(other, single(6))
    assert np.abs(other - V.value).max() > 0.01
    assert price.value == pytest.approx(tree_norms(V.value, TREE, inner, single(6)).sum())


@pytest.mark.parametrize("groups", [((0, 1), (1, 2)), ((0, 1), (1, 0))])
def test_groups_that_are_not_nested_are_refused(groups):
    with pytest.raises(ParameterError, match="disjoint or one inside the other"):
        tree_weights(groups, (0.5, 0.5))


def test_a_tree_of_correlations_joins_what_goes_together():
    block = np.full((3, 3), 0.8) + 0.2 * np.eye(3)
    R = np.zeros((6, 6))
    R[:3, :3] = R[3:, 3:] = block
    R[0, 1] = R[1, 0] = 0.95
    groups, shares = correlation_tree(R, 0.9)
    assert set(groups) == {(0, 1), (0, 1, 2), (3, 4, 5)} | {g for g in groups if len(g) == 2}
    assert shares[groups.index((0, 1))] == pytest.approx(0.05)
    assert shares[groups.index((0, 1, 2))] == pytest.approx(0.2)
    whole, _ = correlation_tree(R, 1.0)
    assert (0, 1, 2, 3, 4, 5) in whole
