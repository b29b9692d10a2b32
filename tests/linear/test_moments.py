"""A fit from chunks is the fit on all rows, for every option and shape of data."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import MultiTaskLasso

from polytask import Tasks
from polytask.errors import DataError, TaskError, UnsupportedError
from polytask.linear import (
    L1,
    L2,
    L21,
    LinearClassifier,
    LinearModel,
    MeanRegularised,
    Moments,
    Split,
    Squared,
    TraceNorm,
)
from polytask.persist import load, save

RNG = np.random.default_rng(0)
X = RNG.normal(size=(240, 6)) * np.linspace(0.5, 3, 6) + np.linspace(0, 20, 6)
Y = X @ RNG.normal(size=(6, 4)) + RNG.normal(size=(240, 4)) + 10
HOLES = np.where(RNG.random(Y.shape) < 0.2, np.nan, Y)
HOLES[:80, 2] = np.nan  # a whole chunk without this task
WEIGHT = RNG.random(Y.shape) + 0.1
TABLES = {
    "shared": (Y, None),
    "holes": (HOLES, None),
    "weights": (Y, WEIGHT[:, 0]),
    "weights and holes": (HOLES, WEIGHT),
}
OPTIONS = [
    {},
    {"scale": True},
    {"fit_intercept": False, "scale": True},
    {"task_weight": "size"},
]
tables = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def chunks(X, Y, weight=None, size=80):
    for start in range(0, X.shape[0], size):
        at = slice(start, start + size)
        yield X[at], Y[at], None if weight is None else weight[at]


def same(a, b, tol=1e-8):
    np.testing.assert_allclose(a.coef_, b.coef_, atol=tol * np.abs(b.coef_).max())
    np.testing.assert_allclose(a.intercept_, b.intercept_, atol=tol * np.abs(Y).max())
    np.testing.assert_allclose(a.objective_, b.objective_, rtol=tol)
    np.testing.assert_allclose(a.scale_, b.scale_, rtol=1e-11)
    assert a.task_names_ == b.task_names_ and a.outputs_ == b.outputs_


@tables
@pytest.mark.parametrize("options", OPTIONS, ids=repr)
@pytest.mark.parametrize("penalty", [L2(0.1), L21(0.1)], ids=repr)
def test_chunks_give_the_fit_on_all_rows(table, options, penalty):
    labels, weight = table
    model = LinearModel(penalty, tol=1e-13, max_iter=100_000, **options)
    whole = model.set_params(tol=1e-11).fit(X, labels, sample_weight=weight)
    gathered = LinearModel(**model.get_params(deep=False)).fit(
        Moments.of_chunks(chunks(X, labels, weight))
    )
    partly = LinearModel(**model.get_params(deep=False))
    for X_part, y_part, w_part in chunks(X, labels, weight):
        partly.partial_fit(X_part, y_part, sample_weight=w_part)
    # coefficients are given to the square root of the gap where columns are far from zero
    tol = 1e-8 if options.get("fit_intercept", True) else 1e-5
    same(gathered, whole, tol)
    same(partly, whole, tol)


@pytest.mark.parametrize(
    "penalty", [TraceNorm(0.1), MeanRegularised(0.1), Split(L21(0.1), L1(0.08))], ids=repr
)
def test_every_penalty_takes_moments(penalty):
    a = LinearModel(penalty, tol=1e-10).fit(Moments.of(X, HOLES))
    b = LinearModel(penalty, tol=1e-10).fit(X, HOLES)
    assert a.objective_ == pytest.approx(b.objective_, rel=1e-9)
    np.testing.assert_allclose(a.predict(X), b.predict(X), atol=1e-3)


def test_the_oracle_is_the_multi_task_lasso():
    other = MultiTaskLasso(alpha=0.2, tol=1e-13, max_iter=100_000).fit(X, Y)
    model = LinearModel(L21(0.2), tol=1e-12).fit(Moments.of_chunks(chunks(X, Y)))
    np.testing.assert_allclose(model.coef_, other.coef_, atol=1e-6)
    np.testing.assert_allclose(model.intercept_, other.intercept_, atol=1e-4)


def test_sums_do_not_depend_on_order_or_size_of_the_chunks():
    parts = [Moments.of(*chunk[:2]) for chunk in chunks(X, HOLES, size=50)]
    one, two = sum(parts[1:], parts[0]), (parts[4] + parts[0]) + (parts[2] + (parts[3] + parts[1]))
    for name, value in vars(Moments.of(X, HOLES).sums).items():
        for other in (one, two):
            np.testing.assert_allclose(getattr(other.sums, name), value, rtol=1e-9, atol=1e-9)
    assert one.n_rows == 240 and np.array_equal(one.n_labels, (~np.isnan(HOLES)).sum(0))


def test_without_gaps_there_is_one_gram_and_with_gaps_one_per_task():
    full, holes = Moments.of(X, Y), Moments.of(X, HOLES)
    assert full.sums.G.shape == (1, 6, 6) and holes.sums.G.shape == (4, 6, 6)
    assert (full + full).sums.G.shape == (1, 6, 6)
    assert (full + holes).sums.G.shape == (4, 6, 6)
    assert repr(holes) == "Moments: 240 rows, 6 inputs, 4 tasks, 4 Grams"


def test_rows_of_their_own_and_long_form_come_in_chunks_too():
    names = np.array(["a", "b", "c"])[np.arange(240) % 3]
    y = Y[np.arange(240), np.arange(240) % 3]
    whole = LinearModel(L21(0.1), tol=1e-11).fit(X, y, tasks=names)
    part = LinearModel(L21(0.1), tol=1e-11)
    for start in range(0, 240, 60):
        at = slice(start, start + 60)
        part.partial_fit(X[at], y[at], tasks=names[at])
    same(part, whole)
    np.testing.assert_allclose(
        part.predict(X, tasks=names), whole.predict(X, tasks=names), atol=1e-7
    )


def test_a_task_may_come_later():
    first, second = (
        np.array(["a", "b"])[np.arange(80) % 2],
        np.array(["b", "c"])[np.arange(160) % 2],
    )
    model = LinearModel(L2(0.1)).partial_fit(X[:80], Y[:80, 0], tasks=first)
    assert model.task_names_ == ("a", "b")
    model.partial_fit(X[80:], Y[80:, 0], tasks=second)
    assert model.task_names_ == ("a", "b", "c")
    whole = LinearModel(L2(0.1)).fit(X, Y[:, 0], tasks=np.concatenate([first, second]))
    same(model, whole)


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array])
def test_sparse_chunks_stay_sparse(form):
    S = np.where(RNG.random(X.shape) < 0.4, X, 0)
    a = LinearModel(L21(0.1), tol=1e-11).fit(Moments.of(form(S), HOLES))
    same(a, LinearModel(L21(0.1), tol=1e-11).fit(S, HOLES), 1e-7)


def test_classes_with_squared_loss_have_moments():
    labels = Tasks.from_arrays(
        X, np.digitize(Y[:, :2], np.quantile(Y[:, :2], [0.3, 0.6])), kinds="class"
    )
    model = LinearModel(L2(0.1), datafit=Squared())
    a, b = LinearModel(L2(0.1), datafit=Squared()).fit(Moments.of(labels)), model.fit(labels)
    same(a, b)
    assert a.coef_.shape == (6, 6)


def test_a_loss_without_moments_is_refused_by_the_task_that_has_it():
    labels = Tasks.from_arrays(X, np.median(Y[:, 0]) < Y[:, 0], kinds="class", names=["passed"])
    with pytest.raises(UnsupportedError, match=r"'passed' is binary and has Logistic"):
        LinearModel(L2(0.1)).fit(Moments.of(labels))
    assert not hasattr(LinearClassifier(), "partial_fit")


def test_what_does_not_fit_together_is_refused_with_both_sides():
    with pytest.raises(DataError, match=r"same input columns.*6 \(x0.*5 \(x0"):
        Moments.of(X, Y) + Moments.of(X[:, :5], Y)
    a = Moments.of(Tasks.from_arrays(X, np.median(Y[:, 0]) < Y[:, 0], kinds="class"))
    with pytest.raises(TaskError, match=r"'y0' is Binary.*and Regression\(\)"):
        a + Moments.of(X, Y[:, 0])
    with pytest.raises(DataError, match="at least one chunk"):
        Moments.of_chunks([])
    with pytest.raises(DataError, match="Moments bring their labels"):
        LinearModel().fit(Moments.of(X, Y), Y)
    model = LinearModel(L2(0.1)).partial_fit(X, Y)
    with pytest.raises(ValueError, match="5 features"):
        model.partial_fit(X[:, :5], Y)
    assert Moments.of(X, Y).__add__(1) is NotImplemented


def test_fit_begins_anew_and_moments_go_on():
    model = LinearModel(L2(0.1)).fit(X[:100], Y[:100]).partial_fit(X[100:], Y[100:])
    same(model, LinearModel(L2(0.1)).fit(X[100:], Y[100:]))
    model.fit(Moments.of(X[:100], Y[:100])).partial_fit(X[100:], Y[100:])
    same(model, LinearModel(L2(0.1)).fit(X, Y))


def test_a_grid_and_a_path_run_on_moments():
    moments, data = Moments.of(X, HOLES), Tasks.from_arrays(X, HOLES)
    model = LinearModel(L21(), scale=True, tol=1e-10)
    grid = model.grid(moments)
    assert grid == model.grid(data)
    for a, b in zip(model.fit_path(moments, grid[:4]), model.fit_path(data, grid[:4])):
        np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-6)


def test_a_saved_model_goes_on_learning(tmp_path):
    model = LinearModel(L21(0.1), tol=1e-11).partial_fit(X[:100], HOLES[:100])
    save(model, tmp_path / "half.model")
    again = load(tmp_path / "half.model").partial_fit(X[100:], HOLES[100:])
    same(again, LinearModel(L21(0.1), tol=1e-11).fit(X, HOLES), 1e-7)


def test_chunks_with_other_columns_are_refused_with_the_names_of_both():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X[:, :3], columns=["a", "b", "c"])
    model = LinearModel(L2(0.1)).partial_fit(frame, Y)
    with pytest.raises(DataError, match=r"(?s)unseen at fit time:\n- z.*fit: \['a', 'b', 'c'\]"):
        model.partial_fit(frame.rename(columns={"c": "z"}), Y)
    with pytest.raises(DataError, match=r"(?s)yet now missing:\n- c.*fit: \['a', 'b', 'c'\]. Give"):
        model.partial_fit(frame[["a", "b"]], Y)
    plain = LinearModel(L2(0.1)).partial_fit(X[:, :3], Y)
    for ask in (lambda: plain.partial_fit(X[:, :2], Y), lambda: plain.predict(X[:, :2])):
        with pytest.raises(DataError, match=r"X has 2 features.* 3 features.* or fit anew"):
            ask()


def test_a_task_without_labels_is_told_what_fit_can_take():
    with pytest.raises(TaskError, match=r"Drop the task. Only a table .* Tasks.stack"):
        LinearModel().fit(np.ones((3, 1)), np.full((3, 2), np.nan))
