"""The Computer survey table: what is held out, and what is judged."""

import numpy as np
import pytest

from polytask.reproduce import get

SEEN = {
    "independent ridge": 2.3,
    "pooled ridge": 2.5,
    "mean-regularised": 2.0,
    "L21": 1.95,
    "trace norm": 1.9,
    "empirical Bayes": 1.85,
    "lasso": 2.0,
    "L1Linf": 2.2,
    "plain trace norm": 1.95,
    "ASO": 1.93,
    "ConvexASO": 1.94,
    "clustered": 1.88,
}


def records(seen, seeds=10):
    return {
        f"{name} | {protocol} {seed}": {
            "status": "ok",
            "overall": [{"metric": "overall_rmse", "value": value + (protocol == "B")}],
        }
        for seed in range(seeds)
        for protocol in "AB"
        for name, value in seen.items()
    }


def judged(seen, seeds=10):
    rows = get("computer-survey").rows(records(seen, seeds))
    return {row.name: row.holds for row in rows if row.gate is not None}


def test_the_gates_are_those_of_protocol_a():
    rows = get("computer-survey").rows(records(SEEN))
    assert len(rows) == 6 + 1 + 6 + 12
    assert judged(SEEN) == dict.fromkeys(
        ["pooled ridge", "trace norm", "empirical Bayes", "empirical Bayes - trace norm"], True
    )
    later = {row.name: row.measured for row in rows if row.name.endswith(", B")}
    assert later["trace norm, B"] == pytest.approx(2.9)


@pytest.mark.parametrize(
    ("name", "value", "broken"),
    [
        ("trace norm", 2.01, {"trace norm"}),
        ("empirical Bayes", 1.96, {"empirical Bayes", "empirical Bayes - trace norm"}),
        ("pooled ridge", 2.7, {"pooled ridge"}),
    ],
)
def test_a_number_outside_its_gate_is_seen(name, value, broken):
    assert {key for key, good in judged(SEEN | {name: value}).items() if not good} == broken


def test_two_seeds_are_enough_for_the_gates_of_the_quick_form():
    assert judged(SEEN, seeds=2)["trace norm"] is True
    assert judged(SEEN, seeds=2)["empirical Bayes - trace norm"] is None


@pytest.mark.data("computer_survey")
def test_every_person_has_another_draw_of_profiles():
    one = get("computer-survey")
    data = one.data()
    splits = one.splits(data, False)
    assert (data.n_rows, data.n_tasks, len(splits)) == (3800, 190, 20)
    for name, (train, test) in splits.items():
        n = 15 if name.startswith("A") else 8
        assert (len(train), len(test)) == (190 * n, 190 * (20 - n))
        assert set(data.take(train).n_labels) == {n}
    drawn = [splits["A 0"][0][15 * t : 15 * t + 15] % 20 for t in range(190)]
    assert len({tuple(one) for one in drawn}) > 180
    # the same seed gives the same draw
    assert np.array_equal(one.splits(data, True)["A 1"][0], splits["A 1"][0])
