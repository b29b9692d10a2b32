"""The tables from drawn data: what is planted, what is judged, and that a broken claim is seen."""

import numpy as np
import pytest

from polytask.reproduce import (
    dirty_overlap,
    factors,
    get,
    linked_outputs,
    phase_transition,
    tree_outputs,
)
from polytask.reproduce.phase_transition import crossing

DRAWN = (
    *("dirty-overlap", "factors", "lasso-selection", "linked-outputs", "sharing-theory"),
    "tree-outputs",
)


def made(one, **numbers):
    """Records of every seed and setting with these numbers."""
    return {
        f"{setting} | {seed}": {"status": "ok"} | numbers
        for setting in one.settings
        for seed in range(one.seeds)
    }


def broken(one, records):
    return {row.name for row in one.rows(records) if row.holds is False}


@pytest.mark.parametrize("name", DRAWN)
def test_a_draw_gives_the_numbers_that_the_rows_ask_for(name):
    one = get(name)
    piece = one.pieces(True)[-1]
    record = piece.work()
    again = made(one, **record)
    for key, value in piece.work().items():  # the seed decides
        np.testing.assert_allclose(value, record[key], rtol=1e-9)
    rows = list(one.rows(again))
    assert all(row.complete for row in rows)
    assert any(row.gate for row in rows)


def test_the_lasso_table_sees_a_support_that_was_missed():
    one = get("lasso-selection")
    assert broken(one, made(one, size=14, small=1.0, found=1.0)) == set()
    assert broken(one, made(one, size=40, small=0.0, found=0.0)) == {
        "at most 30 selected",
        "all ten found",
    }


def test_the_dirty_model_has_to_keep_up_with_the_better_part_and_to_win_between():
    one = get("dirty-overlap")
    level = made(one, **{name: [0.2, 0.3] for name in dirty_overlap.METHODS})
    assert broken(one, level) == set()
    worse = made(one, **{name: [0.2] for name in dirty_overlap.METHODS} | {"dirty": [0.21]})
    assert len(broken(one, worse)) == 4


def test_supports_overlap_as_planted():
    rng = np.random.default_rng(0)
    _, W = dirty_overlap.planted(rng, 0.7)
    used = W != 0
    assert used.sum(axis=0).tolist() == [13, 13]
    assert (used[:, 0] & used[:, 1]).sum() == 9


def test_the_tree_is_planted_and_has_to_win():
    _, W = tree_outputs.planted(np.random.default_rng(0))
    assert (W != 0).sum(axis=0).tolist() == [8] * 8
    assert W.all(axis=1).sum() == 2
    one = get("tree-outputs")
    assert broken(one, made(one, tree=[0.6], L21=[0.8], lasso=[1.0])) == set()
    lost = broken(one, made(one, tree=[0.9], L21=[0.8], lasso=[1.0]))
    assert lost == {"tree - L21", "tree is best"}


def test_blocks_are_planted_and_the_graph_has_to_find_them_better():
    _, W = linked_outputs.planted(np.random.default_rng(0))
    assert (W != 0).sum(axis=0).tolist() == [4] * 12
    assert linked_outputs._sensitivity(W, W) == 1
    assert linked_outputs._sensitivity(1 - W, W) == 0
    one = get("linked-outputs")
    level = {f"{name} {key}": [0.9] for name in linked_outputs.METHODS for key in KEYS}
    assert broken(one, made(one, **level)) == set()
    lost = broken(one, made(one, **level | {"graph area": [0.8]}))
    assert lost == {"graph - lasso, area", "graph - L21, area"}


KEYS = ("error", "area", "sensitivity")


def test_levels_of_factors_are_thirds():
    X, _ = factors._drawn(np.random.default_rng(0), 30_000)
    np.testing.assert_allclose(X.mean(axis=0), 1 / 3, atol=0.01)
    one = get("factors")
    good = {"group lasso": 0.4, "lasso": 0.5, "lasso, orthonormal": 0.4, "least squares": 1.7}
    assert broken(one, made(one, **good, factors=7)) == set()
    assert broken(one, made(one, **good | {"lasso": 0.3}, factors=7)) == {"group lasso - lasso"}


def test_the_theory_is_judged_by_its_own_probabilities():
    one = get("sharing-theory")
    good = {"event": 1.0, "error": 3.0, "below": 1.0, "kept": 5, "exact": 1.0}
    # equal errors at T = 10 and 50 are no gain from tasks
    assert broken(one, made(one, **good)) == {"error at T = 50 / T = 10"}
    bad = broken(one, made(one, **good | {"event": 0.5, "exact": 0.0}))
    assert {"noise below alpha / 2, T = 50", "exactly the five, T = 10"} < bad
    assert "exactly the five, T = 2" not in bad


# -- the crossing -------------------------------------------------------------------------------


def curve(theta, success):
    return {f"a | {t}": {"theta": t, "success": s} for t, s in zip(theta, success)}


def test_a_crossing_is_read_off_an_increasing_curve():
    assert crossing(curve([1.0, 2.0, 3.0], [0.0, 0.25, 0.75]), "a | ") == (2.5,)
    # 0.6 then 0.4 is noise: the increasing curve is flat there
    assert crossing(curve([1.0, 2.0, 3.0, 4.0], [0.0, 0.6, 0.4, 1.0]), "a | ") == (2.0,)
    assert crossing(curve([1.0, 2.0], [0.6, 1.0]), "a | ") == (None,)
    assert crossing(curve([1.0, 2.0], [0.0, 0.2]), "a | ") == (None,)
    assert crossing({}, "a | ") == ()
    assert crossing({"a | 1": {"status": "failed"}}, "a | ") == (None,)


def transition(shift=1.0):
    """Records where every method crosses at its expected number of rows, L1Linf elsewhere."""
    found = {}
    for k, overlap in enumerate(phase_transition.OVERLAPS):
        for method, (_, _, expected) in phase_transition.METHODS.items():
            for part in (0.6, 0.9, 1.1, 1.5):
                theta = part * expected[k] * (shift if method == "L1Linf" else 1.0)
                found[f"{method} | {overlap:g} | {part:g}"] = {
                    "theta": theta,
                    "success": float(part > 1),
                }
    return found


def test_the_transition_has_to_lie_where_the_theorem_says():
    one = get("phase-transition")
    assert broken(one, transition()) == set()
    assert broken(one, transition(1.2)) == {f"L1Linf, overlap {a:g}" for a in (1, 0.7, 0.3)}
    assert "L1Linf - lasso, overlap 1" in broken(one, transition(2.2))


def test_a_quick_piece_of_the_transition_is_one_of_the_full_form():
    one = get("phase-transition")
    quick, full = one.pieces(True), {piece.name for piece in one.pieces(False)}
    assert {piece.name for piece in quick} < full
    record = next(p for p in quick if p.name.startswith("L1Linf | 1 | 1.1")).work()
    assert 0 <= record["success"] <= 1
    assert record["theta"] == pytest.approx(1.1, rel=0.02)


def test_the_quick_form_shows_what_it_measured_only():
    one = get("phase-transition")
    names = {piece.name for piece in one.pieces(True)}
    some = {name: record for name, record in transition().items() if name in names}
    shown = [row.name for row in one.rows(some)]
    assert "L21, overlap 1" not in shown
    assert "L1Linf, overlap 0.3" in shown
