"""Linear models beside scikit-learn's, in their limits, and in every form of data."""

import warnings

import numpy as np
import pytest
from linear import oracle
from scipy import sparse
from sklearn.base import clone
from sklearn.linear_model import Lasso, LogisticRegression, MultiTaskLasso, Ridge
from sklearn.model_selection import GridSearchCV

from polytask import Tasks
from polytask.errors import ParameterError, TaskError, UnsupportedError
from polytask.kinds import Binary
from polytask.linear import (
    L1,
    L2,
    L21,
    LinearClassifier,
    LinearModel,
    Logistic,
    MeanRegularised,
    NoPenalty,
    ProximalGradient,
    Squared,
    SquaredTraceNorm,
    TraceNorm,
)
from polytask.linear.build import build

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 7)) * np.linspace(0.5, 3, 7) + 2
Y = X @ RNG.normal(size=(7, 4)) + RNG.normal(size=(60, 4)) + 10
TIGHT = {"tol": 1e-12, "max_iter": 100_000}


# -- neighbours --------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.02, 0.5, 3.0])
def test_l21_is_the_multi_task_lasso(alpha):
    other = MultiTaskLasso(alpha=alpha, tol=1e-12, max_iter=100_000).fit(X, Y)
    model = LinearModel(L21(alpha), **TIGHT).fit(X, Y)
    np.testing.assert_allclose(model.coef_, other.coef_, atol=1e-5)
    np.testing.assert_allclose(model.intercept_, other.intercept_, atol=1e-4)
    np.testing.assert_allclose(model.predict(X), other.predict(X), atol=1e-4)


def test_l1_is_the_lasso():
    other = Lasso(alpha=0.3, tol=1e-12, max_iter=100_000).fit(X, Y)
    model = LinearModel(L1(0.3), **TIGHT).fit(X, Y)
    np.testing.assert_allclose(model.coef_, other.coef_, atol=1e-5)


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_l2_is_ridge_with_n_times_the_strength(fit_intercept):
    other = Ridge(alpha=0.3 * len(X), fit_intercept=fit_intercept).fit(X, Y)
    model = LinearModel(L2(0.3), fit_intercept=fit_intercept).fit(X, Y)
    np.testing.assert_allclose(model.coef_, other.coef_, atol=1e-10)
    np.testing.assert_allclose(model.predict(X), other.predict(X), atol=1e-9)


def test_more_features_than_rows_is_ridge_too():
    few = X[:5]
    other = Ridge(alpha=0.3 * 5).fit(few, Y[:5])
    np.testing.assert_allclose(LinearModel(L2(0.3)).fit(few, Y[:5]).coef_, other.coef_, atol=1e-10)


@pytest.mark.parametrize("K", [2, 3])
def test_the_classifier_is_logistic_regression(K):
    y = np.digitize(Y[:, 0], np.quantile(Y[:, 0], np.arange(1, K) / K))
    other = LogisticRegression(C=1 / (0.05 * len(X)), tol=1e-12, max_iter=10_000).fit(X, y)
    model = LinearClassifier(L2(0.05), **TIGHT).fit(X, y)
    np.testing.assert_allclose(model.predict_proba(X), other.predict_proba(X), atol=1e-5)
    assert model.coef_.shape == (1 if K == 2 else 3, 7)
    assert model.outputs_[0] == ("y0", None if K == 2 else 0)


def test_without_penalty_the_solution_of_smallest_length_is_found():
    wide = RNG.normal(size=(4, 9))
    y = RNG.normal(size=4)
    centred = wide - wide.mean(0)
    expected = np.linalg.lstsq(centred, y - y.mean())[0]
    model = LinearModel(NoPenalty()).fit(wide, y)
    np.testing.assert_allclose(model.coef_[0], expected, atol=1e-9)
    assert model.solution_.certificate == "Newton decrement"


# -- limits of the mean-regularised model ------------------------------------------------------


def test_without_a_common_part_mean_regularised_is_independent_ridge():
    sets = oracle.regression()
    data = oracle.tasks(sets, dict.fromkeys(sets, "regression"))
    ridge = LinearModel(L2(0.3)).fit(data)
    np.testing.assert_allclose(
        LinearModel(MeanRegularised(0.3, 1e9)).fit(data).coef_, ridge.coef_, atol=1e-6
    )
    endless = LinearModel(MeanRegularised(0.3, np.inf)).fit(data)
    np.testing.assert_array_equal(endless.coef_, ridge.coef_)


def test_without_own_parts_mean_regularised_is_one_model():
    # alpha grows at a fixed price alpha * ratio of the mean: one ridge model, free intercepts
    sets = oracle.regression()
    data = oracle.tasks(sets, dict.fromkeys(sets, "regression"))
    model = LinearModel(MeanRegularised(1e7, 1.2 / 1e7)).fit(data)
    total = sum(((A - A.mean(0)).T @ (A - A.mean(0))) / len(A) for A, _ in sets.values())
    right = sum((A - A.mean(0)).T @ y / len(y) for A, y in sets.values())
    expected = np.linalg.solve(total + 1.2 * np.eye(5), right)
    np.testing.assert_allclose(model.coef_, np.tile(expected, (4, 1)), atol=1e-5)
    np.testing.assert_allclose(model.mean_, expected, atol=1e-5)


def test_the_two_forms_of_the_paper_are_translated_as_the_docstring_says():
    l1, l2, T = 0.7, 0.2, 4
    W = RNG.normal(size=(3, T))
    penalty = MeanRegularised(alpha=2 * l1 / T, ratio=T * l2 / l1)
    center = penalty.mean(W)
    primal = l1 / T * np.sum((W - center) ** 2) + l2 * np.sum(center**2)
    rho1, rho2 = l1 * l2 / (T * (l1 + l2)), l1**2 / (T * (l1 + l2))
    second = rho1 * np.sum(W**2) + rho2 * np.sum((W - W.mean(1, keepdims=True)) ** 2)
    assert penalty.value(W) == pytest.approx(primal)
    assert penalty.value(W) == pytest.approx(second)
    assert penalty.alpha == pytest.approx(2 * (rho1 + rho2))
    assert penalty.ratio == pytest.approx(T * rho1 / rho2)


# -- forms of data -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix])
@pytest.mark.parametrize("penalty", [L2(0.1), L21(0.1)], ids=repr)
@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("n", [60, 5])
def test_a_sparse_table_gives_what_the_dense_one_gives(form, penalty, scale, n):
    S = np.where(RNG.random((n, 7)) < 0.5, X[:n], 0)
    holes = np.where(RNG.random((n, 4)) < 0.2, np.nan, Y[:n])
    holes[0] = Y[0]
    for labels in (Y[:n], holes):
        dense = LinearModel(penalty, scale=scale, **TIGHT).fit(S, labels)
        thin = LinearModel(penalty, scale=scale, **TIGHT).fit(form(S), labels)
        np.testing.assert_allclose(thin.coef_, dense.coef_, atol=1e-6)
        np.testing.assert_allclose(thin.predict(form(S)), dense.predict(S), atol=1e-5)


def test_a_sparse_classifier_never_fills_its_table():
    S = sparse.random_array((300, 5000), density=0.002, rng=RNG, format="csr")
    labels = np.asarray(S.sum(axis=1)).ravel() > 0.5
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
    holes = Tasks.from_arrays(X, np.where(RNG.random(Y.shape) < 0.3, np.nan, Y > 10), kinds="class")
    for data in (binary, wide, holes):
        (part,) = build(data).parts
        assert np.shares_memory(part.X, data.X)
    (statistics,) = build(Tasks.from_arrays(X, Y)).parts
    assert statistics.G.shape == (1, 7, 7)


def test_rows_of_separate_tasks_are_views():
    sets = {name: (RNG.normal(size=(3, 40)), RNG.normal(size=3)) for name in "abcd"}
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


# -- tasks without labels, and new ones --------------------------------------------------------


def test_a_task_without_labels_gets_what_the_others_say():
    holes = Y.copy()
    holes[:, 3] = np.nan
    data = Tasks.from_arrays(X, holes, allow_empty=True)
    full = Tasks.from_arrays(X, Y[:, :3])
    with_empty = LinearModel(MeanRegularised(0.3, 1.0)).fit(data)
    without = LinearModel(MeanRegularised(0.3, 1.0)).fit(full)
    np.testing.assert_allclose(with_empty.coef_[:3], without.coef_, atol=1e-9)
    np.testing.assert_allclose(with_empty.coef_[3], without.mean_, atol=1e-9)
    assert with_empty.intercept_[3] == pytest.approx(without.intercept_.mean())


def test_a_binary_task_with_one_class_only_does_not_stop_the_rest():
    labels = (Y > 10).astype(float)
    labels[:, 1] = 1
    data = Tasks.from_arrays(X, labels, kinds=Binary())
    for penalty in (L2(0.1), L21(0.02), MeanRegularised(0.1, 1.0)):
        model = LinearModel(penalty).fit(data)
        assert model.solution_.converged
        assert model.predict_each(data)["y1"][:, 1].min() > 0.99


def test_an_unknown_task_gets_the_mean_where_that_was_asked_for():
    names = np.array(["a", "b", "c"])[np.arange(60) % 3]
    model = LinearModel(MeanRegularised(0.3, 1.0), unknown_task="mean").fit(X, Y[:, 0], tasks=names)
    found = model.predict(X[:4], tasks=["zebra"] * 4)
    np.testing.assert_allclose(found, X[:4] @ model.mean_ + model.intercept_.mean())
    with pytest.raises(TaskError, match="zebra"):
        clone(model).set_params(unknown_task="error").fit(X, Y[:, 0], tasks=names).predict(
            X[:1], tasks=["zebra"]
        )


NEW = RNG.normal(size=(6, 7)) + 2
NEW_Y = NEW @ RNG.normal(size=7)


@pytest.mark.parametrize("scale", [True, False])
def test_a_new_task_is_shrunk_to_the_learned_mean(scale):
    model = LinearModel(MeanRegularised(0.4, 1.0), scale=scale).fit(X, Y)
    new = model.adapt(NEW, NEW_Y)
    A = (NEW - NEW.mean(0)) / model.scale_
    center = model.mean_ * model.scale_
    apart = np.linalg.solve(
        A.T @ A / 6 + 0.4 * np.eye(7), A.T @ (NEW_Y - NEW_Y.mean() - A @ center) / 6
    )
    np.testing.assert_allclose(new.coef_[0], (center + apart) / model.scale_, atol=1e-6)
    assert new.predict(NEW).shape == (6,)


def test_a_new_task_uses_the_learned_metric():
    model = LinearModel(SquaredTraceNorm(0.05), **TIGHT).fit(X, Y)
    new = model.adapt(NEW, NEW_Y)
    W = model.coef_.T
    U, s, _ = np.linalg.svd(W, full_matrices=False)
    D = (U * s) @ U.T / s.sum()
    A = NEW - NEW.mean(0)
    expected = D @ A.T @ np.linalg.solve(A @ D @ A.T + 6 * 0.05 * np.eye(6), NEW_Y - NEW_Y.mean())
    np.testing.assert_allclose(new.coef_[0], expected, atol=1e-6)


def test_adapting_an_old_task_with_a_frozen_metric_gives_its_old_coefficients():
    for penalty in (SquaredTraceNorm(0.05), TraceNorm(0.1), L21(0.1)):
        model = LinearModel(penalty, **TIGHT).fit(X, Y)
        again = model.adapt(X, Y[:, 2])
        np.testing.assert_allclose(again.coef_[0], model.coef_[2], atol=1e-4)


def test_a_new_classification_task_adapts_too():
    labels = np.where(Y.mean(0) < Y, "yes", "no")
    model = LinearClassifier(MeanRegularised(0.05, 0.1)).fit(X, labels)
    new = model.adapt(X[:20], labels[:20, 0])
    assert set(new.predict(X)) == {"yes", "no"}
    assert new.score(X, labels[:, 0]) > 0.8


def test_a_penalty_that_shares_nothing_refuses_a_new_task_by_name():
    with pytest.raises(UnsupportedError, match="L1 shares nothing"):
        LinearModel(L1(0.1)).fit(X, Y).adapt(NEW, NEW_Y)


# -- searches ----------------------------------------------------------------------------------


def test_strengths_and_whole_penalties_are_searchable():
    grid = [
        {"penalty": [L21(1.0)], "penalty__alpha": [0.01, 0.1]},
        {"penalty": [L2(0.1), MeanRegularised(0.1, 1.0)]},
    ]
    search = GridSearchCV(LinearModel(), grid, cv=3).fit(X, Y)
    assert len(search.cv_results_["params"]) == 4
    assert search.best_score_ > 0.8


def test_a_path_reuses_the_statistics(monkeypatch):
    data = Tasks.from_arrays(X, Y)
    model = LinearModel(L21(), scale=True)
    grid = model.grid(data)
    built = []
    monkeypatch.setattr(
        LinearModel, "_problem", lambda self, data: built.append(1) or build(data, scale=True)
    )
    models = list(model.fit_path(data, grid))
    assert len(built) == 1
    assert len(models) == len(grid)
    assert not np.any(models[0].coef_)
    assert all(one.solution_.converged for one in models)


def test_a_path_over_something_else_fits_one_by_one():
    data = Tasks.from_arrays(X, Y)
    candidates = [{"scale": True}, {"scale": False, "penalty": L21(0.1)}]
    for params, done in zip(candidates, LinearModel(L2(0.1)).fit_path(data, candidates)):
        alone = LinearModel(L2(0.1)).set_params(**params).fit(data)
        np.testing.assert_array_equal(done.coef_, alone.coef_)


def test_the_same_method_per_task_is_the_baseline():
    one = LinearModel(L21(0.3)).alone().fit(X, Y)
    expected = LinearModel(L21(0.3)).fit(X, Y[:, 1]).predict(X)
    np.testing.assert_allclose(one.predict(X)[:, 1], expected, atol=1e-9)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"penalty": "l1"}, "penalty needs to be a Penalty"),
        ({"solver": "saga"}, "solver needs to be a Solver"),
        ({"datafit": "hinge"}, "datafit needs to be 'auto'"),
        ({"task_weight": "n"}, "task_weight needs to be"),
        ({"unknown_task": "guess"}, "unknown_task is"),
        ({"tol": 0}, "tol needs to be positive"),
        ({"max_iter": 0}, "max_iter needs to be at least 1"),
    ],
)
def test_a_wrong_option_is_named_with_the_choices(options, words):
    with pytest.raises(ParameterError, match=words):
        LinearModel(**options).fit(X, Y)


def test_verbose_prints_one_line(capsys):
    LinearModel(L2(0.1), verbose=1).fit(X, Y)
    assert capsys.readouterr().out.startswith("Direct: objective")


def test_single_precision_is_close_to_double():
    a = LinearModel(L21(0.1), solver=ProximalGradient(), tol=1e-9).fit(X, Y)
    b = LinearModel(L21(0.1), solver=ProximalGradient(), tol=1e-9).fit(X.astype(np.float32), Y)
    assert b.coef_.dtype == np.float64
    # float32 rounds the inputs at 6e-8
    np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-5)
