from itertools import combinations, pairwise

import cvxpy as cp
import numpy as np
import pytest

from polytask.ops.fused_graph import fusion_of
from polytask.ops.fused_lines import fuse_line, fuse_pairs, isotonic
from polytask.ops.fusion import Fuser, incidence, turned

RNG = np.random.default_rng(0)
P = 7
GRAPHS = {
    "line": [(a, b, 1.0) for a, b in pairwise(range(P))],
    "line with signs and weights": [(3, 1, -0.5), (1, 5, 2.0), (0, 3, 1.0), (5, 2, -1.0)],
    "all pairs": [(a, b, 0.3) for a, b in combinations(range(P), 2)],
    "triangle that contradicts itself": [(0, 1, 1.0), (1, 2, 1.0), (0, 2, -1.0)],
    "two parts": [(0, 1, 1.0), (2, 3, 1.0), (3, 4, -0.7), (2, 4, 0.4)],
    "star": [(0, b, 0.5) for b in range(1, P)],
}


def general(fusion, edges, Z, strength):
    """The step by a general solver, from an explicit loop over edges."""
    W = cp.Variable(Z.shape)
    price = sum(abs(r) * cp.sum(cp.abs(W[:, a] - np.sign(r) * W[:, b])) for a, b, r in edges)
    problem = cp.Problem(cp.Minimize(cp.sum_squares(W - Z) / 2 + strength * price))
    return problem.solve(solver="CLARABEL"), W.value


@pytest.mark.parametrize("strength", [0.05, 0.5, 5.0])
@pytest.mark.parametrize("name", GRAPHS)
def test_the_step_is_that_of_a_general_solver(name, strength):
    edges, Z = GRAPHS[name], RNG.normal(size=(6, P))
    fusion = fusion_of(tuple(edges), P)
    W = fusion.step(Z, strength)
    value = np.sum((W - Z) ** 2) / 2 + strength * fusion.norms(W).sum()
    best, slow = general(fusion, edges, Z, strength)
    assert value == pytest.approx(best, rel=1e-6)
    np.testing.assert_allclose(W, slow, atol=1e-3)


@pytest.mark.parametrize("strength", [0.05, 0.5, 5.0])
def test_three_ways_to_fuse_agree_to_rounding(strength):
    Z = RNG.normal(size=(9, P))
    Z[0], Z[1] = 0, 1
    line = np.array(GRAPHS["line"])
    fuser = Fuser(line[:, :2].astype(int), line[:, 2], P)
    cut = strength * RNG.random(P - 1)
    np.testing.assert_allclose(fuse_line(Z, cut), fuser.step(Z, cut), atol=1e-12)
    pairs = np.array(list(combinations(range(P), 2)))
    cut = np.full(len(pairs), strength / P)
    other = Fuser(pairs, np.ones(len(pairs)), P).step(Z, cut)
    np.testing.assert_allclose(fuse_pairs(Z, strength / P), other, atol=1e-12)


@pytest.mark.parametrize("name", GRAPHS)
def test_what_is_fused_is_equal_to_the_last_bit(name):
    edges, Z = GRAPHS[name], RNG.normal(size=(50, P))
    fusion = fusion_of(tuple(edges), P)
    W = fusion.step(Z, 0.4)
    differ = np.abs(W @ fusion.C.T)
    near = differ <= 1e-9
    assert near.any()
    assert np.all(differ[near] <= 1e-15)


def test_a_large_price_on_a_connected_graph_leaves_the_mean():
    Z = RNG.normal(size=(4, P))
    for name in ("line", "all pairs", "star"):
        W = fusion_of(tuple(GRAPHS[name]), P).step(Z, 1e3)
        np.testing.assert_allclose(W, Z.mean(axis=1, keepdims=True) * np.ones(P), atol=1e-10)


def test_a_negative_edge_makes_opposites_and_a_contradiction_zeros():
    Z = RNG.normal(size=(4, 2))
    W = fusion_of(((0, 1, -1.0),), 2).step(Z, 1e3)
    np.testing.assert_array_equal(W[:, 0], -W[:, 1])
    three = fusion_of(tuple(GRAPHS["triangle that contradicts itself"]), 3)
    np.testing.assert_array_equal(three.step(RNG.normal(size=(4, 3)), 1e3), 0)


def test_a_graph_of_sixty_tasks_is_exact():
    rng = np.random.default_rng(1)
    edges = [(a, b, 1.0) for a, b in combinations(range(60), 2) if rng.random() < 0.06]
    ends = np.array([edge[:2] for edge in edges])
    C, cut = incidence(60, ends, np.ones(len(ends))), np.full(len(ends), 0.3)
    Z = rng.normal(size=(3, 60))
    W = Fuser(ends, np.ones(len(ends)), 60).step(Z, cut)
    V = cp.Variable(Z.shape)
    cost = cp.sum_squares(V - Z) / 2 + cp.sum(cp.abs(V @ C.T) @ cut)
    best = cp.Problem(cp.Minimize(cost)).solve(solver="CLARABEL")
    ours = np.sum((W - Z) ** 2) / 2 + np.sum(np.abs(W @ C.T) @ cut)
    assert ours <= best * (1 + 1e-9)


def test_a_row_that_rises_already_is_its_own_isotonic_regression():
    Z = np.sort(RNG.normal(size=(5, 6)), axis=1)
    np.testing.assert_allclose(isotonic(Z), Z, atol=1e-12)
    falling = isotonic(-Z)
    np.testing.assert_allclose(falling, falling.mean(axis=1, keepdims=True) * np.ones(6))


def test_without_edges_or_without_a_price_nothing_moves():
    Z = RNG.normal(size=(3, P))
    np.testing.assert_array_equal(fusion_of(tuple(GRAPHS["star"]), P).step(Z, 0.0), Z)
    np.testing.assert_allclose(fuse_line(Z, np.zeros(P - 1)), Z, atol=1e-15)
    Z = RNG.normal(size=(3, 4))
    np.testing.assert_array_equal(fusion_of((), 4).step(Z, 1.0), Z)


@pytest.mark.parametrize("seed", range(5))
def test_any_graph_with_any_signs_meets_the_conditions_of_the_optimum(seed):
    # forces inside their limits, at the limit where an edge is stretched, and in balance
    rng = np.random.default_rng(seed)
    n = 12
    ends = np.array([pair for pair in combinations(range(n), 2) if rng.random() < 0.4])
    signs = rng.choice([-1.0, 1.0], len(ends))
    C, cut = incidence(n, ends, signs), rng.random(len(ends))
    Z = rng.normal(size=(8, n)) * 2
    W = Fuser(ends, signs, n).step(Z, cut)
    for z, w in zip(Z, W):
        u = cp.Variable(len(ends))
        stretched = np.abs(C @ w) > 1e-12
        fixed = np.sign(C @ w) * cut
        rules = [cp.abs(u) <= cut, u[stretched] == fixed[stretched]]
        left = cp.Problem(cp.Minimize(cp.norm(z - w - C.T @ u, "inf")), rules)
        assert left.solve(solver="CLARABEL") < 1e-7


def test_signs_are_turned_away_where_they_can_be():
    edges = np.array([[0, 1], [1, 2], [0, 2]])
    np.testing.assert_array_equal(turned(edges, np.array([-1.0, -1.0, 1.0]), 3), [1, -1, 1])
    assert turned(edges, np.array([-1.0, 1.0, 1.0]), 3) is None


def test_prices_of_any_size_give_finite_answers():
    ends = np.array(list(combinations(range(6), 2)))
    Z = RNG.normal(size=(3, 6))
    for scale in (1e-12, 1.0, 1e12):
        fuser = Fuser(ends, np.ones(len(ends)), 6)
        cut = scale * np.arange(1.0, len(ends) + 1)
        large, small = fuser.step(Z * scale, cut), fuser.step(Z, cut / scale)
        np.testing.assert_allclose(large, small * scale, rtol=1e-9)
    huge = Fuser(ends, np.ones(len(ends)), 6).step(Z, np.full(len(ends), 1e300))
    np.testing.assert_allclose(huge, Z.mean(axis=1, keepdims=True) * np.ones(6), atol=1e-12)
    constant = Fuser(ends, np.ones(len(ends)), 6).step(np.full((2, 6), 0.1), np.ones(len(ends)))
    np.testing.assert_allclose(constant, 0.1, rtol=1e-15)
