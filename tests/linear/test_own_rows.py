import numpy as np
import pytest

from polytask import Tasks
from polytask.linear import L2, LinearModel, TraceNorm
from polytask.linear.build import build
from polytask.linear.own_rows import OwnRows
from polytask.linear.problem import Sum


def tables(rng, T=4, d=120):
    """Tasks with fewer rows than features, weights, and a scale per column."""
    sets = {}
    for t in range(T):
        X = rng.normal(size=(40 + 9 * t, d)) * rng.uniform(0.1, 3, d) + rng.normal(size=d)
        sets[f"t{t}"] = (X, X[:, :3].sum(axis=1) + rng.normal(size=len(X)) + t)
    return sets


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_one_pass_gives_what_the_tables_give_one_by_one(fit_intercept, scale):
    rng = np.random.default_rng(0)
    data = Tasks.stack(tables(rng))
    problem = build(data, fit_intercept=fit_intercept, scale=scale)
    assert OwnRows.take(problem.parts)
    W = rng.normal(size=problem.shape)
    found = problem.at(W)
    expected = Sum([(p.columns, p.at(W[:, p.columns])) for p in problem.parts], W.shape)
    np.testing.assert_allclose(found.gradient, expected.gradient, rtol=1e-10, atol=1e-10)
    assert found.value == pytest.approx(expected.value, rel=1e-12)
    assert found.sums == pytest.approx(expected.sums, rel=1e-12)
    assert found.dual(0.3) == pytest.approx(expected.dual(0.3), rel=1e-12)


def test_weights_are_those_of_repeated_rows():
    rng = np.random.default_rng(1)
    sets = tables(rng, T=2)
    weight = {name: rng.integers(0, 3, len(y)) for name, (_, y) in sets.items()}
    repeated = {
        name: (np.repeat(X, weight[name], axis=0), np.repeat(y, weight[name]))
        for name, (X, y) in sets.items()
    }
    X = np.concatenate([X for X, _ in sets.values()])
    y = np.concatenate([y for _, y in sets.values()])
    tasks = np.repeat(list(sets), [len(y) for _, y in sets.values()])
    weights = np.concatenate(list(weight.values()))
    one = LinearModel(TraceNorm(0.3), tol=1e-10).fit(X, y, tasks=tasks, sample_weight=weights)
    two = LinearModel(TraceNorm(0.3), tol=1e-10).fit(Tasks.stack(repeated))
    assert one.objective_ == pytest.approx(two.objective_, rel=1e-8)
    np.testing.assert_allclose(one.coef_, two.coef_, atol=1e-4)


def test_statistics_and_rows_end_at_the_same_optimum():
    rng = np.random.default_rng(2)
    sets = tables(rng, T=3)
    many = {name: (np.tile(X, (4, 1)), np.tile(y, 4)) for name, (X, y) in sets.items()}
    model = LinearModel(TraceNorm(0.5), tol=1e-10)
    rows, grams = model.fit(Tasks.stack(sets)), LinearModel(TraceNorm(0.5), tol=1e-10)
    grams.fit(Tasks.stack(many))
    assert rows.objective_ == pytest.approx(grams.objective_, rel=1e-8)


def test_quadratic_penalties_are_solved_from_rows_too():
    rng = np.random.default_rng(3)
    sets = tables(rng, T=2)
    model = LinearModel(L2(0.5), tol=1e-12).fit(Tasks.stack(sets))
    X, y = sets["t1"]
    Z, n = X - X.mean(axis=0), len(y)
    expected = np.linalg.solve(Z.T @ Z / n + 0.5 * np.eye(Z.shape[1]), Z.T @ (y - y.mean()) / n)
    np.testing.assert_allclose(model.coef_[1], expected, rtol=1e-8, atol=1e-10)
