"""Rows with labels at positions: the words of a table, for what is none."""

import numpy as np
import pytest

from polytask.datasets.positions import Positions, tagged
from polytask.errors import DataError, ParameterError, TaskError
from polytask.kinds import Regression
from polytask.kinds.positions import Tagging
from polytask.task import Task

X = [("Go", "now"), ("She", "sleeps", "now"), ("Stay",)]
TAGS = {"pos": [("VB", "RB"), ("PRP", "VB", "RB"), ("VB",)]}


def sentences():
    return tagged(X, TAGS, groups=np.array([0, 0, 1]))


def test_labels_are_codes_that_decode_to_what_was_written():
    data = sentences()
    assert data.task("pos").kind.classes == ("PRP", "RB", "VB")
    assert data["pos"][1].tolist() == [0, 2, 1]
    assert data.decoded("pos") == TAGS["pos"]
    assert data.n_labels.tolist() == [6]


def test_rows_are_taken_with_their_labels_and_groups():
    some = sentences().take(np.array([False, True, True]))
    assert (X[1], X[2]) == some.X
    assert [row.tolist() for row in some["pos"]] == [[0, 2, 1], [2]]
    assert some.groups.tolist() == [0, 1]


def test_a_split_cuts_every_row_to_one_side():
    data = tagged([(str(i),) for i in range(40)], {"odd": [(str(i % 2),) for i in range(40)]})
    train, test = data.split(0.25, seed=3)
    assert (train.n_rows, test.n_rows) == (30, 10)
    assert sorted(train.X + test.X) == sorted(data.X)
    assert data.split(0.25, seed=3)[1].X == test.X
    assert data.split(0.25, seed=4)[1].X != test.X


def test_a_group_stays_together():
    train, test = sentences().split(0.5, by="group")
    assert {train.n_rows, test.n_rows} == {1, 2}
    with pytest.raises(ParameterError, match="by='group' where rows have groups"):
        tagged(X, TAGS).split(by="group")


def test_arrays_are_rows_too_and_gaps_are_no_labels():
    pictures = np.zeros((3, 1, 4, 4), np.float32)
    labels = np.full((3, 4, 4), np.nan)
    labels[1] = 1
    data = Positions(pictures, (Task("depth", Regression()),), {"depth": labels})
    assert data.n_labels.tolist() == [16]
    assert data.take([1]).X.shape == (1, 1, 4, 4)


def test_what_does_not_fit_is_refused_by_name():
    pos = Task("pos", Tagging(("a", "b")))
    with pytest.raises(DataError, match="Task 'pos' needs labels for each of the 3 rows"):
        Positions(tuple(X), (pos,), {"pos": [np.zeros(2)]})
    with pytest.raises(TaskError, match=r"The tasks are \['pos'\]. Found 'chunk'"):
        sentences().keep("chunk")
