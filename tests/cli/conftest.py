"""A folder with a small table, and `polytask` called as a user calls it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from polytask.cli.main import main


@dataclass
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture
def polytask(capsys, monkeypatch, tmp_path):
    """Run a command in an empty folder: ``polytask("compare", "exams.csv", ...)``."""
    monkeypatch.chdir(tmp_path)

    def call(*words):
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as left:
            status = left.code
        return Said(status, *capsys.readouterr())

    return call


@pytest.fixture
def exams():
    """Sixty pupils: two numbers and a text column as inputs, three exams, gaps in one."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    frame = pd.DataFrame({"pupil": np.arange(60), "age": X[:, 0], "hours": X[:, 1]})
    frame["eye"] = rng.choice(["blue", "green", "grey"], 60)
    frame["maths"] = X @ [1, 2] + rng.normal(size=60)
    frame["physics"] = X @ [1, 1] + rng.normal(size=60)
    frame["passed"] = (X[:, 0] + rng.normal(size=60) > 0).astype(int)
    frame.loc[3:9, "maths"] = np.nan
    return frame


@pytest.fixture
def table(exams, tmp_path):
    """The exams as ``exams.csv`` in the folder of the test."""
    exams.to_csv(tmp_path / "exams.csv", index=False)
    return tmp_path / "exams.csv"
