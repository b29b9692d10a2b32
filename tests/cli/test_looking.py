"""`polytask describe`, `list` and `datasets`."""

import numpy as np
import pytest

from polytask import Tasks
from polytask.cli.describe import text_of
from polytask.cli.source import Source
from polytask.labels import Descriptors


def test_a_table_is_described(exams, polytask, tmp_path):
    exams.loc[2:4, "hours"] = None
    exams.to_csv(tmp_path / "exams.csv", index=False)
    targets = ("--targets", "maths", "passed")
    said = polytask("describe", "exams.csv", *targets, "--group", "pupil", "--drop", "physics")
    assert said.status == 0
    for part in (
        "exams.csv: 60 rows, 3 inputs, 2 tasks, 113 labels (rows may lack labels)",
        "maths   regression  53      88%",
        "passed  binary      60      100%   0: ",
        "inputs: 2 numbers, 1 text, 1 with gaps",
        "hours  numbers   3",
        "eye    3 levels  0",
        "groups: 60",
    ):
        assert part in said.out, said.out


def test_a_data_set_is_described_with_its_splits(polytask):
    said = polytask("describe", "digits")
    assert "1,797 rows, 64 inputs, 10 tasks" in said.out
    assert "every row has every label" in said.out
    assert "official splits: 10" in said.out


def test_descriptors_are_shown():
    data = Tasks.from_arrays(np.zeros((3, 1)), np.arange(6.0).reshape(3, 2), names=["a", "b"])
    data = data.with_(descriptors=Descriptors(("size",), [[1.5], [2.5]]))
    text = text_of(Source("x", data, [], file=False))
    assert "task  size\na     1.5\nb     2.5" in text


def test_everything_on_the_shelf_is_listed_with_its_paper(polytask):
    said = polytask("list")
    assert said.status == 0
    for part in (
        "model\n",
        "penalty\n",
        "solver\n",
        "dataset\n",
        "l21 (also group-lasso",
        "L21  Sum of the lengths of the rows of W",
        "Argyriou, Evgeniou, Pontil. Multi-task feature learning. NIPS 2006.",
    ):
        assert part in said.out


def test_one_role_can_be_asked_for(polytask):
    said = polytask("list", "penalty")
    assert "L21" in said.out
    assert "School" not in said.out


def test_an_unknown_role_is_told_the_choices(polytask):
    said = polytask("list", "elephant")
    assert said.status == 2
    assert "penalty" in said.err


def test_data_sets_are_listed_with_their_place(polytask):
    said = polytask("datasets")
    lines = {line.split()[0]: line for line in said.out.splitlines()}
    assert lines["digits"].split()[1:] == ["1,797", "64", "10", "embedded"]
    assert "school" in lines


def test_a_data_set_that_is_not_here_says_so(polytask, monkeypatch, tmp_path):
    from polytask.datasets import store

    monkeypatch.setattr(store, "_beside_a_checkout", list)
    monkeypatch.setenv("POLYTASK_DATA", str(tmp_path))
    monkeypatch.setenv("POLYTASK_CACHE", str(tmp_path))
    said = polytask("datasets", "school")
    assert "found: to be downloaded" in said.out or "found: not here" in said.out
    said = polytask("datasets", "digits")
    assert "found: embedded" in said.out
    assert "licence:" in said.out


def test_an_unknown_data_set_is_status_two(polytask):
    said = polytask("datasets", "no-such-set")
    assert said.status == 2
    assert "no-such-set" in said.err


@pytest.mark.parametrize("word", ["--inputs", "--group"])
def test_columns_of_a_data_set_are_its_own(word, polytask):
    said = polytask("describe", "digits", word, "x0")
    assert said.status == 2
    assert word in said.err
