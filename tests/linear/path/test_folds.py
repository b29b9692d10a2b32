"""Errors on held-out rows are those of fits without them, whatever is shared between folds."""

import numpy as np
import pytest
from linear.path.tables import folds, table

from polytask import Tasks
from polytask.linear import L21, LinearClassifierCV, LinearModel, LinearModelCV
from polytask.report.criterion import Criterion
from polytask.report.outcome import outcomes


@pytest.mark.parametrize("holes", [0.0, 0.3], ids=["whole", "holes"])
@pytest.mark.parametrize("scale", [False, True])
@pytest.mark.parametrize("intercept", [True, False, "penalised"])
def test_errors_from_moments_are_those_of_the_rows(holes, scale, intercept):
    X, Y = table(holes=holes)
    data = Tasks.from_arrays(X, Y)
    pairs = data.folds(4)
    options = {"scale": scale, "fit_intercept": intercept}
    model = LinearModel(L21(), tol=1e-10, **options)
    found = LinearModelCV(model, folds=pairs, points=7).fit(data)
    # a metric that moments cannot give makes the search read the rows
    rows = LinearModelCV(model, folds=pairs, points=7, metric="mae").fit(data)
    for f, (train, test) in enumerate(pairs):
        for k in (1, 5):
            one = LinearModel(found.penalties_[k], tol=1e-9, **options).fit(data.take(train))
            for t, labels in enumerate(data.take(test)):
                miss = labels.y - one.predict_each(data.take(test))[labels.task.name]
                spread = np.std(data.take(train)[labels.task.name].y)
                error = np.mean(miss**2) / spread**2
                assert found.cv_task_errors_[f, k, t] == pytest.approx(error, rel=1e-5)
                error = np.mean(np.abs(miss)) / spread
                assert rows.cv_task_errors_[f, k, t] == pytest.approx(error, rel=1e-5)


@pytest.mark.parametrize("metric", [None, "r2", "explained_variance_within_task"])
def test_errors_are_those_by_which_a_comparison_chooses(metric):
    X, Y = table(n=30, d=40)
    weight = np.random.default_rng(0).uniform(0.5, 2, 30)
    data = Tasks.from_arrays(X, Y, weight=weight)
    pairs = data.folds(3)
    model = LinearModel(L21(), tol=1e-8)
    found = LinearModelCV(model, folds=pairs, points=4, metric=metric).fit(data)
    for f, (train, test) in enumerate(pairs):
        for k, penalty in enumerate(found.penalties_):
            one = LinearModel(penalty, tol=1e-8).fit(data.take(train))
            said = outcomes(one, data.take(test), data.take(train))
            assert found.cv_errors_[f, k] == pytest.approx(Criterion(metric).error(said), rel=1e-4)


def test_an_integer_weight_is_a_repeated_row_where_folds_keep_it_together():
    X, Y = table(n=30)
    weight = np.random.default_rng(1).integers(1, 4, 30)
    row = np.repeat(np.arange(30), weight)
    splits = folds(30)
    again = [tuple(np.flatnonzero(np.isin(row, part)) for part in pair) for pair in splits]
    model = LinearModel(L21(), tol=1e-9)
    one = LinearModelCV(model, points=6, folds=splits).fit(X, Y, sample_weight=weight)
    two = LinearModelCV(model, points=6, folds=again).fit(X[row], Y[row])
    np.testing.assert_allclose(one.cv_errors_, two.cv_errors_, rtol=1e-5)
    np.testing.assert_allclose(one.coef_, two.coef_, atol=1e-5)


def test_groups_stay_together_and_time_goes_forward():
    X, Y = table(n=40)
    data = Tasks.from_arrays(X, Y, groups=np.arange(40) // 4)
    grouped = LinearModelCV(L21(), points=5).fit(data)
    given = LinearModelCV(L21(), points=5, folds=data.folds(5, by="group")).fit(data)
    assert np.array_equal(grouped.cv_errors_, given.cv_errors_)
    data = Tasks.from_arrays(X, Y, time=np.arange(40))
    forward = LinearModelCV(L21(), points=5, by="time", folds=3).fit(data)
    given = LinearModelCV(L21(), points=5, folds=data.folds(3, by="time")).fit(data)
    assert np.array_equal(forward.cv_errors_, given.cv_errors_)


def test_a_task_that_a_fold_cannot_judge_is_undefined_there():
    X, Y = table(n=40)
    Y[3:, 2] = np.nan
    splits = [(np.arange(10, 40), np.arange(10)), (np.arange(30), np.arange(30, 40))]
    found = LinearModelCV(L21(), points=5, folds=splits).fit(X, Y)
    assert np.isnan(found.cv_task_errors_[:, :, 2]).all()
    assert np.isfinite(found.cv_task_errors_[:, :, :2]).all()
    np.testing.assert_allclose(found.cv_errors_, found.cv_task_errors_[:, :, :2].mean(axis=2))


def test_a_fold_with_one_class_of_a_task_leaves_that_task_out():
    X, Y = table(n=40)
    Y = (Y > 2).astype(float)
    Y[:20, 1] = 0
    splits = [(np.arange(20), np.arange(20, 40)), (np.arange(20, 40), np.arange(20))]
    found = LinearClassifierCV(L21(), points=4, folds=splits, metric="log_loss").fit(X, Y)
    assert np.isnan(found.cv_task_errors_[0, :, 1]).all()
    assert np.isfinite(found.cv_task_errors_[0, :, 0]).all()
