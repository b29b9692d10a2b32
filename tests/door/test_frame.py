"""Data frames, wide and long, from three libraries."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from polytask import Tasks
from polytask.errors import DataError, PolytaskError, TaskError
from polytask.kinds import Binary, Multiclass, Regression

PUPILS = pd.DataFrame(
    {
        "age": [9.0, 10.0, 11.0, 12.0],
        "eye": ["blue", "grey", "blue", "green"],
        "maths": [1.0, None, 3.0, 4.0],
        "passed": [0, 1, 1, 0],
        "music": ["a", "b", None, "c"],
    }
)
LIBRARIES = {"pandas": lambda f: f, "polars": pl.from_pandas, "arrow": pa.Table.from_pandas}
frames = pytest.mark.parametrize("turn", LIBRARIES.values(), ids=LIBRARIES)


def read(frame, targets, **options):
    return Tasks.from_frame(frame, targets, verbose=False, **options)


@frames
def test_every_library_gives_the_same_table(turn):
    data = read(turn(PUPILS), ["maths", "passed", "music"])
    assert data.feature_names == ("age", "eye")
    assert data.inputs[1].levels == ("blue", "green", "grey")
    assert data.X[:, 1].tolist() == [0, 2, 0, 1]
    assert data.kinds == (Regression(), Binary(), Multiclass(("a", "b", "c")))
    assert data.n_labels.tolist() == [3, 4, 3]


@frames
def test_wide_and_long_with_a_row_key_are_the_same_table(turn):
    wide = PUPILS[["age", "maths", "passed"]].assign(pid=range(4))
    long = wide.melt(["age", "pid"], ["maths", "passed"], "exam", "score").sort_values("pid")
    a = read(turn(wide), ["maths", "passed"], row="pid", kinds={"passed": "regression"})
    b = read(turn(long.reset_index(drop=True)), ["score"], by="exam", row="pid")
    assert a.names == b.names and np.array_equal(a.X, b.X)
    assert np.array_equal(a.Y, b.Y, equal_nan=True)


def test_several_targets_in_long_form_are_named_after_both():
    long = pd.DataFrame({"x": [1.0, 2.0], "who": ["p", "q"], "a": [1, 2], "b": [3, 4]})
    assert read(long, ["a", "b"], by="who").names == ("p/a", "p/b", "q/a", "q/b")


def test_groups_times_and_weights_come_from_columns():
    frame = pd.DataFrame(
        {"x": [1.0, 2, 3], "g": ["a", "a", "b"], "t": [3, 1, 2], "w": [1, 2, 0], "y": [1.0, 2, 3]}
    )
    data = read(frame, ["y"], group="g", time="t", weight="w")
    assert data.feature_names == ("x",)
    assert data.groups.tolist() == ["a", "a", "b"] and data.time.tolist() == [3, 1, 2]
    assert data["y"].w.tolist() == [1, 2]


def test_what_was_taken_is_said(capsys):
    Tasks.from_frame(PUPILS, ["maths", "passed"], drop=["music"])
    said = capsys.readouterr().err
    assert "inputs: age, eye*" in said and "passed (binary)" in said


def test_a_label_column_left_among_the_inputs_is_found_by_its_gaps():
    with pytest.raises(DataError, match="Input column 'maths' has 1 gaps in 4 rows"):
        read(PUPILS, ["passed"], drop=["music"])


def test_gaps_may_be_kept_for_an_encoder():
    data = read(PUPILS, ["passed"], drop=["music"], gaps="keep")
    assert np.isnan(data.X[1]).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("frame", "targets", "options", "words"),
    [
        (PUPILS, ["latin"], {}, r"Unknown columns \['latin'\]"),
        (PUPILS.iloc[:0], ["maths"], {}, "0 rows"),
        (PUPILS.assign(day=pd.Timestamp("2020-01-01")), ["maths"], {"drop": ["music"]}, "dates"),
        (
            PUPILS.assign(maths=["x", "y", "x", "z"]),
            ["maths"],
            {"kinds": {"maths": "regression"}, "drop": ["music"]},
            "row 0",
        ),
        (
            PUPILS.assign(eye=list("abcd")),
            ["passed"],
            {"max_levels": 3, "inputs": ["eye"]},
            "4 levels",
        ),
        (PUPILS.assign(age=np.inf), ["passed"], {"inputs": ["age"]}, "infinity in \\['age'\\]"),
        (PUPILS.assign(k=[1, 1, 2, 3]), ["passed"], {"row": "k", "inputs": ["age"]}, "k=1"),
        (PUPILS, ["maths"], {"inputs": ["maths"]}, "named as inputs"),
        (pd.concat([PUPILS, PUPILS[["age"]]], axis=1), ["maths"], {}, r"\['age'\] more than once"),
    ],
)
def test_a_bad_table_is_refused_in_words(frame, targets, options, words):
    with pytest.raises(PolytaskError, match=words):
        read(frame, targets, **options)


def test_a_task_of_one_class_is_refused_by_name():
    with pytest.raises(DataError, match=r"'music'.*1 class"):
        read(PUPILS.assign(music="a"), ["music"], inputs=["age"])


def test_a_task_without_a_label_is_refused_unless_allowed():
    empty = PUPILS.assign(maths=np.nan)
    with pytest.raises(TaskError, match="maths"):
        read(empty, ["maths", "passed"], drop=["music"])
    assert read(empty, ["maths", "passed"], drop=["music"], allow_empty=True).n_labels[0] == 0


def test_two_labels_of_one_task_in_one_row_are_refused():
    long = pd.DataFrame({"x": [1.0, 1.0], "k": [7, 7], "task": ["a", "a"], "y": [1, 2]})
    with pytest.raises(DataError, match="two labels of task 'a'"):
        read(long, ["y"], by="task", row="k")
