"""Splits: a row, or a group, is never on both sides, and every task is on both."""

import numpy as np
import pytest

from polytask import Tasks
from polytask.errors import DataError, ParameterError

rng = np.random.default_rng(0)


def separate(sizes=(40, 20, 8)):
    return Tasks.stack(
        {f"t{i}": (rng.normal(size=(n, 2)), rng.normal(size=n)) for i, n in enumerate(sizes)}
    )


def holes(n=120, T=4, classes=True):
    Y = (rng.random((n, T)) < 0.2).astype(float)
    Y[rng.random((n, T)) < 0.4] = np.nan
    return Tasks.from_arrays(rng.normal(size=(n, 2)), Y, kinds="binary" if classes else None)


@pytest.mark.parametrize("by", ["within", "row"])
def test_folds_cover_every_row_once_and_training_is_the_rest(by):
    data = holes()
    folds = data.folds(5, seed=1, by=by)
    tested = np.sort(np.concatenate([test for _, test in folds]))
    assert np.array_equal(tested, np.arange(data.n_rows))
    for train, test in folds:
        assert len(np.intersect1d(train, test)) == 0
        assert len(train) + len(test) == data.n_rows


def test_within_cuts_every_task_in_proportion():
    for _, test in separate().folds(4, seed=0):
        found = separate().take(test).n_labels
        assert np.all(np.abs(found - [10, 5, 2]) <= 1), found


def test_within_keeps_the_classes_of_every_task_in_proportion():
    data = holes()
    for _, test in data.folds(4, seed=0):
        part = data.take(test)
        for one, whole in zip(part, data, strict=True):
            assert abs(one.y.sum() - whole.y.sum() / 4) <= 2.5, one.task.name


def test_within_makes_folds_of_about_the_same_size():
    sizes = [len(test) for _, test in holes().folds(5, seed=0)]
    assert max(sizes) - min(sizes) <= 1, sizes


def test_a_group_is_never_on_both_sides():
    groups = rng.integers(0, 17, 120)
    data = holes().with_(groups=groups)
    for train, test in data.folds(4, seed=0):
        assert not set(groups[train]) & set(groups[test])
    train, test = data.split(0.25, seed=0)
    assert not set(train.groups) & set(test.groups)


def test_by_time_training_comes_before_testing():
    time = rng.integers(0, 30, 120)
    data = holes().with_(time=time)
    for train, test in data.folds(4, by="time"):
        assert time[train].max() < time[test].min()
    train, test = data.split(0.25, by="time")
    assert train.time.max() < test.time.min()
    assert 0.15 < test.n_rows / 120 < 0.35


def test_a_mask_is_taken_as_it_is():
    data = separate()
    mask = np.arange(data.n_rows) % 3 > 0
    train, test = data.split(masks=mask)
    assert np.array_equal(train.X, data.X[mask]) and np.array_equal(test.X, data.X[~mask])


def test_the_same_seed_cuts_the_same_and_another_seed_does_not():
    data = holes()
    a, b, c = (data.folds(5, seed=s) for s in (3, 3, 4))
    assert all(np.array_equal(x[1], y[1]) for x, y in zip(a, b, strict=True))
    assert any(not np.array_equal(x[1], y[1]) for x, y in zip(a, c, strict=True))


def test_a_share_of_three_tenths_is_about_three_tenths():
    train, test = holes().split(0.3, seed=0)
    assert abs(test.n_rows / 120 - 0.3) < 0.06
    assert train.n_rows + test.n_rows == 120


def test_what_cannot_be_cut_is_said():
    with pytest.raises(DataError, match="column of groups"):
        holes().folds(3, by="group")
    with pytest.raises(ParameterError, match="sideways"):
        holes().folds(3, by="sideways")
    with pytest.raises(ParameterError, match="k=1"):
        holes().folds(1)
    with pytest.raises(DataError, match="mask"):
        holes().split(masks=[True])
