"""The program: its verbs, and what an error looks like."""

import io
import subprocess
import sys

import pytest

from polytask import __version__
from polytask.cli import compare, describe
from polytask.cli import main as program
from polytask.cli.main import VERBS
from polytask.errors import DataError


def test_help_names_every_verb(polytask):
    said = polytask("--help")
    assert said.status == 0
    assert all(verb in said.out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_its_arguments(verb, polytask):
    said = polytask(verb, "--help")
    assert said.status == 0
    assert f"polytask {verb}" in said.out
    assert "--traceback" in said.out


def test_the_version_is_printed(polytask):
    assert polytask("--version").out.strip() == f"polytask {__version__}"


@pytest.mark.parametrize("words", [(), ("dance",), ("compare",), ("fit", "a.csv")])
def test_a_command_that_is_not_whole_is_status_two(words, polytask):
    said = polytask(*words)
    assert said.status == 2
    assert "usage" in said.err


def _raise(error):
    def run(args):
        raise error

    return run


def test_an_error_of_ours_is_one_line_and_status_two(polytask, monkeypatch):
    monkeypatch.setattr(describe, "run", _raise(DataError("Expected a.\n  Found b.")))
    said = polytask("describe", "x")
    assert (said.status, said.out) == (2, "")
    assert said.err == "polytask describe: Expected a. Found b.\n"


def test_traceback_shows_where_an_error_came_from(polytask, monkeypatch):
    monkeypatch.setattr(describe, "run", _raise(DataError("Found b.")))
    said = polytask("describe", "x", "--traceback")
    assert said.status == 2
    assert "Traceback" in said.err
    assert said.err.endswith("polytask describe: Found b.\n")


def test_a_bug_is_not_hidden(polytask, monkeypatch):
    monkeypatch.setattr(describe, "run", _raise(ZeroDivisionError("a bug")))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        polytask("describe", "x")


def test_an_interrupt_is_status_130(polytask, monkeypatch):
    monkeypatch.setattr(compare, "run", _raise(KeyboardInterrupt()))
    said = polytask("compare", "x")
    assert (said.status, said.err) == (130, "polytask: stopped\n")


def test_a_reader_that_has_seen_enough_is_no_error(polytask, monkeypatch, tmp_path):
    with (tmp_path / "out").open("w") as file:
        monkeypatch.setattr(describe, "run", _raise(BrokenPipeError()))
        monkeypatch.setattr(program.sys, "stdout", io.TextIOWrapper(file.buffer))
        assert polytask("describe", "x").status == 0


def test_the_module_is_the_program_and_bad_input_is_status_two(tmp_path):
    words = [sys.executable, "-m", "polytask.cli", "describe", "none.csv"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "none.csv" in done.stderr
    assert list(tmp_path.iterdir()) == []
