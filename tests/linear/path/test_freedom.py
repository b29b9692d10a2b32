"""Degrees of freedom against their definition: how fitted values move with the labels."""

import numpy as np
import pytest

from polytask import Tasks
from polytask.kinds import Binary
from polytask.linear import (
    L1,
    L2,
    L21,
    Clustered,
    ElasticL21,
    ElasticNet,
    GraphFused,
    GroupLasso,
    L1Linf,
    LinearModel,
    LinearPath,
    MeanRegularised,
    NoPenalty,
    PerTask,
    SquaredL21,
    TaskwiseGroupLasso,
    TemporalSmooth,
    TraceNorm,
    Weighted,
)
from polytask.linear.build import build
from polytask.linear.path.freedom import freedom


def table(seed=0, n=16, d=5, T=3, holes=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    X[:, 1] += X[:, 0]
    W = rng.normal(size=(d, T)) * (rng.random((d, 1)) < 0.6)
    Y = X @ W + 0.5 * rng.normal(size=(n, T))
    return X, np.where(rng.random((n, T)) < holes, np.nan, Y)


def moved(model, X, Y, step=1e-5):
    """``sum_it d fitted_it / d y_it`` by central differences, refitting for every label."""
    total = 0.0
    for i, t in np.argwhere(~np.isnan(Y)):
        ends = []
        for sign in (1, -1):
            other = Y.copy()
            other[i, t] += sign * step
            ends.append(model.fit(X, other).predict(X)[i, t])
        total += (ends[0] - ends[1]) / (2 * step)
    return total


KNOWN = [
    L1(0.15),
    L21(0.2),
    ElasticNet(0.2, l1_ratio=0.6),
    ElasticL21(0.2, l1_ratio=0.6),
    L1Linf(0.3),
    GroupLasso(0.2, groups=((0, 1), (2, 4))),
    TaskwiseGroupLasso(0.15, groups=((0, 1), (2, 4))),
    GraphFused(0.15, ratio=0.5),
    L2(0.3),
    MeanRegularised(0.3, ratio=0.5),
    TemporalSmooth(0.3, ratio=0.1),
    Clustered(0.3),
    PerTask(L21(0.2)),
]


@pytest.mark.parametrize("holes", [0.0, 0.25], ids=["whole", "holes"])
@pytest.mark.parametrize("penalty", KNOWN, ids=lambda one: type(one).__name__)
def test_they_are_the_sum_of_what_labels_do_to_their_own_fitted_values(penalty, holes):
    X, Y = table(holes=holes)
    model = LinearModel(penalty, tol=1e-12, fit_intercept=False)
    path = LinearPath.of(model, X, Y, alphas=[penalty.alpha], seconds=second(penalty))
    assert path.why == ""
    assert path.df[0] == pytest.approx(moved(model, X, Y), abs=2e-3)


def second(penalty):
    return None if penalty.second is None else [penalty.get_params()[penalty.second]]


def test_least_squares_has_a_degree_of_freedom_per_coefficient():
    path = LinearPath.of(LinearModel(NoPenalty()), *table())
    assert len(path) == 1
    assert path.df[0] == pytest.approx(15, abs=1e-9)


def test_a_free_intercept_is_one_degree_of_freedom_more_for_every_output():
    X, Y = table()
    model = LinearModel(L21(0.2), tol=1e-12)
    df = LinearPath.of(model, X, Y, alphas=[0.2]).df[0]
    assert df + Y.shape[1] == pytest.approx(moved(model, X, Y), abs=2e-3)


def test_a_scaled_model_counts_in_scaled_inputs():
    X, Y = table()
    model = LinearModel(L21(0.2), tol=1e-12, scale=True, fit_intercept=False)
    df = LinearPath.of(model, X * [1, 5, 1, 0.1, 1], Y, alphas=[0.2]).df[0]
    assert df == pytest.approx(moved(model, X * [1, 5, 1, 0.1, 1], Y), abs=2e-3)


@pytest.mark.parametrize("alpha", [0.6, 1.5])
def test_more_features_than_rows_are_counted_on_those_in_use(alpha):
    X, Y = table(n=12, d=30)
    model = LinearModel(L21(alpha), tol=1e-13, fit_intercept=False)
    path = LinearPath.of(model, X, Y, alphas=[alpha])
    assert (len(path.points[0].rows) > 12) == (alpha == 0.6)
    assert path.df[0] == pytest.approx(moved(model, X, Y), abs=5e-3)


@pytest.mark.parametrize("penalty", [L21(0.2), ElasticL21(0.2), GroupLasso(0.1, groups=((0, 1),))])
def test_a_copy_of_an_input_adds_no_freedom(penalty):
    X, Y = table()
    model = LinearModel(penalty, tol=1e-12, fit_intercept=False)
    twice = np.hstack([X, X[:, :1]])
    df = LinearPath.of(model, twice, Y, alphas=[penalty.alpha], seconds=second(penalty)).df[0]
    assert df == pytest.approx(moved(model, twice, Y), abs=5e-3)


def orthonormal(n, d, seed=3):
    rng = np.random.default_rng(seed)
    return np.sqrt(n) * np.linalg.qr(rng.normal(size=(n, d)))[0], rng


def test_orthonormal_inputs_give_the_formula_of_yuan_and_lin():
    X, rng = orthonormal(40, 6)
    y = X @ [1.0, 0.5, 0.3, 0.0, 0.0, 0.0] + rng.normal(size=40)
    groups, alpha = ((0, 1), (2, 3, 4), (5,)), 0.15
    model = LinearModel(GroupLasso(alpha, groups=groups), tol=1e-13, fit_intercept=False).fit(X, y)
    W, least = model.coef_[0], X.T @ y / 40
    size = [np.linalg.norm(W[list(g)]) for g in groups]
    full = [np.linalg.norm(least[list(g)]) for g in groups]
    paper = sum((s > 0) + s / f * (len(g) - 1) for s, f, g in zip(size, full, groups))
    path = LinearPath.of(model, X, y, alphas=[alpha])
    assert 0 < min(s for s in size if s > 0) < 1
    assert path.df[0] == pytest.approx(paper, abs=1e-6)


def test_the_trace_norm_is_counted_where_inputs_are_orthonormal_and_only_there():
    X, rng = orthonormal(30, 4)
    Y = X @ rng.normal(size=(4, 1)) @ rng.normal(size=(1, 3)) + 0.5 * rng.normal(size=(30, 3))
    model = LinearModel(TraceNorm(0.1), tol=1e-12, fit_intercept=False)
    df = LinearPath.of(model, X, Y, alphas=[0.1]).df[0]
    assert df == pytest.approx(moved(model, X, Y), abs=2e-3)
    path = LinearPath.of(model, *table(), alphas=[0.1])
    assert np.isnan(path.df[0]) and "orthonormal" in path.why


def test_an_unknown_formula_is_said_in_a_sentence():
    path = LinearPath.of(LinearModel(SquaredL21()), *table(), points=3)
    assert np.isnan(path.df).all() and "SquaredL21" in path.why


def test_nothing_in_use_is_nothing_free():
    problem = LinearModel(L21())._problem(Tasks.from_arrays(*table()))
    assert freedom(L21(1e6), problem, np.zeros(problem.shape)) == (0.0, "")


def test_degrees_of_freedom_do_not_depend_on_units():
    X, Y = table()
    f, d = (1.0, 0.5, 2.0, 1.5, 0.8), np.array([2.0, 1.0, 0.5])
    whole = Weighted(L21(0.2), f, tuple(d))
    W = LinearModel(whole, tol=1e-12).fit(X, Y).coef_.T
    found, reason = freedom(whole, build(Tasks.from_arrays(X, Y)), W)
    other = build(Tasks.from_arrays(X / f, Y * d), task_weight=1 / d**2)
    expected, _ = freedom(L21(0.2), other, W * np.outer(f, d))
    assert reason == ""
    assert found == pytest.approx(expected, rel=1e-9)
    mixed = build(
        Tasks.from_arrays(
            X, (Y > 0).astype(float), kinds=dict.fromkeys(("y0", "y1", "y2"), Binary())
        )
    )
    assert "weights of tasks" in freedom(whole, mixed, W)[1]
