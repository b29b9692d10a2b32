"""Assays and torques: what is drawn, what is kept, what the rows say."""

import numpy as np
import pytest

from polytask import Independent, Tasks
from polytask.reproduce import get, molecules, robot_arm


def table(n=900, T=12, seed=0):
    """Binary assays with holes; the last three have too few labels to be judged."""
    rng = np.random.default_rng(seed)
    X = (rng.random((n, 6)) < 0.3).astype(float)
    Y = (X[:, :1] + X[:, 1:2] + rng.normal(size=(n, T)) > 1).astype(float)
    Y[rng.random(Y.shape) < 0.3] = np.nan
    Y[120:, -3:] = np.nan
    groups = rng.integers(0, 300, n)
    return Tasks.from_arrays(X, Y, kinds="binary", groups=groups)


def test_main_assays_have_labels_of_both_classes_and_companions_are_all_others():
    data = table()
    for seed in range(5):
        order = molecules._assays(data, np.random.default_rng(seed))
        assert sorted(order) == sorted(data.names)
        for name in order[: molecules.MAIN]:
            y = data[name].y
            assert min((y == 1).sum(), (y == 0).sum()) >= molecules.POSITIVES
    assert order != molecules._assays(data, np.random.default_rng(0))


def test_every_active_molecule_of_muv_is_kept(monkeypatch):
    data = table()
    monkeypatch.setattr(molecules, "INACTIVE", 50)
    monkeypatch.setattr(molecules, "molecules", {"muv": data}.get)
    kept = molecules._kept("muv", np.random.default_rng(0))
    active = (data.Y == 1).any(axis=1).sum()
    assert (kept.Y == 1).any(axis=1).sum() == active
    assert kept.n_rows == active + min(50, data.n_rows - active)


def test_a_mean_is_over_the_assays_with_both_classes():
    data = table()
    model = Independent().fit(data)
    one = data.names[0]
    rows = data[one].rows[data[one].y == 1]  # of this assay, one class only
    test = data.take(rows)
    every = [molecules._mean(molecules.auc, model, test.keep(name)) for name in data.names[1:9]]
    both = molecules._mean(molecules.auc, model, test.keep(*data.names[:9]))
    assert both == pytest.approx(np.mean(every))


def test_few_companions_are_measured_in_the_quick_form(monkeypatch):
    monkeypatch.setattr(molecules, "molecules", lambda name: table())
    monkeypatch.setattr(molecules, "ROWS", 600)
    monkeypatch.setattr(molecules, "OPTIONS", {"epochs": 2})
    one = get("toxcast-companions")
    (piece,) = one.pieces(quick=True)
    found = piece.work()
    assert sorted(found) == sorted(f"{count} companions" for count in (0, 1, 3, 10))
    # the row is that of a fit by hand
    rng = np.random.default_rng([0, 0])
    data = table()
    data = data.take(np.sort(rng.permutation(data.n_rows)[:600]))
    order, seed = molecules._assays(data, rng), int(rng.integers(2**31))
    train, test = data.split(0.25, seed=seed, by="group")
    assert not set(train.groups) & set(test.groups)
    model = molecules._net(seed).fit(train.keep(*order[:6]))
    by_hand = molecules._mean(molecules.auc, model, test.keep(*order[:5]))
    assert found["1 companions"] == pytest.approx(100 * by_hand)


def test_differences_are_paired_draw_by_draw():
    one = get("assays-together")
    records = {
        f"{setting} | {seed}": {"together": 70.0 + seed, "a net each": 69.0}
        for setting in one.settings
        for seed in range(5)
    }
    rows = {row.name: row for row in one.rows(records)}
    assert rows["tox21, together - a net each"].values == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert rows["tox21, together"].holds is True and rows["muv, together"].gate is None


def test_the_error_of_the_mean_is_one_and_rows_of_the_arm_are_ratios():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(200, 2)), rng.normal(size=(200, 7))

    class Mean:
        def predict(self, data):
            return np.tile(Y.mean(axis=0), (200, 1))

    assert robot_arm._error(Mean(), Tasks.from_arrays(X, Y)) == pytest.approx(1.0)
    one = get("sarcos")
    records = {
        f"{setting} | {seed}": {"one net": 0.1, "a net each": 0.2, "ridge": 0.4}
        for setting in one.settings
        for seed in range(5)
    }
    rows = {row.name: row for row in one.rows(records)}
    assert rows["250 rows, one net / a net each"].measured == pytest.approx(0.5)
    assert rows["1000 rows, one net"].holds and rows["3000 rows, one net"].gate is None
