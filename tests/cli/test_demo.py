"""`polytask demo` and the progress of a comparison."""

import io

import pytest

from polytask import datasets, report
from polytask.cli.progress import Shown
from polytask.report import Progress, Report


@pytest.fixture
def asked(monkeypatch):
    found = {}

    def compare(data, models, **options):
        found.update(options, data=data, models=models)
        return Report()

    monkeypatch.setattr(report, "compare", compare)
    return found


def test_without_school_the_embedded_digits_are_compared_with_few_rows_to_learn_from(
    polytask, asked, monkeypatch
):
    monkeypatch.setattr(datasets.School, "here", lambda self: False)
    said = polytask("demo")
    assert said.status == 0
    assert len(asked["models"]) == 6
    assert [len(train) for train, _ in asked["splits"]] == [60] * 4
    assert "$ polytask compare 'Digits(train_rows=60)'" in said.err


@pytest.mark.data("school")
def test_with_school_its_official_splits_are_compared(polytask, asked):
    polytask("demo")
    assert asked["data"].n_tasks == 139
    assert len(asked["splits"]) == 3
    assert len(asked["models"]) == 6


def test_the_page_is_written_where_it_is_wanted(polytask, asked, monkeypatch, tmp_path):
    pytest.importorskip("plotly")
    monkeypatch.setattr(datasets.School, "here", lambda self: False)
    monkeypatch.setattr(Report, "save", lambda self, path: (tmp_path / path).write_text("page"))
    polytask("demo", "--html", "out/demo.html")
    assert (tmp_path / "out" / "demo.html").read_text() == "page"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def step(done, status="ok"):
    return Progress(done, 9, "l21", 0, 3.0, 4.0, status)


def test_a_terminal_shows_one_line_that_is_rewritten_and_left_empty():
    stream = Terminal()
    shown = Shown(stream)
    shown(step(1))
    shown(step(2))
    shown.end()
    assert "\n" not in stream.getvalue()
    assert "2/9 l21" in stream.getvalue()
    assert stream.getvalue().endswith(" \r")


def test_a_log_shows_a_line_now_and_then_and_every_failure():
    stream = io.StringIO()
    shown = Shown(stream)
    shown(step(1))
    shown(step(2, "failed"))
    shown.last -= 11
    shown(step(3))
    shown.end()
    lines = stream.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["2/9", "3/9"]
