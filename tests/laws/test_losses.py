"""Every loss with every penalty on every shape of data: one optimum, and it is that of the formula.

The objective is written again here, row by row in numpy; a fit is right where it has that value and
its certificate is small, and shapes of the same table are right where they have the same optimum.
"""

import numpy as np
import pytest
from laws.found import classes
from linear import losses
from scipy import sparse
from scipy.special import logsumexp, xlogy

from polytask import Tasks
from polytask.linear import LinearModel, Quadratic
from polytask.linear.build import build
from polytask.linear.penalties import Penalty
from polytask.linear.solvers import automatic

TOL = 1e-8
ROUNDS = 100_000
NAMES = ("a", "b", "c")
PENALTIES = [next(iter(one.examples())) for one in classes(Penalty)]
# where a price levels off an optimum is not one number: tests/linear/penalties/test_concave.py
PENALTIES = [penalty for penalty in PENALTIES if penalty.convex]


def takes(word, penalty):
    """Hinge goes with definite quadratic penalties only."""
    return word != "hinge" or (isinstance(penalty, Quadratic) and penalty.definite)


PAIRS = [(word, penalty) for word in losses.LOSSES for penalty in PENALTIES if takes(word, penalty)]
every = pytest.mark.parametrize(("word", "penalty"), PAIRS, ids=repr)


# -- tables -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables():
    """For every loss inputs ``(n, d)``, labels ``(n, T)`` and integer weights ``(n, T)``."""
    return {word: table(word) for word in losses.LOSSES}


def table(word, n=32, d=4, T=3):
    rng = np.random.default_rng(11)
    # quarters are exact in float32, so that storage changes no number
    X = np.round(4 * rng.normal(size=(n, d))) / 4
    X[rng.random((n, d)) < 0.3] = 0.0
    kind = losses.LOSSES[word][1]
    F = X @ rng.normal(size=(d, T)) / 2 + 0.6 * rng.normal(size=(n, T))
    Y = np.column_stack([losses.labels(kind, f, rng) for f in F.T])
    return X, np.round(4 * Y) / 4, rng.integers(0, 3, (n, T)).astype(float)


def tasks(word, X, Y, **options):
    kind = losses.LOSSES[word][1]
    kinds = dict.fromkeys(options.get("names", NAMES), losses.KINDS.get(kind, kind))
    return Tasks.from_arrays(X, Y, **{"names": NAMES, "kinds": kinds} | options)


def own(word, X, Y, weight):
    """The same labels as separate data sets: rows of its own for every task."""
    kind = losses.LOSSES[word][1]
    sets = {}
    for t, name in enumerate(NAMES):
        times = np.where(np.isnan(Y[:, t]), 0, weight[:, t]).astype(int)
        sets[name] = (np.repeat(X, times, axis=0), np.repeat(Y[:, t], times))
    return Tasks.stack(sets, kinds=dict.fromkeys(NAMES, losses.KINDS.get(kind, kind)))


def holed(Y):
    return np.where(np.random.default_rng(1).random(Y.shape) < 0.2, np.nan, Y)


# -- the independent objective ------------------------------------------------------------------


def loss_of(name, y, F, w, fit):
    """The weighted loss of one task, a row at a time where that is possible."""
    f, s = F[:, 0], 2 * y - 1
    if name == "cox":
        total = -(w * f)[y > 0].sum()
        for time in np.unique(y[(y > 0) & (w > 0)]):
            mass, risk = w[y == time].sum(), np.abs(y) >= time
            total += mass * np.log(np.sum((w * np.exp(f))[risk]) / mass)
        return total
    r = np.abs(y - f)
    rows = {
        "squared": lambda: r**2 / 2,
        "huber": lambda: np.where(r <= 1, r**2 / 2, r - 0.5),
        "logistic": lambda: np.log1p(np.exp(-s * f)),
        "squared_hinge": lambda: np.maximum(0, 1 - s * f) ** 2,
        "hinge": lambda: np.maximum(0, 1 - s * f),
        "multinomial": lambda: logsumexp(F, axis=1) - F[np.arange(len(y)), y.astype(int)],
        "poisson": lambda: np.exp(f) - y * f + xlogy(y, y) - y,
    }
    return w @ rows[name]()


def objective(word, model, X, Y, weight):
    """The printed objective at the coefficients that a model shows."""
    fit, total, start = losses.LOSSES[word][0], 0.0, 0
    for y, w in zip(Y.T, weight.T):
        width = len(model.coef_) // len(NAMES)
        at = slice(start, start + width)
        here, start = (w > 0) & ~np.isnan(y), start + width
        F = X[here] @ model.coef_[at].T + model.intercept_[at]
        total += loss_of(word, y[here], F, w[here], fit) / w[here].sum()
    return total + model.penalty_.value(model.coef_.T)


def fitted(word, penalty, data, **options):
    options = {"tol": TOL, "max_iter": ROUNDS, "datafit": losses.LOSSES[word][0]} | options
    return LinearModel(penalty, **options).fit(data)


def same(one, other):
    """Both prove their optimum to the tolerance, so that values differ by no more."""
    assert one.solution_.converged and other.solution_.converged
    null = other.dual_gap_ / max(other.solution_.relative_gap, 1e-300)
    slack = 2 * TOL * max(null, other.objective_) + 1e-11
    assert one.objective_ == pytest.approx(other.objective_, abs=slack)


# -- the walk -----------------------------------------------------------------------------------


@every
def test_a_fit_has_the_value_of_the_printed_formula_and_proves_it(word, penalty, tables):
    X, Y, weight = tables[word]
    model = fitted(word, penalty, tasks(word, X, holed(Y), weight=weight))
    assert model.solution_.converged
    value = objective(word, model, X, holed(Y), weight)
    assert model.objective_ == pytest.approx(value, rel=1e-9, abs=1e-11)


@every
def test_nothing_near_the_optimum_is_lower(word, penalty, tables):
    X, Y, _ = tables[word]
    ones = np.ones_like(Y)
    model = fitted(word, penalty, tasks(word, X, Y))
    best = objective(word, model, X, Y, ones) - 2 * model.dual_gap_ - 1e-11
    rng, coef, intercept = np.random.default_rng(0), model.coef_, model.intercept_
    for size in (1e-1, 1e-3):
        for _ in range(5):
            model.coef_ = coef + size * rng.normal(size=coef.shape)
            model.intercept_ = intercept + size * rng.normal(size=intercept.shape)
            assert objective(word, model, X, Y, ones) >= best


@every
def test_storage_and_order_of_the_inputs_change_nothing(word, penalty, tables, tmp_path):
    X, Y, _ = tables[word]
    model = fitted(word, penalty, tasks(word, X, Y))
    still = np.array(X)
    still.flags.writeable = False
    mapped = np.memmap(tmp_path / "X", dtype=np.float64, mode="w+", shape=X.shape)
    mapped[:] = X
    forms = (
        np.asfortranarray(X),
        X.astype(np.float32),
        still,
        mapped,
        sparse.csr_array(X),
        sparse.csc_array(X),
    )
    for form in forms:
        same(fitted(word, penalty, tasks(word, form, Y)), model)


@every
def test_a_gap_a_weight_of_nothing_and_an_absent_row_are_one(word, penalty, tables):
    X, Y, _ = tables[word]
    gaps = holed(Y)
    model = fitted(word, penalty, tasks(word, X, gaps))
    weight = np.where(np.isnan(gaps), 0.0, 1.0)
    same(fitted(word, penalty, tasks(word, X, Y, weight=weight)), model)
    same(fitted(word, penalty, own(word, X, gaps, np.ones_like(Y))), model)


@every
def test_an_integer_weight_is_a_repeated_row(word, penalty, tables):
    X, Y, weight = tables[word]
    model = fitted(word, penalty, own(word, X, Y, weight))
    same(fitted(word, penalty, tasks(word, X, Y, weight=weight)), model)


@every
def test_permuting_the_tasks_permutes_the_answer(word, penalty, tables):
    X, Y, _ = tables[word]
    order = [2, 0, 1]
    names = [NAMES[t] for t in order]
    model = fitted(word, penalty, tasks(word, X, Y))
    turned = fitted(word, penalty, tasks(word, X, Y[:, order], names=names))
    same(turned, model)
    if isinstance(penalty, Quadratic) and penalty.definite:
        width = len(model.coef_) // len(NAMES)
        rows = np.concatenate([np.arange(t * width, (t + 1) * width) for t in order])
        np.testing.assert_allclose(turned.coef_, model.coef_[rows], atol=5e-3)


@every
def test_a_warm_start_ends_where_a_cold_one_does(word, penalty, tables):
    X, Y, _ = tables[word]
    fit = losses.LOSSES[word][0]
    problem = build(tasks(word, X, Y), datafit=fit)
    other = build(tasks(word, X, Y[::-1]), datafit=fit)
    bound = penalty.bound(problem.outputs)
    solver = automatic(problem, bound)
    away = solver.solve(other, bound, tol=1e-3, max_iter=ROUNDS).W
    cold = solver.solve(problem, bound, tol=TOL, max_iter=ROUNDS)
    warm = solver.solve(problem, bound, start=away, tol=TOL, max_iter=ROUNDS)
    assert warm.objective == pytest.approx(cold.objective, abs=2 * TOL * problem.null.value + 1e-11)
