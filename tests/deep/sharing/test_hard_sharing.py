"""Hard sharing against least squares, a plain net, and Caruana's amplification."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from polytask import Tasks, deep
from polytask.deep.data import Table
from polytask.errors import ParameterError


def planted(n, d, T, *, seed=0, noise=0.3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X @ rng.normal(size=(d, T)) + noise * rng.normal(size=(n, T)) + 1


def test_without_a_trunk_it_is_least_squares_per_task_on_the_labelled_rows():
    X, Y = planted(60, 4, 3)
    Y[np.random.default_rng(1).random(Y.shape) < 0.4] = np.nan
    data = Tasks.from_arrays(X, Y)
    net = deep.HardSharing(()).build(data.tasks, 4).double()
    descent = torch.optim.SGD(net.parameters(), 0.1, momentum=0.8)
    list(deep.steps(net, data, epochs=400, batch_size=60, optimizer=descent))
    found = torch.cat([net.heads.linear.weight, net.heads.linear.bias[:, None]], 1)
    for t in range(3):
        rows = ~np.isnan(Y[:, t])
        design = np.column_stack([X[rows], np.ones(rows.sum())])
        expected = np.linalg.lstsq(design, Y[rows, t], rcond=None)[0]
        # 400 steps of linear convergence leave less than the inputs' float64 resolution
        np.testing.assert_allclose(found[t].detach(), expected, atol=1e-9)


def test_one_task_is_the_plain_net_parameter_by_parameter():
    X, y = planted(40, 3, 1)
    data = Tasks.from_arrays(X, y)
    net = deep.HardSharing(deep.mlp(8)).build(data.tasks, 3).double()
    plain = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 1)).double()
    plain.load_state_dict(dict(zip(plain.state_dict(), net.state_dict().values(), strict=True)))
    optimizer = torch.optim.AdamW(plain.parameters(), 0.01, weight_decay=0.0)
    for _ in range(25):
        optimizer.zero_grad()
        ((plain(torch.as_tensor(X)) - torch.as_tensor(y)) ** 2).mean().backward()
        optimizer.step()
    ours = {"epochs": 25, "batch_size": 64, "learning_rate": 0.01, "weight_decay": 0.0}
    assert len(list(deep.steps(net, data, **ours))) == 25
    for mine, theirs in zip(net.parameters(), plain.parameters(), strict=True):
        # the loop draws rows in another order: sums differ in the last bits
        torch.testing.assert_close(mine, theirs, rtol=1e-9, atol=1e-9)


def test_permuting_tasks_permutes_outputs_where_heads_start_alike():
    X, Y = planted(50, 3, 3)
    order = [2, 0, 1]
    data, other = Tasks.from_arrays(X, Y), Tasks.from_arrays(X, Y).keep("y2", "y0", "y1")
    net = deep.HardSharing(deep.mlp(6), dropout=0.3).build(data.tasks, 3).double()
    permuted = copy.deepcopy(net)
    permuted.heads.names = list(other.names)
    with torch.no_grad():
        permuted.heads.linear.weight.copy_(net.heads.linear.weight[order])
        permuted.heads.linear.bias.copy_(net.heads.linear.bias[order])
    for some, table in ((net, data), (permuted, other)):
        list(deep.steps(some, table, epochs=10, batch_size=16))
    inputs = torch.as_tensor(X)
    for name in data.names:
        torch.testing.assert_close(net.eval()(inputs)[name], permuted.eval()(inputs)[name])


def test_rows_without_any_label_change_nothing_at_all():
    X, Y = planted(40, 3, 2)
    gaps = np.vstack([Y, np.full((9, 2), np.nan)])
    more = Tasks.from_arrays(np.vstack([X, np.full((9, 3), 5.0)]), gaps)
    start = deep.HardSharing(deep.mlp(6)).build(more.tasks, 3)
    nets = [copy.deepcopy(start) for _ in range(2)]
    for net, data in zip(nets, (Tasks.from_arrays(X, Y), more), strict=True):
        list(deep.steps(net, data, epochs=5, batch_size=16))
    for a, b in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        assert torch.equal(a, b)


def test_two_copies_of_a_task_move_the_trunk_as_one_of_double_weight():
    X, y = planted(30, 3, 1)
    one, two = Tasks.from_arrays(X, y), Tasks.from_arrays(X, np.column_stack([y, y]))
    first = deep.HardSharing(deep.mlp(6)).build(one.tasks, 3).double()
    second = deep.HardSharing(deep.mlp(6)).build(two.tasks, 3).double()
    second.adopt(first)
    with torch.no_grad():
        second.heads.linear.weight.copy_(first.heads.linear.weight.expand(2, -1))
        second.heads.linear.bias.copy_(first.heads.linear.bias.expand(2))
    # Adam does not see the factor of two on the trunk
    for net, data in ((first, one), (second, two)):
        list(deep.steps(net, data, epochs=10, weight_decay=0))
    for a, b in zip(first.shared(), second.shared(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-6)


def test_one_function_seen_through_more_noisy_targets_is_learned_better():
    """Caruana's data amplification, with a trunk of one unit and no heads to hide in."""
    errors = {1: [], 8: []}
    for seed in range(4):
        rng = np.random.default_rng(seed)
        w = rng.normal(size=10)
        X, fresh = rng.normal(size=(40, 10)), rng.normal(size=(500, 10))
        Y = (X @ w)[:, None] + 3 * rng.normal(size=(40, 8))
        for T in errors:
            net = deep.HardSharing(deep.mlp(4, activation="tanh"))
            model = deep.DeepModel(net, epochs=150, learning_rate=0.01, random_state=seed)
            model.fit(X, Y[:, :T])
            answer = model.predict(fresh).reshape(500, T)[:, 0]
            errors[T].append(np.mean((answer - fresh @ w) ** 2))
    assert np.mean(errors[8]) < 0.8 * np.mean(errors[1])


def test_dropout_draws_one_mask_for_all_tasks():
    X, Y = planted(20, 3, 2)
    data = Tasks.from_arrays(X, Y)
    net = deep.HardSharing(deep.mlp(50), dropout=0.5).build(data.tasks, 3)
    with torch.no_grad():
        net.heads.linear.weight.fill_(1.0)
        net.heads.linear.bias.fill_(0.0)
    inputs = Table.of(data, net.heads.linear.weight).X
    outputs = net.train()(inputs)
    assert torch.equal(outputs["y0"], outputs["y1"])
    assert not torch.equal(outputs["y0"], net(inputs)["y0"])


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"dropout in \[0, 1\). Found dropout=1"):
        deep.HardSharing(dropout=1)
    with pytest.raises(ParameterError, match=r"trunk of stages, such as mlp\(64, 64\). Found 64"):
        deep.HardSharing(64)
