"""Bounds that spare gradients: what they exclude is zero, and they change no answer."""

import numpy as np
import pytest
from sklearn.linear_model import MultiTaskLasso

from polytask import Tasks
from polytask.linear import (
    L1,
    L21,
    BlockDescent,
    ElasticL21,
    ElasticNet,
    GroupLasso,
    L1Linf,
    LinearModel,
    Split,
    TaskwiseGroupLasso,
)
from polytask.linear.build import build
from polytask.linear.penalties.blocks import Blocks
from polytask.linear.solution import Progress
from polytask.linear.solvers import watched
from polytask.linear.solvers.restricted import restricted
from polytask.linear.solvers.watched import Watched

D, T = 300, 3
GROUPS = tuple(tuple(range(start, start + 3)) for start in range(0, 60, 3))
PENALTIES = {
    "L21": L21(),
    "L1": L1(),
    "L1Linf": L1Linf(),
    "ElasticL21": ElasticL21(l1_ratio=0.8),
    "ElasticNet": ElasticNet(l1_ratio=0.8),
    "GroupLasso": GroupLasso(groups=GROUPS),
    "TaskwiseGroupLasso": TaskwiseGroupLasso(groups=GROUPS),
    "Split of L21 and L1": Split(L21(1.0), L1(0.7)),
    "Split of L1 and L1Linf": Split(L1(0.5), L1Linf(1.0)),
}
penalties = pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)
FORMS = {
    "plain": {},
    "no intercept": {"fit_intercept": False},
    "scaled": {"scale": True},
    "weighted": {"weight": np.arange(40) % 4 / 3.0},
    "float32": {"dtype": np.float32},
    "by rows": {"order": "C"},
    "far means": {"mean": 30.0},
}
forms = pytest.mark.parametrize("form", FORMS)


def table(form):
    """A table of which few columns matter, and what its problem is built with."""
    options = dict(FORMS[form])
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, D)) * rng.uniform(0.5, 2, D) + options.pop("mean", 1.0)
    W = np.zeros((D, T))
    W[:4] = rng.normal(size=(4, T))
    Y = (X - X.mean(axis=0)) @ W + 0.3 * rng.normal(size=(40, T)) + 2
    X = np.array(X, dtype=options.pop("dtype", float), order=options.pop("order", "F"))
    return Tasks.from_arrays(X, Y), options


def problem_of(form):
    data, options = table(form)
    weight = options.pop("weight", 1.0)
    problem = build(data, **options)
    (part,) = problem.parts
    part.A = part.A * np.broadcast_to(weight, 40)[:, None]
    return problem


def strength(problem, penalty, share):
    return penalty.replace(alpha=share * penalty.alpha_max(problem.null.gradient))


def watching(problem, price):
    """A `Watched` that has its norms, and knows the slopes at W = 0."""
    found = Watched(problem, price, restricted(problem, price))
    assert found.applies
    problem.reading.solves = watched.PATIENCE
    found.look(problem.null)
    return found


@forms
@penalties
def test_what_is_excluded_is_zero_in_the_solution(penalty, form):
    problem = problem_of(form)
    one = strength(problem, penalty, 0.6)
    best = BlockDescent().solve(problem_of(form), one, tol=1e-12)
    price = one.in_blocks(D)
    watch, progress, counts = watching(problem, price), Progress(problem, one, tol=0), []
    for tol in (1e-1, 1e-2, 1e-4, 1e-9):
        rough = BlockDescent().solve(problem_of(form), one, tol=tol)
        watch.check(progress, rough.W, watch.look(problem._at(rough.W)))
        assert not best.W[price.members(np.flatnonzero(watch.out))].any()
        counts.append(watch.excluded)
    assert np.all(np.diff(counts) >= 0) and counts[-1] >= 0.8 * D


@forms
@penalties
def test_slopes_that_are_not_read_stay_below_their_cuts(penalty, form):
    problem = problem_of(form)
    near, one = strength(problem, penalty, 0.7), strength(problem, penalty, 0.65)
    price = one.in_blocks(D)
    watch = watching(problem, price)
    first = problem._at(BlockDescent().solve(problem_of(form), near, tol=1e-9).W)
    assert first.gradient.any() and watch.look(first) is first
    W = BlockDescent().solve(problem_of(form), one, tol=1e-9).W
    point = problem._at(W)
    bound = problem.reading.bound(price, point)
    seen, true = watch.look(point), problem_of(form)._at(W).gradient
    assert np.all(price.dual(true) <= bound)
    read = price.used(seen.mask) if seen is not point else np.ones(len(price), dtype=bool)
    np.testing.assert_allclose(price.dual(seen.gradient)[read], price.dual(true)[read], rtol=1e-6)
    assert np.all(price.dual(true)[~read] < watched.NEAR * price.cut[~read])


@forms
@penalties
def test_paths_with_and_without_bounds_are_one(penalty, form, monkeypatch):
    shares = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
    runs = []
    for patience in (watched.PATIENCE, 10**9):
        monkeypatch.setattr(watched, "PATIENCE", patience)
        problem, W, found = problem_of(form), np.zeros((D, T)), []
        for share in shares:
            one = strength(problem, penalty, share)
            found.append(BlockDescent(first=8).solve(problem, one, start=W, tol=1e-9))
            W = found[-1].W
        runs.append(found)
    with_bounds, without = runs
    null = problem.null.value
    for share, one, other in zip(shares, with_bounds, without, strict=True):
        price = strength(problem, penalty, share).in_blocks(D)
        assert one.converged and other.excluded == 0
        assert one.excluded <= D - np.count_nonzero(one.W.any(axis=1))
        assert abs(one.objective - other.objective) <= 1.1e-9 * null
        value = problem._at(one.W).value + price.value(one.W)
        assert one.objective == pytest.approx(value, rel=1e-9)
    assert max(one.excluded for one in with_bounds) >= 0.8 * D


@penalties
def test_no_residuals_of_length_one_exceed_the_reach(penalty):
    rng = np.random.default_rng(1)
    Z, price = rng.normal(size=(6, D)), penalty.replace(alpha=0.3).in_blocks(D)
    reach = price.reach(np.einsum("ij,ij->j", Z, Z), T)
    along = np.repeat(Z[:, :1], T, axis=1)
    for R in (*rng.normal(size=(200, 6, T)), along, along * [1, 0, 0]):
        assert np.all(price.dual(Z.T @ R) <= reach * np.linalg.norm(R) * (1 + 1e-12))


def test_a_path_that_excludes_gives_the_coefficients_of_scikit_learn():
    data, _ = table("plain")
    alphas = np.geomspace(1.5, 0.3, 8)
    fitted = list(LinearModel(tol=1e-12).fit_path(data, [{"penalty": L21(a)} for a in alphas]))
    X, Y = np.asarray(data.X), np.asarray(data.Y)
    for alpha, one in zip(alphas, fitted, strict=True):
        want = MultiTaskLasso(alpha=alpha, tol=1e-10, max_iter=100_000).fit(X, Y)
        np.testing.assert_allclose(one.coef_, want.coef_, atol=1e-5)
    assert max(one.solution_.excluded for one in fitted) > 0


def excluded_beyond_the_optimum(penalty, form):
    """Whether a point that overshoots, where slopes of the support fall, excludes some of it."""
    one = strength(problem_of(form), penalty, 0.6)
    best = BlockDescent().solve(problem_of(form), one, tol=1e-12).W
    price = one.in_blocks(D)
    for overshoot in (1.05, 1.2, 1.5, 2.0):
        problem = problem_of(form)
        watch, progress = watching(problem, price), Progress(problem, one, tol=0)
        W = overshoot * best
        watch.check(progress, W, watch.look(problem._at(W)))
        if best[price.members(np.flatnonzero(watch.out))].any():
            return True
    return False


@penalties
def test_a_point_that_overshoots_excludes_nothing_of_the_support(penalty):
    assert not excluded_beyond_the_optimum(penalty, "plain")


def test_a_sphere_of_a_fifth_of_the_radius_would_exclude_the_support(monkeypatch):
    true = Blocks.reach
    monkeypatch.setattr(Blocks, "reach", lambda self, *norms: 0.2 * true(self, *norms))
    assert excluded_beyond_the_optimum(PENALTIES["L21"], "plain")
