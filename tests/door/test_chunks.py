"""Chunks of files and arrays are the table, cut."""

import numpy as np
import pandas as pd
import pytest

from polytask import Tasks
from polytask.door import chunks
from polytask.errors import DataError, ParameterError
from polytask.kinds import Binary, Regression

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame(RNG.normal(size=(100, 3)), columns=["a", "b", "c"])
FRAME["maths"] = np.where(RNG.random(100) < 0.3, np.nan, RNG.normal(size=100))
FRAME["passed"] = RNG.integers(0, 2, 100)
FRAME["weight"] = RNG.random(100)
FRAME["note"] = "text"


@pytest.fixture
def file(tmp_path):
    FRAME.to_parquet(tmp_path / "pupils.parquet", row_group_size=40)
    return tmp_path / "pupils.parquet"


def test_a_parquet_file_comes_in_chunks_of_at_most_so_many_rows(file):
    found = list(chunks.parquet(file, ["maths"], inputs=["a", "b"], rows=25))
    assert max(one.n_rows for one in found) <= 25
    assert sum(one.n_rows for one in found) == 100
    whole = Tasks.from_frame(FRAME, ["maths"], inputs=["a", "b"], verbose=False)
    assert np.array_equal(np.vstack([one.X for one in found]), whole.X)
    labels = np.concatenate([one["maths"].y for one in found])
    assert np.array_equal(labels, whole["maths"].y)
    assert found[0].feature_names == ("a", "b")


def test_a_folder_of_files_is_one_table(tmp_path):
    for part in range(2):
        FRAME[50 * part : 50 * part + 50].to_parquet(tmp_path / f"part-{part}.parquet")
    found = list(chunks.parquet(tmp_path, ["maths"], drop=["note"]))
    assert sum(one.n_rows for one in found) == 100
    assert found[0].feature_names == ("a", "b", "c", "passed", "weight")


def test_weights_and_kinds_are_taken_by_name(file):
    options = {"weight": "weight", "drop": ["note"], "rows": 30}
    kinds = {"passed": "binary"}
    (first, *_) = chunks.parquet(file, ["maths", "passed"], kinds=kinds, **options)
    assert first.kinds == (Regression(), Binary())
    assert np.array_equal(first["passed"].weight, FRAME["weight"][: first.n_rows])
    # without a word zeros and ones are numbers: one chunk may hold none of the other values
    (first, *_) = chunks.parquet(file, ["maths", "passed"], **options)
    assert first.kinds == (Regression(), Regression())


def test_long_form_names_the_task_of_a_line(tmp_path):
    long = FRAME.melt(["a", "b"], ["maths", "passed"], "exam", "mark")
    long.to_parquet(tmp_path / "long.parquet")
    (data,) = chunks.parquet(tmp_path / "long.parquet", ["mark"], by="exam")
    assert data.names == ("maths", "passed")


def test_a_column_that_is_not_there_is_named(file):
    with pytest.raises(DataError, match=r"none called \['physics'\]"):
        next(chunks.parquet(file, ["physics"]))


def test_arrays_are_cut_as_views(tmp_path):
    np.save(tmp_path / "X.npy", RNG.normal(size=(10, 2)))
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    found = list(chunks.slices(X, np.arange(10.0), np.ones(10), rows=4))
    assert [len(y) for _, y, _ in found] == [4, 4, 2]
    assert all(np.shares_memory(part, X) for part, _, _ in found)
    with pytest.raises(DataError, match=r"as many labels and weights as rows, 10. Found \[9\]"):
        next(chunks.slices(X, np.zeros(9)))
    with pytest.raises(ParameterError, match="rows=0"):
        next(chunks.slices(X, np.zeros(10), rows=0))
