"""Sequences of unlike lengths: padding adds nothing, buckets lose nothing."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.deep.data import Sequences
from polytask.deep.train.objective import Objective
from polytask.errors import DataError, TaskError
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

LIKE = torch.zeros((), dtype=torch.float64)
TAG, MOOD = Task("tag", Multiclass(("a", "b", "c"))), Task("mood", Regression())


def sentences(n=23, seed=0, k=4):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 12, n)
    X = [rng.normal(size=(length, k)) for length in lengths]
    tags = [rng.integers(0, 3, length).astype(float) for length in lengths]
    tags[3], tags[5][0] = None, np.nan
    mood = list(rng.normal(size=n))
    mood[7] = None
    return X, {"tag": tags, "mood": mood}


def source(pool=3, **options):
    X, Y = sentences(**options)
    return Sequences.of((TAG, MOOD), X, Y, LIKE, pool=pool)


def test_a_batch_holds_every_sequence_its_labels_and_nothing_else():
    X, Y = sentences()
    rows = torch.tensor([3, 5, 0])
    batch = source().batch(rows)
    for i, row in enumerate(rows.tolist()):
        n = len(X[row])
        assert batch.X.mask[i].tolist() == [True] * n + [False] * (batch.X.mask.shape[1] - n)
        assert np.array_equal(batch.X.values[i, :n], X[row]) and not batch.X.values[i, n:].any()
        expected = np.zeros(n) if Y["tag"][row] is None else 1.0 - np.isnan(Y["tag"][row])
        assert np.array_equal(batch.W["tag"][i, :n], expected)
        assert not batch.W["tag"][i, n:].any()
        known = expected > 0
        if known.any():
            assert np.array_equal(batch.Y["tag"][i, :n][known], Y["tag"][row][known])
        assert batch.Y["mood"][i] == Y["mood"][row]
    assert batch.n_rows == 3


@pytest.mark.parametrize("pool", [1, 2, 50])
def test_every_sequence_is_seen_once_an_epoch_in_as_many_batches_as_are_needed(pool):
    data = source(pool)
    picks = data.batches(5, torch.Generator().manual_seed(0))
    assert torch.cat(picks).sort().values.tolist() == list(range(23))
    assert len(picks) == 5 and max(len(pick) for pick in picks) <= 5
    assert torch.cat(data.chunks(4)).sort().values.tolist() == list(range(23))


def test_one_generator_gives_one_order_and_buckets_pad_less():
    def padding(data):
        picks = data.batches(8, torch.Generator().manual_seed(1))
        return sum((~data.batch(pick).X.mask).sum().item() for pick in picks)

    big = source(pool=1, n=400), source(pool=50, n=400)
    assert padding(big[1]) < 0.2 * padding(big[0])
    one, two = (big[1].batches(8, torch.Generator().manual_seed(1)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


def test_the_loss_of_a_batch_is_that_of_its_labelled_positions_however_they_are_padded():
    X, Y = sentences()
    weights = torch.randn(4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    data, objective = source(), Objective((TAG,))
    rows = torch.arange(len(X))

    def loss(batch):
        return objective({"tag": batch.X.values @ weights}, batch.Y, batch.W)[0]

    by_hand = [
        torch.nn.functional.cross_entropy(torch.as_tensor(x[i]) @ weights, torch.tensor(int(y[i])))
        for x, y in zip(X, Y["tag"], strict=True)
        if y is not None
        for i in np.flatnonzero(~np.isnan(y))
    ]
    expected = torch.stack(by_hand).mean()
    torch.testing.assert_close(loss(data.batch(rows))[0], expected)
    torch.testing.assert_close(loss(data.batch(rows.flip(0)))[0], expected)


def test_whole_numbers_stay_whole_and_weights_count():
    words, Y = [[4, 7], [5, 5, 1]], {"tag": [[0, 1], [2, 2, 0]]}
    W = {"tag": [[1, 0.5], [2, 2, 0]]}
    batch = Sequences.of((TAG,), words, Y, LIKE, W=W).batch(torch.tensor([0, 1]))
    assert batch.X.values.dtype == torch.int64 and batch.X.values.shape == (2, 3, 1)
    assert batch.W["tag"].tolist() == [[1, 0.5, 0], [2, 2, 0]]


def test_a_net_is_trained_on_them():
    X, _ = sentences(n=60)
    Y = {"tag": [x[:, :3].argmax(1) for x in X]}
    data = Sequences.of((TAG,), X, Y, torch.zeros(()))
    net = deep.HardSharing(deep.mlp(16)).build((TAG,), deep.Shape(4, (None,)))
    run = deep.steps(net, data, validation=data, epochs=60, learning_rate=0.02)
    held = [step.validation["tag"] for step in run if step.ends_epoch]
    assert held[-1] < 0.5 * held[0]


@pytest.mark.parametrize(
    ("change", "message", "error"),
    [
        ({"X": [[1], []]}, "Sequence 1 is empty", DataError),
        ({"Y": {"tag": [[0]]}}, "'tag' has labels for 1 sequences. Found 2", DataError),
        ({"Y": {"tag": [[0], [1]]}}, r"Sequence 1 has 2 positions.*\(1,\).*'tag'", DataError),
        ({"Y": {}}, r"None for \['tag'\]", TaskError),
        ({"Y": {"tag": [[0], [1, 1]], "x": []}}, r"Y names \['x'\]", TaskError),
        ({"X": []}, "at least one sequence", DataError),
        ({"W": {"tag": [[-1], [1, 1]]}}, "'tag' needs a weight >= 0", DataError),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, message, error):
    given = {"X": [[1], [2, 3]], "Y": {"tag": [[0], [1, 1]]}, "W": None} | change
    with pytest.raises(error, match=message):
        Sequences.of((TAG,), given["X"], given["Y"], LIKE, W=given["W"])
