"""A test that needs data is skipped by name and counted, or fails where data were promised."""

import importlib.util
from pathlib import Path

import pytest

import polytask
from polytask.datasets import store

PATH = Path(polytask.__file__).parent.parent / "tests" / "conftest.py"


class Item:
    """A test that carries one mark."""

    def __init__(self, *names):
        self.mark = pytest.mark.data(*names).mark

    def iter_markers(self, name):
        return [self.mark] if name == "data" else []


class Terminal:
    """Keeps the lines it is given."""

    def __init__(self):
        self.lines = []

    def write_line(self, line):
        self.lines.append(line)


@pytest.fixture
def hooks(monkeypatch, tmp_path):
    """The hooks of the tests, on a machine that has no data anywhere."""
    spec = importlib.util.spec_from_file_location("the_hooks", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(store, "_beside_a_checkout", list)
    monkeypatch.setenv("POLYTASK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("POLYTASK_DATA", raising=False)
    return module


def summary(hooks):
    terminal = Terminal()
    hooks.pytest_terminal_summary(terminal)
    return terminal.lines


def test_without_data_the_test_is_skipped_by_name_and_counted(hooks):
    for _ in range(2):
        with pytest.raises(pytest.skip.Exception, match="needs the data set 'school'"):
            hooks.pytest_runtest_setup(Item("digits", "school"))
    assert summary(hooks) == ["2 tests skipped because data sets are absent: school (2)"]


def test_where_data_were_promised_a_missing_set_fails(hooks, monkeypatch, tmp_path):
    monkeypatch.setenv("POLYTASK_DATA", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="'school' is not there"):
        hooks.pytest_runtest_setup(Item("school"))
    assert summary(hooks) == []


def test_with_data_and_with_embedded_sets_the_test_runs(hooks, monkeypatch, tmp_path):
    monkeypatch.setenv("POLYTASK_DATA", str(tmp_path))
    (tmp_path / "school").mkdir()
    for name in ("school.npz", "splits.npz"):
        (tmp_path / "school" / name).write_bytes(b"only the place is looked at")
    hooks.pytest_runtest_setup(Item("school", "digits"))
    assert summary(hooks) == []
