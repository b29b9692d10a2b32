"""Cross-validation chooses what scikit-learn's chooses, and what can be worked out by hand."""

import numpy as np
import pytest
from linear.path.tables import folds, table
from sklearn.base import clone
from sklearn.linear_model import (
    ElasticNetCV,
    LassoCV,
    LogisticRegressionCV,
    MultiTaskLassoCV,
    Ridge,
)
from sklearn.model_selection import GridSearchCV

from polytask import Tasks, persist, report
from polytask.errors import DataError, ParameterError, UnsupportedError
from polytask.linear import (
    L1,
    L2,
    L21,
    ElasticNet,
    LinearClassifier,
    LinearClassifierCV,
    LinearModel,
    LinearModelCV,
    MeanRegularised,
    Split,
    TraceNorm,
)


def raw(model, Y, splits):
    """Mean squared errors ``(folds, K, T)`` of a fitted search, in the units of the labels."""
    spread = np.array([np.var(Y[train], axis=0) for train, _ in splits])
    return model.cv_task_errors_ * spread[:, None, :]


@pytest.mark.parametrize("shape", [(60, 10), (40, 90)], ids=["moments", "rows"])
@pytest.mark.parametrize("seed", range(3))
def test_the_multi_task_lasso_is_chosen_as_scikit_learn_chooses_it(shape, seed):
    X, Y = table(seed, *shape)
    splits, alphas = folds(len(X)), np.geomspace(1, 0.02, 20)
    theirs = MultiTaskLassoCV(alphas=alphas, cv=splits, tol=1e-8, max_iter=50_000).fit(X, Y)
    model = LinearModel(L21(), tol=1e-9)
    ours = LinearModelCV(model, alphas=alphas, folds=splits, metric="overall_rmse").fit(X, Y)
    np.testing.assert_allclose(raw(ours, Y, splits).mean(axis=2).T, theirs.mse_path_, rtol=1e-4)
    by_mean_square = np.mean(ours.cv_errors_**2, axis=0)
    assert ours.alphas_[np.argmin(by_mean_square)] == pytest.approx(theirs.alpha_)
    assert ours.alpha_ == pytest.approx(theirs.alpha_)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-4)


def test_the_lasso_is_chosen_as_scikit_learn_chooses_it():
    X, Y = table(T=1)
    splits, alphas = folds(60), np.geomspace(1, 0.01, 20)
    theirs = LassoCV(alphas=alphas, cv=splits, tol=1e-8).fit(X, Y[:, 0])
    model = LinearModelCV(LinearModel(L1(), tol=1e-9), alphas=alphas, folds=splits)
    ours = model.fit(X, Y[:, 0])
    np.testing.assert_allclose(raw(ours, Y, splits)[:, :, 0].T, theirs.mse_path_, rtol=1e-4)
    assert ours.alpha_ == pytest.approx(theirs.alpha_)


def test_both_strengths_of_the_elastic_net_are_chosen_as_scikit_learn_chooses_them():
    X, Y = table(T=1)
    splits, alphas, ratios = folds(60), np.geomspace(1, 0.01, 10), [0.9, 0.5, 0.1]
    theirs = ElasticNetCV(l1_ratio=ratios, alphas=alphas, cv=splits, tol=1e-8).fit(X, Y[:, 0])
    model = LinearModelCV(ElasticNet(), alphas=alphas, seconds=ratios, folds=splits)
    best = model.fit(X, Y[:, 0]).best_penalty_
    assert len(model.penalties_) == 30
    assert (best.alpha, best.l1_ratio) == (pytest.approx(theirs.alpha_), theirs.l1_ratio_)


def test_ridge_is_chosen_as_a_grid_search_of_scikit_learn_chooses_it():
    X, Y = table(T=1)
    splits = folds(60)
    strengths = np.geomspace(100, 0.1, 12)
    grid = {"alpha": strengths}
    theirs = GridSearchCV(Ridge(), grid, cv=splits, scoring="neg_mean_squared_error")
    theirs.fit(X, Y[:, 0])
    # the strength of L2 is per row of a training part, which has 48 here
    model = LinearModelCV(L2(), alphas=strengths / 48, folds=splits, metric="overall_rmse")
    by_mean_square = np.mean(model.fit(X, Y[:, 0]).cv_errors_ ** 2, axis=0)
    np.testing.assert_allclose(-by_mean_square, theirs.cv_results_["mean_test_score"], rtol=1e-6)
    chosen = model.alphas_[np.argmin(by_mean_square)] * 48
    assert chosen == pytest.approx(theirs.best_params_["alpha"])


def test_classes_are_chosen_as_scikit_learn_chooses_them():
    X, Y = table(n=80, T=1)
    y = (Y[:, 0] > 2).astype(int)
    splits, strengths = folds(80), np.geomspace(30, 0.03, 10)
    options = {"cv": splits, "scoring": "neg_log_loss", "tol": 1e-8, "max_iter": 1000}
    theirs = LogisticRegressionCV(
        Cs=1 / strengths, l1_ratios=(0,), use_legacy_attributes=False, **options
    ).fit(X, y)
    model = LinearClassifierCV(L2(), alphas=strengths / 64, folds=splits, metric="log_loss")
    ours = model.fit(X, y)
    assert ours.alpha_ * 64 == pytest.approx(1 / np.ravel(theirs.C_)[0])


@pytest.mark.parametrize("penalty", [L21(), Split(), MeanRegularised(), TraceNorm()], ids=repr)
def test_what_was_chosen_is_fitted_on_all_rows(penalty):
    X, Y = table(holes=0.2)
    found = LinearModelCV(LinearModel(penalty, scale=True), points=6).fit(X, Y)
    alone = LinearModel(found.best_penalty_, scale=True).fit(X, Y)
    np.testing.assert_allclose(found.coef_, alone.coef_, atol=2e-3)
    assert found.objective_ == pytest.approx(alone.objective_, rel=1e-5)
    assert np.array_equal(found.predict(X), found.model_.predict(X))


def test_one_standard_error_is_worked_out_by_hand_and_is_never_larger():
    for seed in range(4):
        X, Y = table(seed, holes=0.2)
        smallest = LinearModelCV(L21(), points=30).fit(X, Y)
        simpler = LinearModelCV(L21(), points=30, select="1se").fit(X, Y)
        mean = smallest.cv_errors_.mean(axis=0)
        se = smallest.cv_errors_.std(axis=0, ddof=1) / np.sqrt(5)
        best = np.argmin(mean)
        assert smallest.best_index_ == best
        assert simpler.best_index_ == np.flatnonzero(mean <= mean[best] + se[best])[0]
        assert simpler.alpha_ >= smallest.alpha_
        assert np.count_nonzero(simpler.coef_) <= np.count_nonzero(smallest.coef_)


@pytest.mark.parametrize("penalty", [L1(), L2(), ElasticNet()], ids=repr)
@pytest.mark.parametrize("select", ["min", "1se"])
def test_a_strength_per_task_is_that_of_the_task_alone(penalty, select):
    X, Y = table(n=40)
    Y *= [1, 10, 0.1]
    splits, alphas = folds(40), np.geomspace(5, 1e-3, 15)
    options = {"alphas": alphas, "folds": splits, "select": select}
    model = LinearModel(penalty, tol=1e-9)
    together = LinearModelCV(model, alpha_per_task=True, **options).fit(X, Y)
    for t in range(3):
        alone = LinearModelCV(model, **options).fit(X, Y[:, t])
        assert together.alpha_[t] == alone.alpha_
        np.testing.assert_allclose(together.coef_[t], alone.coef_[0], atol=1e-4 * 10**t)
    assert len(set(together.alpha_)) > 1
    assert together.model_.solution_.relative_gap < 1e-8


def test_a_strength_per_task_is_refused_where_tasks_are_tied():
    with pytest.raises(UnsupportedError, match=r"ties no tasks\. Found L21"):
        LinearModelCV(L21(), alpha_per_task=True).fit(*table())
    with pytest.raises(UnsupportedError, match="task by task"):
        LinearModelCV(L1(), alpha_per_task=True, metric="overall_rmse").fit(*table())


def test_the_number_of_workers_changes_no_number():
    X, Y = table(holes=0.2)
    one = LinearModelCV(L21(), points=8).fit(X, Y)
    two = clone(one).set_params(n_jobs=2).fit(X, Y)
    assert np.array_equal(one.cv_errors_, two.cv_errors_)
    assert np.array_equal(one.coef_, two.coef_)


def test_a_search_reaches_into_it_and_a_file_keeps_it(tmp_path):
    X, Y = table()
    search = GridSearchCV(
        LinearModelCV(LinearModel(Split()), points=4, folds=3),
        {"select": ["min", "1se"], "model__scale": [True, False]},
        cv=3,
    ).fit(X, Y)
    best = search.best_estimator_
    persist.save(best, tmp_path / "one.model")
    loaded = persist.load(tmp_path / "one.model")
    assert np.array_equal(loaded.predict(X), best.predict(X))
    assert loaded.best_penalty_ == best.best_penalty_
    one = LinearModelCV(L1(), points=4, alpha_per_task=True).fit(X, Y)
    persist.save(one, tmp_path / "two.model")
    assert np.array_equal(persist.load(tmp_path / "two.model").coef_, one.coef_)


def test_a_comparison_takes_it():
    data = Tasks.from_arrays(*table())
    models = {"cv": LinearModelCV(L21(), points=5, folds=3), "plain": LinearModel(L21(0.1))}
    found = report.compare(data, models, folds=3, inner=None)
    assert {row["model"] for row in found.scores} >= {"cv", "plain"}
    assert not any(model["error"] for model in found.models)


def test_a_search_can_be_read_and_drawn():
    X, Y = table()
    found = LinearModelCV(Split(), points=5).fit(X, Y)
    frame = found.to_frame()
    assert len(frame) == 10 and frame["alpha"].is_monotonic_decreasing
    assert frame["error"].idxmin() == found.best_index_
    np.testing.assert_allclose(frame[list(found.task_names_)].mean(axis=1), frame["error"])
    assert "chosen" in {trace.name for trace in found.plot().data}


def test_what_cannot_be_searched_is_refused_in_words():
    X, Y = table()
    with pytest.raises(ParameterError, match="needs a LinearModel or a penalty"):
        LinearModelCV(LinearClassifier(L2())).fit(X, Y)
    with pytest.raises(ParameterError, match="select is 'min' or '1se'"):
        LinearModelCV(L21(), select="best").fit(X, Y)
    with pytest.raises(ParameterError, match="judges no task"):
        LinearModelCV(L21(), metric="auc").fit(X, Y)
    with pytest.raises(ParameterError, match="points needs"):
        LinearModelCV(L21(), points=0).fit(X, Y)
    with pytest.raises(DataError, match="two folds with rows"):
        LinearModelCV(L21()).fit(X[:1], Y[:1])
