"""Features that cost nothing: fitted beside the others as intercepts are, whatever the form."""

import numpy as np
import pytest
from laws.found import classes
from linear import oracle
from linear.penalties.problems import shared
from scipy import sparse
from sklearn.linear_model import Lasso, LogisticRegression

from polytask import Tasks
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Binary
from polytask.linear import (
    L1,
    L2,
    L21,
    MCP,
    ChangeOfUnits,
    FixedStructure,
    GroupLasso,
    Hinge,
    Huber,
    L1Linf,
    L1Lq,
    LinearClassifier,
    LinearModel,
    LinearPath,
    MeanRegularised,
    PerTask,
    Positive,
    ProximalGradient,
    Split,
    SquaredHinge,
    TaskwiseGroupLasso,
    TraceNorm,
    Weighted,
)
from polytask.linear.build import build
from polytask.linear.free import Freed
from polytask.linear.free_part import FreePart
from polytask.linear.gram_part import GramPart
from polytask.linear.penalties import Penalty
from polytask.linear.table_part import TablePart

FREE = (0.0, 1.0, 2.0, 0.0, 0.8)
INSIDE = [next(iter(one.examples())) for one in classes(Penalty)]
INSIDE = [one for one in INSIDE if one.convex and not one.signed]
INSIDE = [one for one in INSIDE if not isinstance(one, (PerTask, Weighted))]


def tables():
    """Tables for every form of a problem, beside the class of the part that is made of them."""
    X, Y = shared(n=60, d=5, T=3)
    rng = np.random.default_rng(0)
    wide = rng.normal(size=(8, 12)), rng.normal(size=(8, 3))
    holes = np.where(rng.random(wide[1].shape) < 0.3, np.nan, wide[1])
    own = {f"t{t}": (rng.normal(size=(7, 40)), rng.normal(size=7)) for t in range(3)}
    yield "one Gram", Tasks.from_arrays(X, Y), GramPart
    yield (
        "own Grams",
        Tasks.from_arrays(X, np.where(rng.random(Y.shape) < 0.3, np.nan, Y)),
        GramPart,
    )
    yield "one table", Tasks.from_arrays(*wide), TablePart
    yield "own tables", Tasks.stack(own), TablePart
    yield "table with holes", Tasks.from_arrays(wide[0], holes), FreePart
    yield "sparse table", Tasks.from_arrays(sparse.csr_array(wide[0]), wide[1]), FreePart
    classes = {f"t{t}": (X, (Y[:, t] > 0).astype(int)) for t in range(3)}
    yield "classes", Tasks.stack(classes, kinds=Binary()), FreePart


def weights(d):
    return FREE + (1.5,) * (d - len(FREE))


# -- against formulas written again -------------------------------------------------------------


@pytest.mark.parametrize("penalty", INSIDE, ids=repr)
def test_every_penalty_with_free_features_agrees_with_cvxpy(penalty):
    sets = oracle.regression()
    kinds = dict.fromkeys(sets, "regression")
    whole = Weighted(penalty, FREE, (2.0, 1.0, 0.6, 1.3))
    expected, _ = oracle.optimum(sets, kinds, whole)
    model = LinearModel(whole, tol=1e-9, max_iter=200_000).fit(oracle.tasks(sets, kinds))
    assert model.solution_.converged
    assert model.objective_ == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize(
    ("word", "penalty"),
    [(w, p) for w in ("binary", "multiclass") for p in (L21(0.05), L2(0.1))]
    + [("binary", L1(0.03)), ("binary", TraceNorm(0.05))],
    ids=repr,
)
def test_losses_of_classes_agree_with_cvxpy(word, penalty):
    sets = getattr(oracle, word)()
    kinds = dict.fromkeys(sets, word)
    whole = Weighted(penalty, {0: 0.0, 3: 2.0}, ((1, 2.5), (0, 0.7)))
    expected, _ = oracle.optimum(sets, kinds, whole)
    model = LinearModel(whole, tol=1e-8, max_iter=200_000).fit(oracle.tasks(sets, kinds))
    assert model.solution_.converged
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


def test_groups_of_weight_zero_agree_with_cvxpy():
    sets = oracle.regression()
    kinds, groups = dict.fromkeys(sets, "regression"), ((0, 3), (1, 2))
    for one in (GroupLasso, TaskwiseGroupLasso):
        for free in ((0.0, 1.2), (1.0, 0.0)):
            penalty = one(0.2, groups, weights=free)
            expected, _ = oracle.optimum(sets, kinds, penalty)
            model = LinearModel(penalty, tol=1e-9).fit(oracle.tasks(sets, kinds))
            assert model.objective_ == pytest.approx(expected, rel=1e-6)
            assert model.coef_[0, list(groups[free.index(0.0)])].any()


def test_one_free_feature_is_the_lasso_of_what_it_leaves():
    # Frisch, Waugh and Lovell by hand, with scikit-learn's solver
    X, Y = shared(n=60, d=6, T=1)
    z = np.column_stack([np.ones(60), X[:, 0]])
    rest = np.eye(60) - z @ np.linalg.pinv(z)
    other = Lasso(0.1, fit_intercept=False, tol=1e-12).fit(rest @ X[:, 1:], rest @ Y[:, 0])
    model = LinearModel(Weighted(L1(0.1), {0: 0.0}), tol=1e-12).fit(X, Y[:, 0])
    np.testing.assert_allclose(model.coef_[0, 1:], other.coef_, atol=1e-7)
    left = Y[:, 0] - X[:, 1:] @ other.coef_
    np.testing.assert_allclose(model.coef_[0, 0], np.linalg.lstsq(z, left)[0][1], atol=1e-7)


# -- every form of the data ---------------------------------------------------------------------


@pytest.mark.parametrize(("name", "data", "form"), list(tables()), ids=lambda v: str(v)[:20])
@pytest.mark.parametrize("options", [{}, {"scale": True}, {"fit_intercept": False}], ids=repr)
def test_a_problem_with_rows_at_their_best_has_its_values_and_slopes(name, data, form, options):
    problem = build(data, **options)
    d, P = problem.shape
    found = Weighted(L21(), weights(d)).rescaled(problem)
    f, _ = Weighted(L21(), weights(d)).units((d, P))
    assert isinstance(found, Freed)
    assert all(isinstance(part, form) for part in found.parts)
    unit, rng = np.where(f == 0, 1.0, f)[:, None], np.random.default_rng(1)
    for _ in range(2):
        U = 0.3 * rng.normal(size=(d, P))
        W = found.whole(U) / unit
        here, there = problem.at(W), found.at(U)
        assert there.value == pytest.approx(here.value, rel=1e-10)
        scale = np.abs(problem.null.gradient).max()
        np.testing.assert_allclose(there.gradient, here.gradient / unit, atol=1e-9 * scale)
        np.testing.assert_allclose(here.gradient[f == 0], 0, atol=1e-9 * scale)
        assert there.dual(0.9) == pytest.approx(here.dual(0.9), rel=1e-8, abs=1e-10)
        # what the free rows were before makes no difference
        other = np.where(f[:, None] == 0, rng.normal(size=U.shape), U)
        assert found.at(other).value == pytest.approx(there.value, rel=1e-10)
        # second derivatives, by differences of slopes
        V = rng.normal(size=U.shape)
        H = np.broadcast_to(found.hessian(U), (P, d, d))
        bend = np.einsum("pij,jp->ip", H, V)
        change = (found.at(U + 1e-5 * V).gradient - found.at(U - 1e-5 * V).gradient) / 2e-5
        np.testing.assert_allclose(bend, change, atol=1e-5 * np.abs(bend).max())


@pytest.mark.parametrize(("name", "data", "form"), list(tables()), ids=lambda v: str(v)[:20])
def test_every_form_is_fitted_as_a_feature_that_is_nearly_free(name, data, form):
    d = data.n_features
    near = tuple(w or 1e-6 for w in weights(d))
    free = LinearModel(Weighted(L21(0.05), weights(d)), tol=1e-9).fit(data)
    nearly = LinearModel(Weighted(L21(0.05), near), tol=1e-6, max_iter=50_000).fit(data)
    assert free.solution_.converged
    assert free.objective_ == pytest.approx(nearly.objective_, rel=1e-4)
    assert free.objective_ <= nearly.objective_ * (1 + 1e-9)


def test_free_features_may_repeat_each_other_or_stand_still():
    X, Y = shared(n=60, d=4, T=2)
    plain = LinearModel(Weighted(L21(0.2), {0: 0.0}), tol=1e-10).fit(X, Y)
    more = np.column_stack([X, 1e6 * X[:, 0], np.full(60, 3.0), X[:, 0]])
    penalty = Weighted(L21(0.2), {0: 0.0, 4: 0.0, 5: 0.0})
    both = LinearModel(penalty, tol=1e-10).fit(more, Y)
    assert both.solution_.converged
    np.testing.assert_allclose(both.predict(more), plain.predict(X), atol=1e-6)
    assert not both.coef_[:, 6].any()  # priced, and explained already


def test_a_free_feature_that_separates_classes_ends_where_nothing_is_left_to_gain():
    X = np.random.default_rng(0).normal(size=(30, 3))
    classes = (X[:, 0] > 0).astype(int)
    model = LinearClassifier(Weighted(L1(0.05), {0: 0.0}), tol=1e-6).fit(X, classes)
    assert model.score(X, classes) == 1
    assert model.objective_ < 1e-6
    assert np.isfinite(model.coef_).all()


def test_losses_that_are_flat_in_places_take_free_features():
    X, Y = shared(n=60, d=5, T=2)
    Y[::7] += 40
    for data, fit in ((Y, Huber()), ((np.median(Y) < Y).astype(int), SquaredHinge())):
        kind = LinearModel if fit.name == "huber" else LinearClassifier
        options = {"datafit": fit, "tol": 1e-8, "max_iter": 100_000}
        free = kind(Weighted(L21(0.05), FREE), **options).fit(X, data)
        near = tuple(w or 1e-5 for w in FREE)
        nearly = kind(Weighted(L21(0.05), near), **options).fit(X, data)
        assert free.solution_.converged
        assert free.objective_ == pytest.approx(nearly.objective_, rel=1e-3)


# -- paths --------------------------------------------------------------------------------------


@pytest.mark.parametrize("inside", [L1(), L21(), L1Linf(), L1Lq(q=3), TraceNorm()], ids=repr)
def test_a_path_begins_where_only_free_features_are_in_use(inside):
    X, Y = shared(n=60, d=5, T=3)
    data = Tasks.from_arrays(X, Y)
    free, priced = [0, 3], [1, 2, 4]
    # independent of the library: the slopes beside least squares on the free ones
    Z = np.column_stack([np.ones(60), X[:, free]])
    left = Y - Z @ np.linalg.lstsq(Z, Y)[0]
    slopes = X.T @ left / 60 / np.array([1, 1, 2.0, 1, 0.8])[:, None]
    penalty = Weighted(inside, FREE)
    top = penalty.along(build(data), points=3)[0].alpha
    assert top == pytest.approx(inside.alpha_max(slopes), rel=1e-5)
    above = LinearModel(penalty.replace(alpha=1.001 * top), tol=1e-10).fit(data)
    assert not above.coef_[:, priced].any()
    np.testing.assert_allclose(above.coef_[:, free].T, np.linalg.lstsq(Z, Y)[0][1:], atol=1e-8)
    below = LinearModel(penalty.replace(alpha=0.99 * top), tol=1e-10).fit(data)
    assert below.coef_[:, priced].any()


def test_a_path_with_free_features_is_its_single_fits_and_counts_their_freedom():
    X, Y = shared(n=60, d=5, T=3)
    path = LinearPath.of(LinearModel(Weighted(L21(), FREE), tol=1e-10), X, Y, points=5)
    assert path.df[0] == pytest.approx(2 * 3)
    for one, point in zip(path.alphas, path.points):
        single = LinearModel(Weighted(L21(one), FREE), tol=1e-10).fit(X, Y)
        np.testing.assert_allclose(point.W.T, single.coef_, atol=1e-6)


def test_groups_of_weight_zero_have_a_path_too():
    X, Y = shared(n=60, d=5, T=3)
    problem = build(Tasks.from_arrays(X, Y))
    groups = ((0, 3), (1,), (2,), (4,))
    by_group = GroupLasso(1.0, groups, weights=(0.0, 1.0, 2.0, 0.8)).along(problem, points=2)
    by_feature = Weighted(L21(), FREE).along(problem, points=2)
    assert [one.alpha for one in by_group] == pytest.approx([one.alpha for one in by_feature])


# -- what is shown, and what is refused ---------------------------------------------------------


def test_free_features_are_in_the_parts_the_mean_and_a_new_task():
    X, Y = shared(n=60, d=5, T=3)
    dirty = LinearModel(Weighted(Split(L21(0.2), L1(0.15)), FREE), tol=1e-8).fit(X, Y)
    np.testing.assert_allclose(dirty.shared_coef_ + dirty.own_coef_, dirty.coef_, atol=1e-12)
    mean = LinearModel(Weighted(MeanRegularised(0.5), FREE), tol=1e-10).fit(X, Y)
    np.testing.assert_allclose(mean.mean_[[0, 3]], mean.coef_.mean(axis=0)[[0, 3]], atol=1e-8)
    rows = LinearModel(Weighted(L21(0.3), FREE), tol=1e-10).fit(X, Y)
    new = rows.adapt(X[:30], Y[:30, 0])
    left = Y[:30, 0] - new.predict(X[:30])
    np.testing.assert_allclose(X[:30, [0, 3]].T @ left, 0, atol=1e-6)
    trace = LinearModel(Weighted(TraceNorm(0.1), FREE), tol=1e-10).fit(X, Y)
    assert not trace.features_[[0, 3]].any()


def test_an_intercept_of_weight_zero_is_a_free_one():
    X, Y = shared(n=60, d=4, T=3)
    plain = LinearModel(L21(0.2), tol=1e-11).fit(X, Y)
    priced = LinearModel(Weighted(L21(0.2), {4: 0.0}), fit_intercept="penalised", tol=1e-11)
    np.testing.assert_allclose(priced.fit(X, Y).coef_, plain.coef_, atol=1e-6)
    np.testing.assert_allclose(priced.intercept_, plain.intercept_, atol=1e-6)


def test_all_features_free_is_no_penalty():
    X, Y = shared(n=60, d=3, T=2)
    free = LinearModel(Weighted(L21(5.0), (0.0,) * 3)).fit(X, Y)
    Z = np.column_stack([np.ones(60), X])
    np.testing.assert_allclose(free.coef_.T, np.linalg.lstsq(Z, Y)[0][1:], atol=1e-8)
    classes = (Y[:, 0] > 0.5).astype(int)
    model = LinearClassifier(Weighted(L1(5.0), (0.0,) * 3)).fit(X, classes)
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X, classes)
    np.testing.assert_allclose(model.coef_, other.coef_, rtol=1e-4)


def test_penalties_that_are_not_convex_take_free_features():
    X, Y = shared(n=60, d=5, T=3)
    model = LinearModel(Weighted(MCP(0.3), {0: 0.0}), scale=True, max_iter=50_000).fit(X, Y)
    left = Y - model.predict(X)
    np.testing.assert_allclose(X[:, 0] @ left / 60, 0, atol=1e-8)


def test_a_solver_by_name_is_asked_for_inside_the_change_of_units():
    X, Y = shared(n=60, d=5, T=3)
    penalty = Weighted(L21(0.2), FREE)
    with pytest.raises(UnsupportedError, match=r"Take ChangeOfUnits\(ProximalGradient\(\)\)"):
        LinearModel(penalty, solver=ProximalGradient()).fit(X, Y)
    steps = LinearModel(penalty, solver=ChangeOfUnits(ProximalGradient()), tol=1e-10).fit(X, Y)
    best = LinearModel(penalty, tol=1e-10).fit(X, Y)
    assert steps.objective_ == pytest.approx(best.objective_, rel=1e-8)


@pytest.mark.parametrize(
    "around", [lambda one: Split(one, L1(0.1)), Positive], ids=["split", "pos"]
)
def test_free_features_inside_other_penalties_are_refused_by_name(around):
    for inside in (Weighted(L21(0.1), FREE), GroupLasso(0.1, ((0,),), weights=(0.0,))):
        with pytest.raises(UnsupportedError, match=r"Weigh outside: Weighted"):
            around(inside)


def test_what_cannot_take_features_out_says_so():
    with pytest.raises(UnsupportedError, match="FixedStructure ties features"):
        Weighted(FixedStructure(0.1, structure=((1.0, 1.0),)), {0: 0.0})
    X, Y = shared(n=60, d=5, T=3)
    with pytest.raises(UnsupportedError, match=r"needs a price on every feature"):
        LinearClassifier(Weighted(L2(0.1), FREE), datafit=Hinge()).fit(X, (Y > 0).astype(int))
    with pytest.raises(ParameterError, match="0 or more"):
        GroupLasso(0.1, ((0,),), weights=(-1.0,))


@pytest.mark.parametrize("penalty", INSIDE, ids=repr)
def test_a_row_at_zero_never_costs_more(penalty):
    # what lets the other rows be solved as if the free ones were not there
    X, Y = shared(n=20, d=5, T=4)
    bound = penalty.bound(build(Tasks.from_arrays(X, Y)).outputs)
    for seed in range(5):
        W = np.random.default_rng(seed).normal(size=(5, 4))
        W = np.abs(W) if isinstance(penalty, Positive) else W
        without = W.copy()
        without[seed] = 0
        assert bound.value(without) <= bound.value(W) * (1 + 1e-9)
