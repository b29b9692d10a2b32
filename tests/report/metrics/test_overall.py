"""Sums over all tasks first, then one division: against one pooled table and by hand."""

import numpy as np
import pytest
from sklearn.metrics import r2_score, root_mean_squared_error

from polytask.report.metrics import (
    Undefined,
    explained_variance_pooled,
    explained_variance_within_task,
    mean_r2,
    overall_rmse,
    r2,
)


@pytest.fixture
def tables():
    rng = np.random.default_rng(0)
    y = [rng.normal(10 * t, 1 + t, size=4 + 3 * t) for t in range(4)]
    p = [v + rng.normal(size=len(v)) for v in y]
    w = [rng.uniform(0.5, 2, size=len(v)) for v in y]
    return y, p, w


def test_pooled_is_the_r2_of_all_rows_in_one_table(tables):
    y, p, w = tables
    found = explained_variance_pooled(y, p, w)
    flat = [np.concatenate(part) for part in tables]
    assert found == pytest.approx(r2_score(flat[0], flat[1], sample_weight=flat[2]))


def test_within_task_is_the_r2_after_each_task_lost_its_own_mean(tables):
    y, p, _ = tables
    centred = np.concatenate([v - v.mean() for v in y])
    moved = np.concatenate([q - v.mean() for v, q in zip(y, p)])
    assert explained_variance_within_task(y, p) == pytest.approx(r2_score(centred, moved))


def test_the_three_definitions_differ_where_tasks_differ(tables):
    y, p, _ = tables
    values = [explained_variance_within_task(y, p), explained_variance_pooled(y, p), mean_r2(y, p)]
    assert len({round(v, 3) for v in values}) == 3
    assert mean_r2(y, p) == pytest.approx(np.mean([r2(a, b) for a, b in zip(y, p)]))


def test_the_mean_of_each_task_explains_nothing_within_it(tables):
    y, _, w = tables
    mean = [np.full(len(v), np.average(v, weights=u)) for v, u in zip(y, w)]
    assert explained_variance_within_task(y, mean, w) == pytest.approx(0, abs=1e-12)
    assert explained_variance_pooled(y, mean, w) > 0.5


def test_a_task_of_one_row_adds_its_error_and_no_variance():
    # SSE = 0 + 4, SST = 2 + 0
    found = explained_variance_within_task([[1.0, 3.0], [5.0]], [[1.0, 3.0], [7.0]])
    assert found == pytest.approx(1 - 4 / 2)


def test_a_task_without_a_label_adds_nothing(tables):
    y, p, _ = tables
    more = [*y, np.zeros(0)], [*p, np.zeros(0)]
    for metric in (explained_variance_within_task, explained_variance_pooled, overall_rmse):
        assert metric(*more) == metric(y, p)


def test_the_overall_error_counts_every_cell_once(tables):
    y, p, _ = tables
    expected = root_mean_squared_error(np.concatenate(y), np.concatenate(p))
    assert overall_rmse(y, p) == pytest.approx(expected)


def test_nothing_to_explain_is_undefined():
    with pytest.raises(Undefined, match="all labels are equal"):
        explained_variance_within_task([[1.0], [2.0]], [[1.0], [2.0]])
    with pytest.raises(Undefined, match="no label"):
        overall_rmse([[]], [[]])
