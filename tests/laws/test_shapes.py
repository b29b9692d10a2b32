"""What a linear model obeys with every penalty, whatever the shape in which its data come.

The laws of weights, gaps and absent rows, of frames and of permuted tasks are in test_models.py,
over all models.
"""

from dataclasses import replace

import numpy as np
import pytest
from laws.found import classes
from scipy import sparse

from polytask import Tasks
from polytask.linear import LinearModel, Moments, Penalty

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

PENALTIES = [next(iter(one.examples())) for one in classes(Penalty)]
penalties = pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
N, D, T = 48, 5, 3
NAMES = ("a", "b", "c")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, D)) * np.linspace(0.5, 2, D) + 1
Y = X @ RNG.normal(size=(D, T)) + 0.5 * RNG.normal(size=(N, T)) + 2
HOLES = np.where(RNG.random(Y.shape) < 0.25, np.nan, Y)
MOVE = np.array([10, -3, 0])
OWN = np.arange(N) % T  # which task a row belongs to, where rows belong to one each


def fitted(penalty, *data, fit_intercept=True, **weights):
    """A fit to an accuracy at which the answers of two forms can be told apart."""
    limit = 20_000 if penalty.convex else 3000
    model = LinearModel(penalty, fit_intercept=fit_intercept, tol=1e-10, max_iter=limit)
    return model.fit(*data, **weights)


def same(a, b, tol=1e-5):
    """Equal objectives; equal coefficients, to the root of the gap."""
    assert a.objective_ == pytest.approx(b.objective_, rel=1e-7)
    np.testing.assert_allclose(a.coef_, b.coef_, atol=tol * max(1, np.abs(b.coef_).max()))


@pytest.fixture(scope="module")
def of_holes():
    """The fits on the table with gaps, one per penalty."""
    return {penalty: fitted(penalty, wide(HOLES)) for penalty in PENALTIES}


def wide(labels, inputs=X):
    return Tasks.from_arrays(inputs, labels, names=NAMES)


@penalties
def test_matrix_sets_and_long_form_agree_where_rows_belong_to_one_task_each(penalty):
    labels = np.full((N, T), np.nan)
    labels[np.arange(N), OWN] = Y[np.arange(N), OWN]
    matrix = fitted(penalty, wide(labels))
    sets = {name: (X[t == OWN], Y[t == OWN, t]) for t, name in enumerate(NAMES)}
    same(fitted(penalty, Tasks.stack(sets)), matrix)
    names = np.asarray(NAMES)[OWN]
    same(fitted(penalty, X, Y[np.arange(N), OWN], tasks=names), matrix)


@penalties
@pytest.mark.parametrize("labels", [Y, HOLES], ids=["shared", "holes"])
def test_matrix_and_long_form_agree_where_rows_are_shared(penalty, labels):
    # without a row key every line of the long form is a row of its own
    rows, tasks = np.nonzero(~np.isnan(labels))
    long = fitted(penalty, X[rows], labels[rows, tasks], tasks=np.asarray(NAMES)[tasks])
    same(long, fitted(penalty, wide(labels)))


@penalties
def test_a_gap_a_weight_of_zero_and_an_absent_row_are_the_same(penalty, of_holes):
    weight = np.where(np.isnan(HOLES), 0.0, 1.0)
    same(fitted(penalty, Tasks.from_arrays(X, Y, names=NAMES, weight=weight)), of_holes[penalty])
    gone = HOLES.copy()
    gone[:6] = np.nan
    same(fitted(penalty, wide(gone)), fitted(penalty, wide(HOLES[6:], X[6:])))


@penalties
def test_an_integer_weight_is_a_repeated_row_also_per_task(penalty):
    times = RNG.integers(1, 4, (N, T))
    rows = [np.repeat(np.arange(N), times[:, t]) for t in range(T)]
    weighed = fitted(penalty, Tasks.from_arrays(X, Y, names=NAMES, weight=times))
    sets = {name: (X[rows[t]], Y[rows[t], t]) for t, name in enumerate(NAMES)}
    same(weighed, fitted(penalty, Tasks.stack(sets)))


@penalties
def test_centring_by_hand_is_an_intercept(penalty):
    a = fitted(penalty, wide(Y))
    b = fitted(penalty, wide(Y - Y.mean(0), X - X.mean(0)), fit_intercept=False)
    same(b, a)
    np.testing.assert_allclose(a.intercept_, Y.mean(0) - a.coef_ @ X.mean(0), atol=1e-8)


@penalties
def test_moving_inputs_or_labels_moves_the_intercept_only(penalty, of_holes):
    moved = fitted(penalty, wide(HOLES + MOVE, X + np.arange(D)))
    np.testing.assert_allclose(moved.coef_, of_holes[penalty].coef_, atol=1e-5)
    outputs = moved.predict(X + np.arange(D)) - MOVE
    np.testing.assert_allclose(outputs, of_holes[penalty].predict(X), atol=1e-4)


@penalties
def test_permuting_features_permutes_the_answer(penalty, of_holes):
    order = np.array([3, 0, 4, 1, 2])
    other = fitted(by_new_positions(penalty, np.argsort(order)), wide(HOLES, X[:, order]))
    assert other.objective_ == pytest.approx(of_holes[penalty].objective_, rel=1e-6)
    np.testing.assert_allclose(other.coef_, of_holes[penalty].coef_[:, order], atol=1e-4)


def by_new_positions(penalty, place):
    """The penalty whose groups name features where they are now; ``place[j]`` is that of j."""
    changes = {}
    for name in ("groups", "blocks"):
        if getattr(penalty, name, None):
            groups = getattr(penalty, name)
            changes[name] = tuple(tuple(sorted(int(place[j]) for j in one)) for one in groups)
    if getattr(penalty, "features", None):
        changes["features"] = tuple((int(place[j]), weight) for j, weight in penalty.features)
    return replace(penalty, **changes) if changes else penalty


@penalties
def test_permuting_rows_changes_nothing(penalty, of_holes):
    order = RNG.permutation(N)
    same(fitted(penalty, wide(HOLES[order], X[order])), of_holes[penalty])


@penalties
@pytest.mark.parametrize("size", [7, 20])
def test_chunks_are_the_whole(penalty, of_holes, size):
    cuts = [slice(start, start + size) for start in range(0, N, size)]
    tables = (
        Tasks.from_arrays(X[at], HOLES[at], names=NAMES, allow_empty=True, kinds="regression")
        for at in cuts
    )
    same(fitted(penalty, Moments.of_chunks(tables)), of_holes[penalty])


FORMS = {
    "float32": lambda A: A.astype(np.float32),
    "every other": lambda A: np.repeat(A, 2, axis=1)[:, ::2],
    "csr": sparse.csr_array,
    "csc": sparse.csc_array,
}


@penalties
@pytest.mark.parametrize(
    ("form", "rows"), [("float32", N), ("csr", N), ("float32", 4), ("every other", 4), ("csc", 4)]
)
def test_however_inputs_are_held_the_answer_is_that_of_their_float64_copy(penalty, form, rows):
    inputs = np.where(np.abs(X) < 0.7, 0, X)[:rows]
    labels = Y[: len(inputs)]
    held = FORMS[form](inputs)
    full = np.array(held.toarray() if sparse.issparse(held) else held, dtype=np.float64)
    # with fewer rows than columns the optimum may not be unique
    a, b = fitted(penalty, wide(labels, held)), fitted(penalty, wide(labels, full))
    assert a.objective_ == pytest.approx(b.objective_, rel=1e-6)
    np.testing.assert_allclose(a.predict(held), b.predict(full), atol=1e-3)
    assert a.storage_ == held.dtype.name
