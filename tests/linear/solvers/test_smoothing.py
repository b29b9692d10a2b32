"""The smooth form of fused coefficients: near the optimum, never fused, and finished exactly."""

from itertools import combinations

import cvxpy as cp
import numpy as np
import pytest

from polytask import Tasks
from polytask.errors import ParameterError, UnsupportedError
from polytask.linear import L1, Direct, GraphFused, LinearModel, ProximalGradient, Smoothing
from polytask.linear.build import build
from polytask.linear.solvers.smoothing import Graph

EDGES = tuple(combinations(range(6), 2))  # 15, and one of them the other way round
EDGES = ((0, 1, -1.0), *EDGES[1:])


def table(seed=0, n=60, d=15, T=6):
    rng = np.random.default_rng(seed)
    X, W = rng.normal(size=(n, d)), np.zeros((d, T))
    W[:4] = rng.choice([-1.0, 1.0], (4, 1))
    W[:, 0] *= -1
    return X, X @ W + rng.normal(size=(n, T))


def best(X, Y, penalty):
    """The optimal value of the plain mean loss without intercepts."""
    W = cp.Variable((X.shape[1], Y.shape[1]))
    price = cp.sum(cp.abs(W))
    for a, b, *r in penalty.edges:
        r = r[0] if r else 1.0
        price += penalty.ratio * cp.sum(cp.abs(W[:, a] - np.sign(r) * W[:, b])) * abs(r)
    cost = cp.sum_squares(Y - X @ W) / (2 * len(X)) + penalty.alpha * price
    return cp.Problem(cp.Minimize(cost)).solve(solver="CLARABEL")


def quiet(solver, penalty, X, Y, tol=1e-2):
    model = LinearModel(penalty, solver=solver, fit_intercept=False, tol=tol)
    return model.fit(X, Y)


@pytest.mark.parametrize("alpha", [0.02, 0.1])
def test_a_narrow_smoothing_is_near_and_the_exact_finish_is_there(alpha):
    X, Y = table()
    penalty = GraphFused(alpha, 0.3, edges=EDGES)
    optimum = best(X, Y, penalty)
    smooth = quiet(Smoothing(1e-3, finish=None), penalty, X, Y)
    assert optimum * (1 - 1e-7) <= smooth.objective_ <= optimum * (1 + 2e-4)
    exact = quiet(Smoothing(1e-3), penalty, X, Y, tol=1e-9)
    assert exact.objective_ == pytest.approx(optimum, rel=1e-6)
    steps = quiet("auto", penalty, X, Y, tol=1e-9)
    assert steps.objective_ == pytest.approx(optimum, rel=1e-6)
    np.testing.assert_allclose(exact.coef_, steps.coef_, atol=1e-4)


def test_smooth_coefficients_are_near_each_other_and_fused_ones_are_equal():
    X, Y = table()
    penalty = GraphFused(0.1, 0.3, edges=EDGES[5:])  # among tasks 1 to 5
    pairs = np.array([edge[:2] for edge in penalty.edges])
    exact = quiet("auto", penalty, X, Y, tol=1e-10).coef_
    smooth = quiet(Smoothing(1e-3, finish=None), penalty, X, Y).coef_
    fused = (exact[pairs[:, 0]] == exact[pairs[:, 1]]) & (exact[pairs[:, 0]] != 0)
    near = np.abs(smooth[pairs[:, 0]] - smooth[pairs[:, 1]])[fused]
    assert len(near) > 20
    assert np.mean(near == 0) < 0.1
    assert near.max() < 0.01


@pytest.mark.filterwarnings("ignore:Not converged")
def test_a_wide_smoothing_is_worse():
    X, Y = table()
    penalty = GraphFused(0.05, 0.5, edges=EDGES)
    found = [
        quiet(Smoothing(width, finish=None), penalty, X, Y, tol=1e-9).objective_
        for width in (1.0, 1e-1, 1e-2, 1e-3)
    ]
    assert np.all(np.diff(found) < 0)


def test_the_smooth_price_has_the_derivative_that_is_used_and_its_bound():
    penalty = GraphFused(0.5, 0.7, edges=EDGES)
    graph, width = Graph(penalty, 6), 0.3

    def price(W):
        size = np.abs(W @ graph.C.T)
        return np.sum(graph.price * np.where(size < width, size**2 / (2 * width), size - width / 2))

    W, U = np.random.default_rng(0).normal(size=(2, 4, 6))
    small = 1e-6
    slope = (price(W + small * U) - price(W - small * U)) / (2 * small)
    assert slope == pytest.approx(np.sum(graph.gradient(W, width) * U), rel=1e-7)
    bend = np.linalg.eigvalsh(graph.C.T @ (graph.price[:, None] * graph.C))[-1]
    assert bend <= graph.norm <= 2.5 * bend


def test_a_hundred_tasks_are_solved_in_both_ways():
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(150, 20)), np.zeros((20, 100))
    for block in range(25):
        W[rng.choice(20, 3), 4 * block : 4 * block + 4] = 1
    Y = X @ W + rng.normal(size=(150, 100))
    close = {(a, b) for a, b in combinations(range(100), 2) if a // 4 == b // 4}
    far = {(a, b) for a, b in combinations(range(100), 2) if rng.random() < 0.02}
    penalty = GraphFused(0.05, 0.5, edges=tuple(sorted(close | far)))
    exact = quiet("auto", penalty, X, Y, tol=1e-8)
    smooth = quiet(Smoothing(1e-3), penalty, X, Y, tol=1e-8)
    assert exact.solution_.converged
    assert smooth.objective_ == pytest.approx(exact.objective_, rel=1e-7)
    fused = np.array([exact.coef_[a] == exact.coef_[b] for a, b in sorted(close)])
    assert fused.mean() > 0.5


def test_what_it_does_not_take_it_refuses():
    problem = build(Tasks.from_arrays(*table()))
    assert "takes GraphFused" in Smoothing().refuses(problem, L1(0.1))
    with pytest.raises(UnsupportedError, match="finishes with Direct"):
        quiet(Smoothing(finish=Direct()), GraphFused(0.1, edges=EDGES), *table())
    with pytest.raises(ParameterError, match="positive width"):
        Smoothing(0.0)
    with pytest.raises(ParameterError, match="a solver, or None"):
        Smoothing(finish="exact")
    assert Smoothing().replace(finish__every=3).finish == ProximalGradient(every=3)
