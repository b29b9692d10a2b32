"""Tasks with common features: what is drawn, and that a net that does not profit is seen."""

import numpy as np
import pytest

from polytask.reproduce import cross_stitch, get

pytest.importorskip("torch")

ONE = get("cross-stitch")


def records(**errors):
    """Every draw of every setting with these errors of the nets."""
    return {f"{setting} | {seed}": errors for setting in ONE.settings for seed in range(ONE.seeds)}


def broken(**errors):
    return {row.name for row in ONE.rows(records(**errors)) if row.holds is False}


def test_a_draw_gives_the_errors_of_all_nets_and_the_seed_decides(monkeypatch):
    monkeypatch.setattr(cross_stitch, "STEPS", 3)
    piece = ONE.pieces(True)[0]
    found = piece.work()
    assert list(found) == list(cross_stitch.NETS) and all(np.isfinite([*found.values()]))
    assert piece.work() == found


def test_the_heavy_task_counts_ten_times_and_has_rows_of_its_own():
    data, fresh, y = cross_stitch.drawn(2, np.random.default_rng(0))
    assert [labels.n for labels in data] == [250, 500] and not data.shared
    assert fresh.shape == (1000, 20) and y.shape == (1000,)


def test_common_units_are_what_the_teachers_share(monkeypatch):
    """Without noise, labels of b are a combination of a's units where all are common."""
    monkeypatch.setattr(cross_stitch, "NOISE", 0.0)
    for shared, common in ((4, True), (0, False)):
        rng = np.random.default_rng(3)
        inner = rng.normal(size=(20, 4)) / np.sqrt(20)  # the first numbers that are drawn
        data, *_ = cross_stitch.drawn(shared, np.random.default_rng(3))
        X, y, _ = data.table("b")
        left = y - (units := np.tanh(X @ inner)) @ np.linalg.lstsq(units, y, rcond=None)[0]
        assert (np.abs(left).max() < 1e-10) == common


def test_a_net_at_its_bound_passes_and_one_beyond_it_does_not():
    names = dict.fromkeys(cross_stitch.NETS, 1.0)
    assert not broken(**names | dict.fromkeys(cross_stitch.MIXED, 0.59))
    failed = broken(
        **names | {"sluice": 1.1, "cross-stitch, layer": 0.5} | {"cross-stitch, channel": 0.5}
    )
    assert failed == {
        "sluice - 1 x hard sharing, no features in common",
        "sluice - 0.6 x hard sharing, half of them",
    }
