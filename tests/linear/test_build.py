"""The form of a table that is solved follows from the data, and changes no answer."""

import warnings

import numpy as np
import pytest
from linear import oracle
from scipy import sparse
from sklearn.linear_model import Ridge

from polytask import Tasks
from polytask.errors import UnsupportedError
from polytask.linear import (
    L2,
    L21,
    LinearClassifier,
    LinearModel,
    Logistic,
    Squared,
)
from polytask.linear.build import _tables, build

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 7)) * np.linspace(0.5, 3, 7) + 2
Y = X @ RNG.normal(size=(7, 4)) + RNG.normal(size=(60, 4)) + 10
TIGHT = {"tol": 1e-12, "max_iter": 100_000}


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix])
@pytest.mark.parametrize("penalty", [L2(0.1), L21(0.1)], ids=repr)
@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("n", [60, 5])
def test_a_sparse_table_gives_what_the_dense_one_gives(form, penalty, scale, n):
    S = np.where(np.random.default_rng(1).random((n, 7)) < 0.5, X[:n], 0)
    holes = np.where(np.random.default_rng(2).random((n, 4)) < 0.2, np.nan, Y[:n])
    holes[0] = Y[0]
    for labels in (Y[:n], holes):
        dense = LinearModel(penalty, scale=scale, **TIGHT).fit(S, labels)
        thin = LinearModel(penalty, scale=scale, **TIGHT).fit(form(S), labels)
        np.testing.assert_allclose(thin.coef_, dense.coef_, atol=1e-6)
        np.testing.assert_allclose(thin.predict(form(S)), dense.predict(S), atol=1e-5)


def test_a_sparse_classifier_never_fills_its_table():
    S = sparse.random_array((300, 5000), density=0.002, rng=np.random.default_rng(3), format="csr")
    total = np.asarray(S.sum(axis=1)).ravel()
    labels = total > np.median(total)
    data = Tasks.from_arrays(S, np.column_stack([labels, ~labels]), kinds="class")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = LinearModel(L21(0.01)).fit(data)
    assert model.solution_.converged
    (part,) = build(data).parts
    assert part.X is data.X


def test_shared_inputs_are_never_copied():
    binary = Tasks.from_arrays(X, Y.mean(0) < Y, kinds="class")
    wide = Tasks.from_arrays(X[:5].copy(), Y[:5])
    holes = Tasks.from_arrays(
        X, np.where(np.random.default_rng(4).random(Y.shape) < 0.3, np.nan, Y > 10), kinds="class"
    )
    for data in (binary, wide, holes):
        (part,) = build(data).parts
        assert np.shares_memory(part.X, data.X)
    (statistics,) = build(Tasks.from_arrays(X, Y)).parts
    assert statistics.G.shape == (1, 7, 7)


def test_rows_of_separate_tasks_are_views():
    sets = {
        name: (
            np.random.default_rng(5).normal(size=(3, 40)),
            np.random.default_rng(6).normal(size=3),
        )
        for name in "abcd"
    }
    data = oracle.tasks(sets, dict.fromkeys(sets, "regression"))
    parts = build(data).parts
    assert len(parts) == 4
    assert all(np.shares_memory(part.X, data.X) for part in parts)


def test_a_read_only_memory_map_is_taken(tmp_path):
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    for penalty in (L2(0.1), L21(0.1)):
        a, b = LinearModel(penalty).fit(mapped, Y), LinearModel(penalty).fit(X, Y)
        np.testing.assert_array_equal(a.coef_, b.coef_)


def test_far_columns_cost_no_accuracy():
    far = X + 1e6
    a, b = LinearModel(L21(0.1), **TIGHT).fit(X, Y), LinearModel(L21(0.1), **TIGHT).fit(far, Y)
    # moving by 1e6 rounds the inputs at 1e-10
    np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-6)


def test_task_weight_size_is_the_plain_sum_over_rows():
    sets = oracle.regression()
    data = oracle.tasks(sets, dict.fromkeys(sets, "regression"))
    N = sum(len(y) for _, y in sets.values())
    model = LinearModel(L2(0.3), task_weight="size").fit(data)
    for (A, y), coef in zip(sets.values(), model.coef_):
        # (omega_t / n_t) = T / N for every row
        other = Ridge(alpha=0.3 * N / len(sets)).fit(A, y)
        np.testing.assert_allclose(coef, other.coef_, atol=1e-9)


def test_scaling_weighs_a_row_once_however_many_labels_it_has():
    holes = Y.copy()
    holes[30:, 1:] = np.nan
    model = LinearModel(L2(0.1), scale=True).fit(X, holes)
    np.testing.assert_allclose(model.scale_, X.std(axis=0), rtol=1e-12)


def test_kinds_mix_and_answers_follow_the_kind():
    data = Tasks.from_arrays(
        X,
        np.column_stack([Y[:, 0], Y[:, 1] > 10, np.digitize(Y[:, 2], [5, 15])]),
        names=["size", "ripe", "grade"],
        kinds={"ripe": "binary", "grade": "multiclass"},
    )
    model = LinearModel(L21(0.05)).fit(data)
    assert model.coef_.shape == (5, 7)
    assert model.outputs_ == (
        ("size", None),
        ("ripe", None),
        ("grade", 0.0),
        ("grade", 1.0),
        ("grade", 2.0),
    )
    outputs = model.predict_each(data)
    assert [np.shape(one) for one in outputs.values()] == [(60,), (60, 2), (60, 3)]
    assert np.isnan(model.relation_["size", "grade"])
    assert np.isfinite(model.relation_["size", "ripe"])


@pytest.mark.parametrize("datafit", [Squared(), Logistic()], ids=repr)
def test_a_datafit_can_be_named_for_classes(datafit):
    y = np.digitize(Y[:, 0], [5, 15])
    model = LinearClassifier(L2(0.1), datafit=datafit).fit(X, y)
    assert model.coef_.shape == (3, 7)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)
    assert model.score(X, y) > 0.6


def test_a_loss_that_makes_no_sense_is_refused_by_name():
    with pytest.raises(UnsupportedError, match="Logistic needs a task with classes"):
        LinearModel(datafit=Logistic()).fit(X, Y)


@pytest.mark.parametrize("scale", [True, False])
def test_the_typical_curvature_is_the_same_from_rows_and_from_statistics(scale):
    data = Tasks.from_arrays(X, np.where(np.random.default_rng(9).random(Y.shape) < 0.2, np.nan, Y))
    (statistics,) = build(data, scale=scale).parts
    rules = {"std": build(data, scale=scale).std, "fit_intercept": True}
    weight = [one / one.sum() for one in (one.w for one in data)]
    fits, outputs = [Squared()] * 4, build(data).outputs
    (rows,) = _tables(data, fits, outputs, weight, np.arange(4), rules)
    np.testing.assert_allclose(rows.traces, statistics.traces, rtol=1e-9)
    assert rows.lipschitz == pytest.approx(statistics.lipschitz, rel=1e-9)
    W = np.random.default_rng(8).normal(size=(7, 4))
    a, b = rows.at(W), statistics.at(W)
    assert a.value == pytest.approx(b.value, rel=1e-10)
    assert a.dual(0.7) == pytest.approx(b.dual(0.7), rel=1e-9)
    np.testing.assert_allclose(a.gradient, b.gradient, atol=1e-9)
    np.testing.assert_allclose(rows.hessian(W), statistics.hessian(W), atol=1e-9)
    np.testing.assert_allclose(rows.intercept(W), statistics.intercept(W), atol=1e-9)


@pytest.mark.parametrize("shape", [(40, 4), (12, 30)], ids=["Gram", "rows"])
@pytest.mark.parametrize("options", [{}, {"fit_intercept": "penalised"}], ids=repr)
def test_rows_of_weight_zero_leave_tasks_together(shape, options):
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=shape), rng.normal(size=(shape[0], 3))
    weight = rng.integers(1, 3, size=len(X)) * (np.arange(len(X)) % 4 > 0)
    here = weight > 0
    some = build(Tasks.from_arrays(X, Y, weight=weight), **options)
    only = build(Tasks.from_arrays(X[here], Y[here], weight=weight[here]), **options)
    assert len(some.parts) == 1
    assert some.one_hessian
    for seed in range(2):
        W = np.random.default_rng(seed).normal(size=only.shape)
        assert some.at(W).value == pytest.approx(only.at(W).value, rel=1e-12)
        np.testing.assert_allclose(some.at(W).gradient, only.at(W).gradient, atol=1e-12)
    np.testing.assert_allclose(some.intercept(W), only.intercept(W), atol=1e-12)


def test_classes_of_one_set_of_rows_have_one_weight_each():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(40, 4)), rng.integers(0, 2, size=(40, 3))
    data = Tasks.from_arrays(X, Y, weight=np.r_[np.zeros(5), np.ones(35)], kinds="class")
    (part,) = build(data).parts
    assert part.A.shape == (40, 1)
