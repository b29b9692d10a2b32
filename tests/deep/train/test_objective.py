"""Losses are means over labelled rows, whatever kinds stand together."""

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.data import Table
from polytask.deep.train.objective import Objective

KINDS = {"a": "regression", "b": "multiclass", "c": "binary", "d": "regression"}


def mixed(n=30, seed=0, weight=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    Y = np.column_stack(
        [X[:, 0], rng.integers(0, 3, n), rng.integers(0, 2, n), X @ np.ones(3)]
    ).astype(float)
    Y[rng.random(Y.shape) < 0.4] = np.nan
    return Tasks.from_arrays(X, Y, names=list(KINDS), kinds=KINDS, weight=weight)


def ready(data):
    net = deep.HardSharing(deep.mlp(5)).build(data.tasks, 3).double()
    return net, Table.of(data, next(net.parameters())), Objective(data.tasks)


def test_every_loss_is_that_of_its_task_alone_on_its_labelled_rows():
    data = mixed()
    net, table, objective = ready(data)
    losses, present = objective(net(table.X), table.Y, table.W)
    assert present.all()
    by_hand = {
        "regression": lambda out, y: ((out[:, 0] - y) ** 2).mean(),
        "binary": lambda out, y: torch.nn.functional.binary_cross_entropy_with_logits(out[:, 0], y),
        "multiclass": lambda out, y: torch.nn.functional.cross_entropy(out, y.long()),
    }
    for t, one in enumerate(data):
        X, y, _ = data.table(one.task.name)
        out = net(torch.as_tensor(X))[one.task.name]
        expected = by_hand[one.task.kind.name](out, torch.as_tensor(y))
        assert losses[t].item() == pytest.approx(expected.item(), rel=1e-12)


def test_weight_zero_a_gap_and_an_absent_row_have_the_same_gradient():
    data = mixed()
    net, table, objective = ready(data)
    some = [0, 2, 5, 7]

    def gradient(X, Y, W):
        losses, _ = objective(net(X), Y, W)
        return torch.autograd.grad(losses.sum(), list(net.parameters()))

    lighter = table.W.clone()
    lighter[some] = 0
    rest = [i for i in range(table.n_rows) if i not in some]
    for a, b in zip(
        gradient(table.X, table.Y, lighter), gradient(*table.batch(torch.tensor(rest))), strict=True
    ):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)


def test_an_integer_weight_is_a_repeated_row():
    data = mixed()
    net, table, objective = ready(data)
    times = torch.tensor(np.random.default_rng(1).integers(1, 4, table.n_rows))
    again = torch.arange(table.n_rows).repeat_interleave(times)
    weighed, _ = objective(net(table.X), table.Y, table.W * times[:, None])
    repeated, _ = objective(net(table.X[again]), table.Y[again], table.W[again])
    torch.testing.assert_close(weighed, repeated, rtol=1e-12, atol=1e-12)


def test_a_task_without_labels_has_a_loss_of_zero_and_no_gradient():
    data = mixed()
    net, table, objective = ready(data)
    W = table.W.clone()
    W[:, 1] = 0
    losses, present = objective(net(table.X), table.Y, W)
    assert losses[1] == 0 and present.tolist() == [True, False, True, True]
    losses[1].backward()
    assert all(p.grad is None or not p.grad.any() for p in net.parameters())
