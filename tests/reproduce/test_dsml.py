"""DSML against the group lasso: what is drawn and what is judged."""

import numpy as np
import pytest

from polytask.reproduce import get
from polytask.reproduce.dsml import draw

SEEN = {"lasso": 0.62, "lasso best": 0.56, "group": 0.32, "debiased": 0.4, "refit": 0.25}


def judged(seen, seeds=10):
    one = seen | {"missed": 0.0, "extra": 1.0}
    records = {f"{T} machines | seed {seed}": one for T in (5, 20) for seed in range(seeds)}
    return {row.name: row.holds for row in get("dsml").rows(records) if row.gate is not None}


def test_ratios_to_the_local_lasso_and_to_the_group_lasso_are_judged():
    assert list(judged(SEEN).values()) == [True] * 6
    assert list(judged(SEEN, seeds=3).values()) == [True] * 6
    broken = judged(SEEN | {"debiased": 0.5})
    assert [name.startswith("DSML / local") for name, holds in broken.items() if not holds] == [
        True
    ] * 2


def test_a_draw_is_that_of_the_protocol():
    data, W, support = draw(5, 3)
    assert data.n_labels.tolist() == [60] * 5 and data.n_features == 150
    assert np.array_equal(np.flatnonzero(W.any(axis=0)), support) and len(support) == 10
    assert np.abs(W[:, support]).min() >= 0.3 and np.abs(W).max() <= 1
    assert not np.array_equal(draw(5, 4)[1], W)


@pytest.mark.slow
def test_a_piece_gives_the_order_of_the_methods():
    piece = get("dsml").pieces(True)[0]
    found = piece.work()
    assert found["refit"] < found["debiased"] < found["lasso"]
    assert found["refit"] < 1.3 * found["group"]
