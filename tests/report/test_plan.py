"""Splits: drawn once, apart, nested where they should be."""

import numpy as np
import pytest
from report.small import related

from polytask import Tasks
from polytask.errors import DataError, ParameterError
from polytask.report.plan import draw


@pytest.fixture
def grouped():
    data = related(n=60)
    return data.with_(groups=np.repeat(np.arange(20), 3), time=np.arange(60) // 2)


def apart(a, b):
    return not np.intersect1d(a, b).size


def test_a_group_is_on_one_side_in_outer_and_in_inner_folds(grouped):
    for split in draw(grouped, folds=4, repeats=2, inner=3, by="group", curve=[0.5]):
        groups = grouped.groups
        assert apart(groups[split.train], groups[split.test])
        for train, test in split.inner:
            inside = groups[split.train]
            assert len(split.inner) == 3
            assert apart(inside[train], inside[test])


def test_inner_folds_deal_the_training_rows_only(grouped):
    for split in draw(grouped, folds=4, inner=3, by="row"):
        for train, test in split.inner:
            assert np.array_equal(np.sort(np.r_[train, test]), np.arange(len(split.train)))


def test_by_time_the_past_trains_and_the_future_tests_inside_too(grouped):
    for split in draw(grouped, folds=3, inner=2, by="time"):
        assert grouped.time[split.train].max() < grouped.time[split.test].min()
        inside = grouped.time[split.train]
        assert all(inside[train].max() < inside[test].min() for train, test in split.inner)


def test_the_same_seed_draws_the_same_and_another_seed_does_not(grouped):
    one, same, other = (draw(grouped, by="row", seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(a.test, b.test) for a, b in zip(one, same))
    assert all(np.array_equal(a.inner[0][0], b.inner[0][0]) for a, b in zip(one, same))
    assert not all(np.array_equal(a.test, b.test) for a, b in zip(one, other))


@pytest.mark.parametrize("by", ["row", "within", "group", "time"])
def test_smaller_training_parts_lie_inside_larger_ones(grouped, by):
    splits = draw(grouped, folds=3, by=by, curve=[0.25, 0.5, 1])
    assert [s.fraction for s in splits] == [1.0] * 3 + [0.25] * 3 + [0.5] * 3
    for full, quarter, half in zip(splits[:3], splits[3:6], splits[6:]):
        assert set(quarter.train) < set(half.train) < set(full.train)
        assert np.array_equal(full.test, quarter.test)
        assert 0.15 * len(full.train) <= len(quarter.train) <= 0.4 * len(full.train)


def test_a_share_of_separate_data_sets_is_a_share_of_each():
    X = np.random.default_rng(0).normal(size=(40, 2))
    data = Tasks.stack({"large": (X, X[:, 0]), "small": (X[:8], X[:8, 1])})
    half = draw(data, folds=2, curve=[0.5])[2]
    assert data.take(half.train).n_labels.tolist() == [10, 2]


def test_given_splits_are_taken_as_masks_or_rows(grouped):
    mask = np.arange(60) < 45
    data = related(n=60)
    (a,) = draw(data, splits=[(mask, ~mask)])
    (b,) = draw(data, splits=[(np.arange(45)[::-1], np.arange(45, 60))])
    assert np.array_equal(a.train, b.train)
    assert np.array_equal(a.test, b.test)


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (([0, 1, 2], [2, 3]), r"Found 1 rows in both, \[2\] first"),
        (([0, 1], [60]), "0 to 59"),
        (([0, 1], []), "empty or outside"),
        ((np.ones(59, bool), [3]), "masks of that"),
    ],
)
def test_given_splits_that_cannot_be_are_refused(pair, message):
    with pytest.raises(DataError, match=message):
        draw(related(n=60), splits=[pair])


def test_given_splits_that_cut_a_group_are_refused(grouped):
    with pytest.raises(DataError, match=r"Found 1 groups on both, \[1\] first"):
        draw(grouped, splits=[(np.arange(4), np.arange(4, 60))])


def test_a_split_that_is_no_pair_is_refused():
    with pytest.raises(ParameterError, match=r"two parts, \(train, test\)"):
        draw(related(n=60), splits=[3])


def test_a_curve_outside_its_range_is_refused():
    with pytest.raises(ParameterError, match="shares in"):
        draw(related(), curve=[0.5, 1.5])
