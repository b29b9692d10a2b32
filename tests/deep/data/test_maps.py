"""Pictures as a source: gaps count nothing, and what is learnt is what stands at the points."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.datasets.positions import Positions
from polytask.deep.data import Maps
from polytask.deep.targets import targets
from polytask.deep.train import Stream, predictions
from polytask.errors import DataError
from polytask.kinds import DenseClasses, DenseNumbers
from polytask.task import Task

TASKS = (Task("bright", DenseClasses(("no", "yes"))), Task("way", DenseNumbers(2)))


def drawn(n=12, seed=0):
    """Is a point bright, and its colours times 2; some points have no label."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2, 5, 6)).astype(np.float32)
    bright, way = (X[:, 0] > 0).astype(float), 2.0 * np.moveaxis(X, 1, -1)
    bright[0, :2], way[1, 0, 0, 1] = np.nan, np.nan
    return Positions(X, TASKS, {"bright": bright, "way": way})


def test_a_gap_has_weight_0_and_a_vector_is_one_label():
    batch = Maps.of(drawn(), torch.zeros(())).batch(torch.arange(12))
    assert batch.W["bright"].sum() == 12 * 30 - 12
    assert batch.W["way"].shape == (12, 5, 6) and batch.W["way"][1, 0, 0] == 0
    assert batch.W["way"].sum() == 12 * 30 - 1
    assert torch.isfinite(batch.Y["way"]).all()


def test_every_map_comes_once_an_epoch():
    source = Maps.of(drawn(), torch.zeros(()))
    picks = source.batches(5, torch.Generator().manual_seed(0))
    assert sorted(torch.cat(list(picks)).tolist()) == list(range(12))


def test_a_net_learns_what_stands_at_the_points():
    data = drawn()
    source = Maps.of(data, torch.zeros(()))
    with Stream(0):
        aims = targets(data.tasks, {"way": deep.Offsets()})
        net = deep.HardSharing(()).build(aims, deep.Shape(2, (5, 6)))
    for _ in deep.steps(net, source, epochs=150, batch_size=6, learning_rate=0.05):
        pass
    found = predictions(net, source, size=5)
    known = ~np.isnan(data["bright"])
    right = (found["bright"].argmax(-1) == data["bright"])[known]
    assert right.mean() > 0.95
    assert np.nanmean(np.abs(found["way"] - data["way"])) < 0.1


def test_rows_that_are_no_maps_are_refused():
    data = Positions(np.zeros((2, 3)), (), {})
    with pytest.raises(DataError, match=r"Found \(2, 3\)"):
        Maps.of(data, torch.zeros(()))
