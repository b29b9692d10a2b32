"""The table of alphabets: how drawings are dealt, what chooses, and its gates."""

import numpy as np
import pytest

from polytask.reproduce import get, omniglot_alphabets

pytest.importorskip("torch")


def made(**changed):
    """Records in which the second candidate is best on the drawings that choose."""
    numbers = {}
    for method in omniglot_alphabets.TEXTS:
        numbers[f"{method}, held"] = [60.0, 50.0]
        numbers[method] = [10.0, 55.0]
    numbers |= changed
    one = get("omniglot-alphabets")
    records = {f"20 % | {seed}": {"status": "ok"} | numbers for seed in range(one.seeds)}
    return {row.name: row for row in one.rows(records)}


def test_the_drawings_that_choose_are_not_those_of_the_test():
    rows = made()
    assert rows["separate"].values == (55.0,) * 5
    assert not [row for row in rows.values() if row.holds is False]


def test_a_trace_norm_that_is_worse_than_separate_nets_is_seen():
    rows = made(**{"trace norm, tt": [10.0, 56.0], "factors, tt": [10.0, 57.0]})
    assert rows["trace norm, tt against separate"].holds is False
    assert rows["trace norm, laf against separate"].holds is True
    assert rows["factors, tt against separate"].holds is None


@pytest.mark.data("omniglot_small1")
def test_every_character_is_dealt_to_all_three_parts():
    parts = omniglot_alphabets.dealt(np.random.default_rng(0))
    assert [part.n_rows for part in parts] == [544, 272, 1904]
    for part, count in zip(parts, (4, 2, 14), strict=True):
        assert all((np.bincount(one.y.astype(int)) == count).all() for one in part)
    assert sum(len(part.X) for part in parts) == len(omniglot_alphabets._drawings().X)


@pytest.mark.data("omniglot_small1")
def test_a_draw_gives_the_numbers_that_the_rows_ask_for(monkeypatch):
    monkeypatch.setattr(omniglot_alphabets, "STEPS", 3)
    two = omniglot_alphabets._drawings()
    two = two.keep(*two.names[:2])
    monkeypatch.setattr(omniglot_alphabets, "_drawings", lambda: two)
    one = get("omniglot-alphabets")
    (piece,) = one.pieces(True)
    record = piece.work()
    assert all(row.complete for row in one.rows({piece.name: record}))
