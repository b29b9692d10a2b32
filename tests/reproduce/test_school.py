"""The School table: its rows are judged by computation, its splits are the official ones."""

import numpy as np
import pytest

from polytask.reproduce import get

# What a run gave (per cent, the same in every split), near enough to fill a table.
SEEN = {
    "pooled ridge": 23.5,
    "independent ridge": 25.2,
    "L21": 25.9,
    "trace norm": 27.2,
    "mean-regularised": 28.1,
    "empirical Bayes": 28.4,
    "ASO": 28.1,
    "clustered": 28.0,
    "independent ridge, scaled": 23.3,
}


def records(seen, splits=10):
    return {
        f"{name} | split {i}": {
            "status": "ok",
            "overall": [
                {"metric": "explained_variance_within_task", "value": value / 100},
                {"metric": "explained_variance_pooled", "value": 0.36},
                {"metric": "overall_rmse", "value": 10.1},
            ],
        }
        for i in range(1, splits + 1)
        for name, value in seen.items()
    }


def judged(seen, splits=10):
    rows = list(get("school").rows(records(seen, splits)))
    return {(row.name, row.metric): row.holds for row in rows if row.gate is not None}


def test_every_model_has_its_rows_and_every_gate_holds():
    rows = list(get("school").rows(records(SEEN)))
    assert len(rows) == 9 + 5 + 9 + 9
    assert set(judged(SEEN).values()) == {True}
    assert len(judged(SEEN)) == 8 + 5


@pytest.mark.parametrize(
    ("name", "value", "broken"),
    [
        ("trace norm", 25.8, {"trace norm - L21"}),
        ("trace norm", 29.0, {"trace norm", "mean-regularised - trace norm"}),
        ("empirical Bayes", 27.8, {"empirical Bayes - mean-regularised"}),
        ("ASO", 26.9, {"ASO"}),
        ("clustered", 26.4, {"clustered"}),
        ("pooled ridge", 26.0, {"pooled ridge", "independent ridge - pooled ridge"}),
    ],
)
def test_a_number_outside_its_gate_or_out_of_order_is_seen(name, value, broken):
    holds = judged(SEEN | {name: value})
    assert {key[0] for key, good in holds.items() if not good} == broken


def test_three_splits_are_enough_for_the_order_only():
    holds = judged(SEEN, splits=3)
    assert {key[0] for key, good in holds.items() if good is None} == set(list(SEEN)[:8])
    assert list(holds.values()).count(True) == 5


def test_the_published_differences_are_those_of_the_published_numbers():
    rows = {row.name: row for row in get("school").rows(records(SEEN)) if row.gate is not None}
    assert rows["trace norm - L21"].published == 1.9
    assert rows["empirical Bayes - mean-regularised"].published is None


@pytest.mark.data("school")
def test_the_splits_are_the_official_ones_and_the_quick_ones_are_the_first():
    one = get("school")
    data = one.data()
    full, quick = one.splits(data, False), one.splits(data, True)
    assert len(full) == 10
    assert list(quick) == list(full)[:3]
    for train, test in full.values():
        assert (len(train), len(test)) == (11472, 3890)
        assert len(np.intersect1d(train, test)) == 0


@pytest.mark.data("school")
def test_a_piece_of_the_real_table_gives_the_number_of_empirical_bayes():
    one = get("school")
    piece = next(p for p in one.pieces(True) if p.name == "empirical Bayes | split 1")
    record = piece.work() | {"status": "ok"}
    value = one.values({piece.name: record}, "empirical Bayes", one.criterion, factor=100)[0]
    # 28.97 here; the first split of ten whose mean is 28.4 with deviation 1.5
    assert value == pytest.approx(28.97, abs=0.1)
    assert record["warnings"] == []
