"""`polytask reproduce`: the exit status says whether the gates hold."""

import json

import pytest

from polytask import reproduce
from polytask.reproduce import Gate, Piece, Reproduction, Row


class Coin(Reproduction):
    """A table that needs no data: its one number is what the test says."""

    name, chapter, paper, protocol = "coin", "text", "Nobody. 2020.", "One throw."
    heads = 0.5
    thrown = 0

    def pieces(self, quick):
        return [Piece("throw", (quick, self.heads), self._throw)]

    def _throw(self):
        type(self).thrown += 1
        return {"heads": self.heads}

    def rows(self, records):
        value = (records["throw"]["heads"],) * 3
        return [Row("heads", "coin", "share", "1", value, 0.5, Gate(0.4, 0.6))]


@pytest.fixture
def coin(monkeypatch):
    """The only reproduction there is."""
    from polytask.reproduce import catalog

    monkeypatch.setattr(catalog, "classes", lambda: {"coin": Coin})
    monkeypatch.setattr(Coin, "heads", 0.5)
    monkeypatch.setattr(Coin, "thrown", 0)
    return Coin


def test_a_table_whose_gates_hold_is_status_zero_and_written(coin, polytask, tmp_path):
    said = polytask("reproduce", "coin", "--json", "coin.json")
    assert said.status == 0
    assert "Nobody. 2020." in said.out
    found = json.loads((tmp_path / "coin.json").read_text())
    assert set(found) == {"name", "paper", "protocol", "rows", "seconds"}
    assert found["rows"][0]["holds"] is True


def test_a_gate_that_does_not_hold_is_status_one(coin, polytask, monkeypatch):
    monkeypatch.setattr(coin, "heads", 0.9)
    assert polytask("reproduce", "coin").status == 1


def test_all_of_a_chapter_go_into_one_file(coin, polytask, tmp_path):
    said = polytask("reproduce", "--all", "--chapter", "text", "--json", "all.json")
    assert said.status == 0
    assert [one["name"] for one in json.loads((tmp_path / "all.json").read_text())] == ["coin"]
    said = polytask("reproduce", "--all", "--chapter", "linear", "--json", "none.json")
    assert (said.status, said.out.strip()) == (0, "")


def test_what_is_kept_is_not_done_again(coin, polytask):
    polytask("reproduce", "coin", "--out", "kept")
    polytask("reproduce", "coin", "--out", "kept")
    assert coin.thrown == 1


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ((), "--all"),
        (("coin", "--all"), "--all"),
        (("coin", "--chapter", "text"), "--chapter goes with --all"),
        (("--all", "--chapter", "poetry"), "poetry"),
        (("no-such-table",), "no-such-table"),
        (("coin", "--json", "nowhere/a.json"), "nowhere"),
    ],
)
def test_bad_words_are_status_two(words, part, coin, polytask):
    said = polytask("reproduce", *words)
    assert said.status == 2
    assert part in said.err


def test_reproductions_are_listed_with_their_papers(polytask):
    said = polytask("list", "reproduction")
    for name in reproduce.names():
        assert name in said.out
        assert reproduce.get(name).paper in said.out
