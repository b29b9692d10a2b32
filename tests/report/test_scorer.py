"""Scorers inside scikit-learn's own tools, with gaps, in every form of labels."""

import numpy as np
import pandas as pd
import pytest
from report.small import Shrunk, classed, related
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from polytask import Independent, report
from polytask.errors import DataError, ParameterError, TaskError


def by_hand(data, metric, folds):
    """Mean over tasks per fold, by `evaluate`."""
    out = []
    for train, test in folds:
        model = Independent().fit(data.take(train))
        scores = report.evaluate(model, data.take(test), metrics=[metric])
        out.append(np.mean([row["value"] for row in scores.rows]))
    return out


def test_cross_val_score_takes_labels_with_gaps():
    data = related()
    folds = list(KFold(4).split(data.X))
    found = cross_val_score(
        Independent(), data.X, data.Y, scoring=report.scorer("rmse"), cv=KFold(4)
    )
    assert -found == pytest.approx(by_hand(data, "rmse", folds))


def test_cross_validate_gives_a_column_per_task():
    data = related(T=2)
    frame = pd.DataFrame(data.Y, columns=["maths", "music"])
    found = cross_validate(
        Independent(), data.X, frame, scoring=report.scorers("r2", ["maths", "music"]), cv=3
    )
    pair = (found["test_r2[maths]"] + found["test_r2[music]"]) / 2
    assert found["test_r2"] == pytest.approx(pair)


def test_a_search_in_a_pipeline_is_scored_by_the_model_at_its_end():
    data = related()
    pipe = make_pipeline(StandardScaler(), Shrunk())
    grid = {"shrunk__alpha": [0.1, 1e4]}
    search = GridSearchCV(pipe, grid, scoring=report.scorer("overall_rmse"), cv=3)
    search.fit(data.X, data.Y)
    assert search.best_params_ == {"shrunk__alpha": 0.1}
    value = report.scorer("overall_rmse")(search, data.X, data.Y)
    outputs = search.predict(data.X)
    here = np.isfinite(data.Y)
    assert value == pytest.approx(-np.sqrt(np.mean((outputs - data.Y)[here] ** 2)))


def test_binary_tasks_are_scored_by_their_probabilities():
    data = classed()
    model = Independent(LogisticRegression())
    model.fit(data.X, data.Y.astype(int))
    found = report.scorer("auc")(model, data.X, data.Y.astype(int))
    each = Independent(LogisticRegression()).fit(data)
    expected = report.evaluate(each, data, metrics=["auc"])["mean_auc"]
    assert found == pytest.approx(expected)


def test_long_form_is_scored_per_task():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=60), "school": rng.choice(["a", "b"], 60)})
    y = frame["x"].to_numpy() + (frame["school"] == "b") + 0.1 * rng.normal(size=60)
    model = Independent(LinearRegression(), task_column="school").fit(frame, y)
    a = frame["school"] == "a"
    residual = (model.predict(frame) - y)[a]
    found = report.scorer("rmse", task="a")(model, frame, y)
    assert found == pytest.approx(-np.sqrt(np.mean(residual**2)))


def test_weights_of_labels_count():
    data = related(gaps=0)
    model = Independent().fit(data)
    weight = np.random.default_rng(0).integers(0, 2, size=data.Y.shape).astype(float)
    holes = np.where(weight > 0, data.Y, np.nan)
    scorer = report.scorer("r2")
    assert scorer(model, data.X, data.Y, weight) == pytest.approx(scorer(model, data.X, holes))


def test_an_undefined_score_is_nan_with_a_warning_that_names_the_task():
    data = related(gaps=0)
    Y = data.Y.copy()
    model = Independent().fit(data.X, Y)
    Y[:, 0] = np.nan
    with pytest.warns(UserWarning, match=r"r2\[y0\] is undefined"):
        assert np.isnan(report.scorer("r2", task="y0")(model, data.X, Y))
    assert np.isfinite(report.scorer("r2")(model, data.X, Y))


def test_what_cannot_be_scored_is_refused():
    data = related()
    model = Independent().fit(data.X, data.Y)
    with pytest.raises(ParameterError, match="Unknown metric 'luck'"):
        report.scorer("luck")
    with pytest.raises(ParameterError, match="is over all tasks"):
        report.scorer("overall_rmse", task="y0")
    with pytest.raises(TaskError, match="Unknown task 'maths'"):
        report.scorer("r2", task="maths")(model, data.X, data.Y)
    with pytest.raises(DataError, match="Wrap it"):
        report.scorer("r2")(LinearRegression().fit(data.X, data.X), data.X, data.X)
