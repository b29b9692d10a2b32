"""Working sets that follow the residuals of tasks with own rows: the iterates of those on Grams."""

import numpy as np
import pytest

from polytask import Tasks
from polytask.linear import L1, L21, BlockDescent, L1Linf, LinearModel, ProximalGradient, Split
from polytask.linear.build import build
from polytask.linear.solvers.grams import OwnGrams
from polytask.linear.solvers.own_residuals import OwnResiduals

PENALTIES = (
    L21(0.1),
    L1(0.05),
    L1Linf(0.3),
    Split(L21(0.2), L1(0.08)),
    Split(L1Linf(0.4), L1(0.1)),
)


def data(order="F", dtype=np.float64, T=4, d=150):
    """Tasks of unlike sizes with weights of labels, and means far from zero."""
    rng, sets = np.random.default_rng(0), {}
    for t in range(T):
        X = rng.normal(size=(20 + 7 * t, d)) * rng.uniform(0.2, 3, d) + 2
        y = X[:, :3].sum(axis=1) + rng.normal(size=len(X)) + t
        sets[f"t{t}"] = (np.array(X, order=order, dtype=dtype), y, rng.integers(1, 4, len(X)))
    return Tasks.stack(sets)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_an_epoch_is_that_on_grams(penalty, fit_intercept, scale):
    problem = build(data(), fit_intercept=fit_intercept, scale=scale)
    price = penalty.in_blocks(problem.n_features)
    assert OwnResiduals.take(problem, price)
    start = np.zeros(problem.shape)
    start[5] = 0.1
    both = OwnResiduals(problem, price), OwnGrams(problem, price)
    for local in both:
        for blocks in (np.arange(3, 9), np.array([0, 30, 1])):
            local.extend(blocks)
        local.start(start, problem.at(start))
        for epoch in range(3):
            local.sweep(zeros=int(epoch < 2))
    ours, other = both
    assert ours.W.any()
    np.testing.assert_allclose(ours.W, other.W, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(ours.correlations(), other.correlations(), rtol=1e-8, atol=1e-9)
    assert ours.loss() == pytest.approx(other.loss(), rel=1e-10)
    W = ours.whole()
    np.testing.assert_allclose(ours.point(W).gradient, problem.at(W).gradient, atol=1e-10)


@pytest.mark.parametrize("penalty", PENALTIES[:1] + PENALTIES[3:4], ids=repr)
def test_fits_end_where_the_proximal_gradient_ends(penalty):
    table = data()
    one = LinearModel(penalty, tol=1e-10).fit(table)
    two = LinearModel(penalty, tol=1e-10, solver=ProximalGradient()).fit(table)
    assert one.solution_.screened > 0 and isinstance(one.solution_.W, np.ndarray)
    np.testing.assert_allclose(one.coef_, two.coef_, atol=1e-5)
    assert one.objective_ == pytest.approx(two.objective_, rel=1e-9)


@pytest.mark.parametrize("order, dtype", [("C", np.float64), ("F", np.float32)])
def test_columns_with_gaps_between_their_numbers_have_grams(order, dtype):
    table = data(order, dtype)
    problem = build(table)
    assert not OwnResiduals.take(problem, L21(0.1).in_blocks(problem.n_features))
    one = LinearModel(L21(0.1), tol=1e-9, solver=BlockDescent()).fit(table)
    two = LinearModel(L21(0.1), tol=1e-9, solver=BlockDescent()).fit(data())
    np.testing.assert_allclose(one.coef_, two.coef_, atol=1e-5)


def test_tasks_with_many_rows_have_grams(monkeypatch):
    from polytask.linear.solvers import own_residuals

    problem = build(data())
    monkeypatch.setattr(own_residuals, "MOST", 30)  # there are 30.5 on the mean
    assert not OwnResiduals.take(problem, L21(0.1).in_blocks(problem.n_features))
