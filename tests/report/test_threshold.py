"""Thresholds come from held-out rows of the training part."""

import numpy as np
import pytest

from polytask.kinds import Binary
from polytask.report.metrics import METRICS
from polytask.report.outcome import Outcome
from polytask.report.threshold import best_threshold, thresholds
from polytask.task import Task


def outcome(y, p, name="a"):
    p = np.asarray(p)
    return Outcome(Task(name, Binary()), np.asarray(y, float), np.column_stack([1 - p, p]), None)


def test_no_other_threshold_is_better():
    rng = np.random.default_rng(0)
    y = (rng.uniform(size=150) < 0.2).astype(float)
    p = np.clip(0.15 + 0.2 * y + rng.normal(0, 0.1, size=150), 0, 1)
    both = np.column_stack([1 - p, p])
    for name in ("accuracy", "balanced_accuracy", "f1"):
        metric = METRICS[name]
        found = metric(y, both, threshold=best_threshold(y, p, metric=metric))
        grid = max(metric(y, both, threshold=t) for t in np.linspace(0, 1, 2001))
        assert found == pytest.approx(grid)


def test_of_equal_thresholds_the_nearest_to_one_half_is_taken():
    assert best_threshold([0, 1], [0.4, 0.6], metric=METRICS["accuracy"]) == 0.5


def test_folds_of_a_task_are_put_together_and_tasks_are_not():
    folds = [outcome([0, 1], [0.1, 0.3]), outcome([0, 1], [0.15, 0.35]), outcome([1], [0.2], "b")]
    found = thresholds(folds, ["accuracy", "auc"])
    assert found["a", "accuracy"] == pytest.approx((0.15 + 0.3) / 2)
    assert set(found) == {("a", "accuracy"), ("b", "accuracy")}


def test_one_class_keeps_one_half_where_the_metric_is_undefined():
    assert best_threshold([1, 1], [0.2, 0.4], metric=METRICS["f1"]) == 0.5
