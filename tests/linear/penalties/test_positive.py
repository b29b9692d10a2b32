"""Coefficients at zero or above: equal to scikit-learn's, cvxpy's, and to a bound by hand."""

import cvxpy as cp
import numpy as np
import pytest
from linear import oracle
from sklearn.linear_model import ElasticNet as TheirNet
from sklearn.linear_model import Lasso, Ridge

from polytask.errors import ParameterError, UnsupportedError
from polytask.linear import (
    L1,
    L2,
    L21,
    MCP,
    ElasticL21,
    ElasticNet,
    GraphFused,
    GroupLasso,
    L1Linf,
    L1Lq,
    LinearModel,
    MeanRegularised,
    Positive,
    Split,
    SquaredL21,
    TaskwiseGroupLasso,
    TraceNorm,
    TreeGuided,
    Weighted,
)
from polytask.linear.penalties import ColumnL2

F = (1.0, 0.5, 2.0, 1.5, 0.8)
SIX = (*F, 1.0)
TAKEN = [
    L1(0.2),
    L2(0.3),
    L21(0.2),
    L1Linf(0.3),
    L1Lq(0.3, q=3),
    SquaredL21(0.2),
    ElasticNet(0.3, 0.5),
    ElasticL21(0.3, 0.5),
    GroupLasso(0.2, ((0, 1), (2, 3))),
    TaskwiseGroupLasso(0.2, ((0, 1), (2, 3))),
    ColumnL2(0.4),
    TreeGuided(0.3, tree=((0, 1), (0, 1, 2, 3)), separate=(0.4, 0.7)),
    Weighted(L21(0.2), F),
    Weighted(L21(0.2), F, (2.0, 1.0, 0.5, 1.0)),
]
each = pytest.mark.parametrize("penalty", TAKEN, ids=repr)


def table(seed=0, n=80, d=6, T=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X @ rng.normal(size=(d, T)) + rng.normal(size=(n, T)) + 3


@each
def test_the_fit_agrees_with_cvxpy(penalty):
    sets = oracle.regression()
    kinds = dict.fromkeys(sets, "regression")
    expected, W = oracle.optimum(sets, kinds, Positive(penalty))
    model = LinearModel(Positive(penalty), tol=1e-9, max_iter=200_000)
    model.fit(oracle.tasks(sets, kinds))
    assert model.solution_.converged
    assert model.objective_ == pytest.approx(expected, rel=2e-6)
    assert model.coef_.min() == 0
    assert W.min() < 1e-4


@each
def test_the_step_agrees_with_cvxpy(penalty):
    W = np.random.default_rng(0).normal(size=(5, 4)) * 2
    V = cp.Variable(W.shape, nonneg=True)
    cost = cp.sum_squares(V - W) / 2 + 0.7 * oracle.price(V, penalty)
    best = cp.Problem(cp.Minimize(cost)).solve(solver="CLARABEL")
    found = Positive(penalty).prox(W, 0.7)
    # the oracle's coefficients have four digits, its cost eight
    np.testing.assert_allclose(found, V.value, atol=2e-4)
    V.value = found
    assert cost.value <= best * (1 + 1e-9)


def test_it_is_positive_true_of_scikit_learn():
    X, Y = table()
    tight = {"tol": 1e-12, "max_iter": 100_000, "positive": True}
    for ours, theirs in (
        (L1(0.2), lambda: Lasso(alpha=0.2, **tight)),
        (ElasticNet(0.2, 0.4), lambda: TheirNet(alpha=0.2, l1_ratio=0.4, **tight)),
        (L2(0.2), lambda: Ridge(alpha=0.2 * len(X), positive=True, tol=1e-12, max_iter=100_000)),
    ):
        found = LinearModel(Positive(ours), tol=1e-11, max_iter=100_000).fit(X, Y)
        for t in range(3):
            expected = theirs().fit(X, Y[:, t])
            np.testing.assert_allclose(found.coef_[t], expected.coef_, atol=1e-5)
            assert found.intercept_[t] == pytest.approx(expected.intercept_, abs=1e-5)


def test_where_nothing_would_be_negative_the_bound_changes_nothing():
    X, _ = table()
    X = np.abs(X)
    Y = X @ np.random.default_rng(1).uniform(1, 2, (6, 3))
    free = LinearModel(L21(0.05), tol=1e-11).fit(X, Y)
    held = LinearModel(Positive(L21(0.05)), tol=1e-11, max_iter=100_000).fit(X, Y)
    assert free.coef_.min() > 0
    np.testing.assert_allclose(held.coef_, free.coef_, atol=1e-4)


def test_classes_and_weights_outside_take_it_too():
    X, Y = table()
    model = LinearModel(Positive(L1(0.02)), tol=1e-8).fit(X, (Y > 3).astype(float))
    assert model.coef_.min() >= 0
    inside = LinearModel(Positive(Weighted(L21(0.1), SIX)), tol=1e-10).fit(X, Y)
    outside = LinearModel(Weighted(Positive(L21(0.1)), SIX), tol=1e-10).fit(X, Y)
    np.testing.assert_array_equal(inside.coef_, outside.coef_)
    scaled = LinearModel(Positive(L21(0.1)), tol=1e-10, max_iter=50_000).fit(X / SIX, Y)
    np.testing.assert_allclose(inside.coef_, scaled.coef_ / SIX, atol=1e-5)


@pytest.mark.parametrize(
    "penalty", [TraceNorm(), GraphFused(), MeanRegularised(), MCP(), Split(L21(), L1())], ids=repr
)
def test_a_penalty_that_looks_at_signs_is_refused_by_name(penalty):
    with pytest.raises(UnsupportedError, match=f"Found {type(penalty).__name__}"):
        Positive(penalty)


def test_a_strength_of_zero_is_refused_with_what_to_do():
    with pytest.raises(ParameterError, match="Positive needs L1 with alpha > 0"):
        LinearModel(Positive(L1(0.0))).fit(*table())


def test_the_strongest_useful_strength_looks_at_one_side_only():
    G = np.array([[-1.0, 5.0], [2.0, -3.0]])
    assert Positive(L1()).alpha_max(G) == 3.0
    assert L1().alpha_max(G) == 5.0
    assert Positive(L21()).value(np.array([[-1e-9]])) == np.inf
