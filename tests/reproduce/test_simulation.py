"""Tables from drawn data: pieces by seed, the best strength, differences seed by seed."""

import numpy as np
import pytest

from polytask import Tasks
from polytask.linear import L1, L2
from polytask.reproduce import Gate, Row
from polytask.reproduce.simulation import Simulation, against, path


class Noise(Simulation):
    """Two settings that draw a number, and a list by strength."""

    name, chapter, paper, protocol = "noise", "linear", "A paper.", "Draws."
    settings = ("low", "high")
    seeds, few = 4, 2

    def measure(self, setting, rng):
        draw = float(rng.normal()) + (setting == "high") * 100
        return {"draw": draw, "error": [3.0, 1.0, 2.0], "other": [7.0, draw, 9.0]}

    def rows(self, records):
        return [Row("draw", "none", "draw", "1", self.values(records, "low", "draw"))]


def records(one):
    return {done.name: done.record for done in one.run()}


def test_every_seed_and_setting_is_a_piece_with_its_own_draw():
    found = records(Noise())
    assert list(found) == [f"{s} | {k}" for k in range(4) for s in ("low", "high")]
    assert len({record["draw"] for record in found.values()}) == 8
    assert [piece.name for piece in Noise().pieces(True)] == list(found)[:4]
    assert records(Noise())["high | 3"]["draw"] == found["high | 3"]["draw"]


def test_a_strength_is_chosen_once_for_all_seeds_and_by_the_list_that_is_named():
    one = Noise()
    found = records(one)
    assert one.at_best(found, "low", "error") == (1.0,) * 4
    assert one.at_best(found, "low", "other", by="error") == one.values(found, "low", "draw")
    found["low | 1"] = {"status": "failed"}
    assert one.at_best(found, "low", "error") == (1.0, None, 1.0, 1.0)


def test_two_methods_are_held_against_each_other_seed_by_seed():
    row = against("a - b", (3.0, 5.0, None), (1.0, 1.0, 1.0), metric="error", gate=Gate(high=9))
    assert row.values == (2.0, 4.0, None)
    assert row.holds is False  # a seed failed
    assert against("a / b", (3.0,), (2.0,), metric="error", ratio=True).measured == 1.5
    assert against("nothing yet", (), (), metric="error", gate=Gate(high=0)).holds is None


def test_a_path_gives_the_coefficients_of_single_fits():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 4))
    y = X @ [1.0, 2.0, 0.0, 0.0] + rng.normal(size=30)
    ridge, lasso = path(Tasks.from_arrays(X, y), [L2(0.3), L1(0.1)])
    expected = np.linalg.solve(X.T @ X / 30 + 0.3 * np.eye(4), X.T @ y / 30)
    np.testing.assert_allclose(ridge[:, 0], expected, atol=1e-8)
    assert lasso.shape == (4, 1)
    assert lasso[0, 0] == pytest.approx(1, abs=0.5)
