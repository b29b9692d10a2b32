"""What the renderers read from a report, worked out by hand."""

import pytest
from report.example import example
from report.world import METRIC

from polytask.report import Report
from polytask.report.render import lookup

SCORE = {"split": 0, "metric": "rmse", "n": 3, "note": ""}
GAIN = {"model": "m", "baseline": "b", "task": "t", "metric": "rmse", "p": None, "p_holm": None}
GAIN |= {"verdict": "cannot tell", "n_splits": 2}


def test_means_skip_what_is_undefined_and_are_undefined_without_values():
    assert lookup.mean([1.0, None, 3.0]) == 2.0
    assert lookup.mean([None]) is None


def test_the_interval_of_a_gain_is_scaled_as_the_gain_is():
    gain = GAIN | {"gain": 0.1, "difference": 0.2, "low": -0.1, "high": 0.5}
    assert lookup.relative_interval(Report(), gain) == pytest.approx((-0.05, 0.25))


def test_the_interval_of_a_gain_of_zero_is_scaled_by_the_baselines_mean():
    scores = [SCORE | {"model": "b", "task": "t", "value": v} for v in (3.0, 5.0)]
    gain = GAIN | {"gain": 0.0, "difference": 0.0, "low": -2.0, "high": 2.0}
    assert lookup.relative_interval(Report(scores=scores), gain) == (-0.5, 0.5)


def test_an_interval_without_a_scale_is_unknown():
    gain = GAIN | {"gain": 0.0, "difference": 0.0, "low": -2.0, "high": 2.0}
    assert lookup.relative_interval(Report(), gain) == (None, None)


def test_the_headline_metric_is_the_recipes_where_it_was_measured():
    overall = [{"model": "m", "metric": name, "split": 0, "value": 1.0} for name in ("a", "b")]
    assert lookup.headline_metric(Report(overall=overall, recipe={"metric": "b"})) == "b"
    assert lookup.headline_metric(Report(overall=overall)) == "a"


def test_tasks_of_several_metrics_without_an_overall_one_have_no_common_score():
    base = {"kind": "regression", "n_labels": 1, "n_rows": 1}
    tasks = [base | {"name": name, "metric": name} for name in ("rmse", "auc")]
    assert lookup.headline_metric(Report(tasks=tasks)) is None


def test_scores_of_a_task_are_of_its_own_metric_unless_one_is_named():
    report = example(splits=2)
    expected = lookup.mean(
        r["value"] for r in report.scores if (r["model"], r["task"]) == ("L21", "maths")
    )
    assert lookup.task_scores(report)["L21", "maths"] == expected
    assert lookup.task_scores(report, METRIC)["L21", "maths"] == expected
    assert lookup.task_scores(report, "another") == {}
