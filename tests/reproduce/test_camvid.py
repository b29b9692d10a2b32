"""The table of road scenes: official pictures, scores by hand, and one small training."""

import numpy as np
import pytest

from polytask.reproduce import camvid, get
from polytask.reproduce.camvid import TASKS, WAYS, Form


def test_scores_leave_gaps_out():
    y = np.array([[0.0, np.nan], [20.0, 4.0]])
    answer = np.array([[1.0, 9.0], [10.0, 2.0]])
    assert camvid._score("boundary", y, answer) == pytest.approx(1.0)  # of 1, 0 (cut at 10) and 2
    classes = np.array([[1.0, np.nan]])
    assert camvid._score("class", classes, np.array([[[0.1, 0.9], [1.0, 0.0]]])) == 100


def test_differences_are_taken_seed_by_seed():
    one = get("camvid")
    records = {
        f"{way} | {seed}": dict(zip(TASKS, (base + seed, 1.0, 2.0), strict=True))
        for way, base in zip(WAYS, (40.0, 41.0, 43.0), strict=True)
        for seed in range(3)
    }
    rows = {row.name: row for row in one.rows(records)}
    assert rows["uncertainty - alone: class"].values == (3.0, 3.0, 3.0)
    assert len(one.pieces(True)) == 3 and len(one.pieces(False)) == 12


@pytest.mark.data("camvid_60x80")
def test_a_small_net_is_trained_and_judged_on_test_pictures():
    form = Form(train=4, epochs=1, channels=2, test=3)
    data = camvid._drawn(np.random.default_rng(0), form)
    assert [part.n_rows for part in data] == [4, 3]
    found = camvid._learned(TASKS, WAYS[2], form, data, 0)
    assert set(found) == set(TASKS) and all(np.isfinite(list(found.values())))
