"""Planted groups: what is drawn, and that wrong groups or changed answers are seen."""

import json

import numpy as np
import pytest

from polytask.reproduce import adaptive_sharing, get

pytest.importorskip("torch")


def test_a_draw_gives_the_numbers_that_the_rows_ask_for(monkeypatch):
    monkeypatch.setattr(adaptive_sharing, "FIRST", 2)
    monkeypatch.setattr(adaptive_sharing, "MORE", 1)
    one = get("adaptive-sharing")
    records = {piece.name: {"status": "ok"} | piece.work() for piece in one.pieces(True)}
    assert [piece.work() for piece in one.pieces(True)] == [
        {key: value for key, value in record.items() if key != "status"}
        for record in records.values()
    ]
    assert json.loads(json.dumps(records)) == records
    assert records["groups | 0"]["changed"] == 0
    assert all(row.complete for row in one.rows(records | more(one, records)))


def more(one, records):
    """The same numbers for all draws."""
    return {
        f"{setting} | {seed}": records[f"{setting} | 0"]
        for setting in one.settings
        for seed in range(one.seeds)
    }


def test_half_of_the_labels_of_every_task_are_positive_and_groups_agree():
    train, test = adaptive_sharing.drawn(np.random.default_rng(0))
    Y = np.vstack([train.Y, test.Y])
    np.testing.assert_allclose(Y.mean(0), 0.5, atol=1e-9)
    C = np.corrcoef(Y.T)
    same = adaptive_sharing.GROUPS[:, None] == adaptive_sharing.GROUPS
    assert C[same].min() > np.abs(C[~same]).max()


def test_wrong_groups_changed_answers_and_bad_rows_are_seen():
    one = get("adaptive-sharing")
    rows = {key: [0.8, 0.7, 0.6, 0.4, 0.3, 0.03, 0.02, 0.02] for key in ("SOMP", "random", "bound")}
    numbers = dict.fromkeys(adaptive_sharing.METHODS, 0.9) | {"branches by stability": 3.0}

    def broken(somp=0.03, **groups):
        picked = rows | {"SOMP": [*rows["SOMP"][:5], somp, 0.02, 0.02]}
        first = {"rows | 0": picked, "groups | 0": numbers | groups}
        return {row.name for row in one.rows(more(one, first)) if row.holds is False}

    assert broken(rand=1.0, changed=0.0) == set()
    assert broken(rand=0.6, changed=1.0) == {"three branches", "the split"}
    assert broken(somp=0.1, rand=1.0, changed=0.0) == {"SOMP, 6 picks"}
