"""Digits: ten tasks without a download, with few labels or few training rows on request."""

import numpy as np
import pytest

from polytask import datasets
from polytask.errors import ParameterError


def test_every_row_is_exactly_one_digit():
    data = datasets.load("digits")
    assert (data.Y.sum(axis=1) == 1).all()
    assert data.shared


def test_few_labels_are_a_draw_with_a_tenth_positive():
    data = datasets.Digits(labels_per_task=40, seed=3).load()
    full = datasets.load("digits")
    for labels in data:
        assert (labels.n, labels.y.sum()) == (40, 4)
        assert (np.diff(labels.rows) > 0).all()
        known = full[labels.task.name].y[labels.rows]
        assert np.array_equal(labels.y, known)


def test_a_seed_gives_the_same_labels_again_and_another_one_others():
    def rows(seed):
        return datasets.Digits(labels_per_task=20, seed=seed).load()["digit 3"].rows.tolist()

    assert rows(1) == rows(1) != rows(2)


def test_splits_have_as_many_rows_of_each_digit():
    data = datasets.load("digits")
    splits = datasets.Digits(train_rows=50, repeats=3).splits()
    assert len(splits) == 3
    for train, test in splits:
        assert data.Y[train].sum(axis=0).tolist() == [5] * 10
        assert sorted([*train, *test]) == list(range(1797))
    assert splits[0][0].tolist() != splits[1][0].tolist()


@pytest.mark.parametrize(
    "options", [{"labels_per_task": 3}, {"train_rows": 5}, {"repeats": 0}, {"train_rows": 1750}]
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ParameterError, match=f"Digits needs {next(iter(options))}"):
        datasets.Digits(**options)
