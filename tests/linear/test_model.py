"""Linear models beside scikit-learn's, in their limits, and under search."""

import numpy as np
import pytest
from linear import oracle
from sklearn.linear_model import Lasso, LogisticRegression, MultiTaskLasso, Ridge
from sklearn.model_selection import GridSearchCV

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import (
    L1,
    L2,
    L21,
    LinearClassifier,
    LinearModel,
    MeanRegularised,
    NoPenalty,
    ProximalGradient,
)
from polytask.linear.build import build

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 7)) * np.linspace(0.5, 3, 7) + 2
Y = X @ RNG.normal(size=(7, 4)) + RNG.normal(size=(60, 4)) + 10
TIGHT = {"tol": 1e-12, "max_iter": 100_000}


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
    wide = np.random.default_rng(1).normal(size=(4, 9))
    y = np.random.default_rng(2).normal(size=4)
    centred = wide - wide.mean(0)
    expected = np.linalg.lstsq(centred, y - y.mean())[0]
    model = LinearModel(NoPenalty()).fit(wide, y)
    np.testing.assert_allclose(model.coef_[0], expected, atol=1e-9)
    assert model.solution_.certificate == "Newton decrement"


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
    W = np.random.default_rng(3).normal(size=(3, T))
    penalty = MeanRegularised(alpha=2 * l1 / T, ratio=T * l2 / l1)
    center = penalty.mean(W)
    primal = l1 / T * np.sum((W - center) ** 2) + l2 * np.sum(center**2)
    rho1, rho2 = l1 * l2 / (T * (l1 + l2)), l1**2 / (T * (l1 + l2))
    second = rho1 * np.sum(W**2) + rho2 * np.sum((W - W.mean(1, keepdims=True)) ** 2)
    assert penalty.value(W) == pytest.approx(primal)
    assert penalty.value(W) == pytest.approx(second)
    assert penalty.alpha == pytest.approx(2 * (rho1 + rho2))
    assert penalty.ratio == pytest.approx(T * rho1 / rho2)


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
    one = LinearModel(L21(0.3), tol=1e-12).alone().fit(X, Y)
    expected = LinearModel(L21(0.3), tol=1e-12).fit(X, Y[:, 1]).predict(X)
    np.testing.assert_allclose(one.predict(X)[:, 1], expected, atol=1e-6)


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
