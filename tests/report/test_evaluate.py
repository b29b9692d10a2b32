"""One line per task and metric; the tasks that the test part has."""

import numpy as np
import pytest
from report.small import classed, related
from sklearn.metrics import roc_auc_score, root_mean_squared_error

from polytask import Independent, report
from polytask.errors import ParameterError, TaskError


def test_a_line_per_task_and_metric_with_the_labels_that_were_used():
    train, test = related().split(seed=0)
    text = str(report.evaluate(Independent().fit(train), test))
    lines = [line.split() for line in text.splitlines()]
    assert [line[2] for line in lines[:3]] == ["rmse", "r2", "mae"]
    assert lines[0][-2:] == [str(test["task 0"].n), "labels"]
    assert len(lines) == 3 * 3 + 6


def test_scores_are_those_of_scikit_learn_on_the_labelled_rows():
    train, test = related().split(seed=0)
    model = Independent().fit(train)
    rows, y = test["task 1"].rows, test["task 1"].y
    expected = root_mean_squared_error(y, model.predict(test.X[rows])[:, 1])
    assert report.evaluate(model, test)["task 1", "rmse"] == pytest.approx(expected)


def test_the_test_part_may_lack_tasks_of_the_training_part():
    train, test = related().split(seed=0)
    scores = report.evaluate(Independent().fit(train), test.keep("task 2"))
    assert {row["task"] for row in scores.rows} == {"task 2"}


def test_binary_tasks_are_scored_by_probabilities():
    train, test = classed(n=300).split(seed=0)
    model = Independent().fit(train)
    scores = report.evaluate(model, test)
    p = model.predict_proba(test.X)[:, 0]
    assert scores["class 0", "auc"] == pytest.approx(roc_auc_score(test["class 0"].y, p))


def test_an_undefined_score_says_why():
    data = classed()
    one = data.take(np.flatnonzero(data["class 0"].y == 1))
    scores = report.evaluate(Independent().fit(data), one)
    assert scores["class 0", "auc"] is None
    assert "undefined (one class only)" in str(scores)


def test_nothing_in_common_and_unknown_names_are_refused():
    train, test = related().split(seed=0)
    with pytest.raises(TaskError, match="labels of a task that the model knows"):
        report.evaluate(Independent().fit(train), classed())
    with pytest.raises(ParameterError, match="Unknown metric 'luck'"):
        report.evaluate(Independent().fit(train), test, metrics=["luck"])
    with pytest.raises(TaskError, match="No score"):
        report.evaluate(Independent().fit(train), test)["task 9", "r2"]
