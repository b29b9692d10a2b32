"""Soft sharing against ridge in closed form, separate nets and one net for all."""

import numpy as np
import pytest
import torch
from torch import nn

from polytask import Tasks, deep
from polytask.deep.blocks import Stage
from polytask.deep.sharing.soft_sharing import laplacian
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Binary, Multiclass
from polytask.task import Task


def tables(sizes=(12, 30), d=4, seed=0):
    """Tasks with rows of their own, near each other."""
    rng = np.random.default_rng(seed)
    w = rng.normal(size=d)
    made = {}
    for t, n in enumerate(sizes):
        X = rng.normal(size=(n, d))
        made[f"t{t}"] = (X, X @ (w + 0.3 * rng.normal(size=d)) + 0.5 * rng.normal(size=n) + t)
    return Tasks.stack(made)


def built(sharing, data):
    torch.manual_seed(0)
    return sharing.build(data.tasks, data.n_features).double()


def descend(net, data, *, rate=0.1, epochs=1500, momentum=0.0, decay=0.0):
    descent = torch.optim.SGD(net.parameters(), rate, momentum=momentum, weight_decay=decay)
    for _ in deep.steps(net, data, epochs=epochs, batch_size=data.n_rows, optimizer=descent):
        pass


def design(data, name):
    X, y, _ = data.table(name)
    return np.column_stack([X, np.ones(len(X))]), y


def heads_of(net):
    stacks = net.heads.stacks()
    return torch.cat([stacks["weight"][:, 0], stacks["bias"]], 1).detach().numpy()


def test_pairs_cost_as_many_times_the_mean_as_there_are_tasks():
    data = tables((5, 5, 5))
    nets = [
        built(deep.SoftSharing(deep.mlp(6), 0.7, heads=0.2, anchor=anchor), data)
        for anchor in ("pairs", "mean")
    ]
    for net in nets:
        torch.manual_seed(1)
        for parameter in net.parameters():
            nn.init.normal_(parameter)
    torch.testing.assert_close(nets[0].price(), 3 * nets[1].price(), rtol=1e-12, atol=0)
    theta = [one.values.detach() for one in nets[0].coupled()]
    strengths = [one.strength for one in nets[0].coupled()]
    by_hand = sum(
        s / 2 * sum(((v[a] - v[b]) ** 2).sum() for a, b in ((0, 1), (0, 2), (1, 2)))
        for s, v in zip(strengths, theta, strict=True)
    )
    torch.testing.assert_close(nets[0].price().detach(), by_hand, rtol=1e-12, atol=0)


def test_edges_say_which_pairs_count_and_how_much():
    sharing = deep.SoftSharing(anchor="pairs", edges=(("a", "b"), ("b", "c", 0.5), ("a", "x")))
    expected = torch.tensor([[1.0, -1, 0], [-1, 1.5, -0.5], [0, -0.5, 0.5]])
    assert torch.equal(laplacian(sharing, ["a", "b", "c"]), expected)


def test_what_all_columns_have_in_common_costs_nothing():
    net = built(deep.SoftSharing(deep.mlp(6), anchor="pairs"), tables((5, 5, 5)))
    with torch.no_grad():
        net.stages[0].weight.normal_()
    before = net.price()
    gradient = torch.autograd.grad(before, net.stages[0].weight)[0]
    torch.testing.assert_close(gradient.sum(0), torch.zeros(4, 6).double(), rtol=0, atol=1e-13)
    with torch.no_grad():
        net.stages[0].weight += torch.randn(4, 6)
    torch.testing.assert_close(net.price(), before, rtol=1e-12, atol=0)


@pytest.mark.parametrize("step", ["gradient", "proximal"])
@pytest.mark.parametrize("strength", [0.03, 1.0, 30.0])
def test_two_linear_tasks_have_the_closed_form_of_coupled_ridge(step, strength):
    data, mu = tables(), 0.05
    sharing = deep.SoftSharing((), heads=strength, anchor="pairs", step=step)
    net = built(sharing, data)
    descend(net, data, rate=0.1 if strength < 5 else 0.02, epochs=2000, decay=mu)
    blocks, right = [], []
    for name in data.names:
        X, y = design(data, name)
        blocks.append(2 * X.T @ X / len(y) + (mu + strength) * np.eye(5))
        right.append(2 * X.T @ y / len(y))
    off = -strength * np.eye(5)
    expected = np.linalg.solve(
        np.block([[blocks[0], off], [off, blocks[1]]]), np.concatenate(right)
    ).reshape(2, 5)
    # linear convergence has used up float64 by then
    np.testing.assert_allclose(heads_of(net), expected, atol=1e-8)


def only(net, t, sharing, data):
    """A net of the task in column t alone, at the same numbers."""
    one = built(sharing, data)
    for key, value in net.state_dict().items():
        mine = one.state_dict()
        if key in mine and key.startswith("stages"):
            mine[key].copy_(value[t : t + 1])
    one.heads.heads[0].load_state_dict(net.heads.heads[t].state_dict())
    return one


def test_without_strength_the_nets_are_separate_bit_by_bit():
    X, Y = np.random.default_rng(0).normal(size=(2, 20, 3))
    data = Tasks.from_arrays(X, Y)
    sharing = deep.SoftSharing(deep.mlp(8), 0.0)
    net = built(sharing, data)
    alone = [only(net, t, sharing, data.keep(name)) for t, name in enumerate(data.names)]
    assert net.penalty() is None
    descend(net, data, epochs=20)
    for t, (name, one) in enumerate(zip(data.names, alone, strict=True)):
        descend(one, data.keep(name), epochs=20)
        assert torch.equal(net.stages[0].weight[t], one.stages[0].weight[0])
        assert torch.equal(net.heads.heads[t].linear.weight, one.heads.heads[0].linear.weight)


def test_without_bound_it_is_one_net_on_the_mean_of_the_losses():
    data = tables((20, 20, 20))
    sharing = deep.SoftSharing(deep.mlp(8, activation="tanh"), 1e9, heads=1e9, step="proximal")
    net = built(sharing, data)
    one = only(net, 0, deep.SoftSharing(sharing.trunk, 0.0), data.keep("t0"))
    descend(net, data, epochs=50)
    plain = torch.optim.SGD(one.parameters(), 0.1)
    for _ in range(50):
        plain.zero_grad()
        for name in data.names:
            X, y, _ = (torch.as_tensor(part) for part in data.table(name))
            # columns move along the mean of the tasks' gradients
            (((one(X)["t0"][:, 0] - y) ** 2).mean() / 3).backward()
        plain.step()
    for t in range(3):
        torch.testing.assert_close(
            net.stages[0].weight[t], one.stages[0].weight[0], rtol=1e-6, atol=1e-6
        )
    assert net.couplings()["distance"].values.max() < 1e-6


def test_a_stage_with_strength_zero_and_heads_are_left_free():
    data = tables((20, 20))
    net = built(deep.SoftSharing(deep.mlp(6, 5), (1e6, 0.0), step="proximal"), data)
    descend(net, data, epochs=5)
    assert torch.allclose(net.stages[0].weight[0], net.stages[0].weight[1], atol=1e-9)
    assert not torch.allclose(net.stages[1].weight[0], net.stages[1].weight[1], atol=1e-4)
    assert not np.allclose(*heads_of(net), atol=1e-4)


class Normed(Stage):
    """A linear map and a batch norm."""

    def build(self, inputs):
        return nn.Sequential(nn.Linear(inputs.channels, 4), nn.BatchNorm1d(4))

    def outputs(self, inputs):
        return 4


def test_statistics_of_a_batch_norm_are_never_coupled():
    data = tables((30, 30))
    net = built(deep.SoftSharing((Normed(),), 1e9, step="proximal"), data)
    inputs = torch.as_tensor(data.X)
    net.train()
    net.stages[0](torch.stack([inputs, 5 * inputs]))
    means = [one[1].running_var.clone() for one in net.stages[0].columns]
    net.after_step(1.0)
    assert torch.allclose(
        net.stages[0].columns[0][0].weight, net.stages[0].columns[1][0].weight, atol=1e-9
    )
    assert torch.equal(net.stages[0].columns[1][1].running_var, means[1])
    assert not torch.allclose(means[0], means[1])
    assert not [one.name for one in net.coupled() if "running" in one.name]


def test_only_the_tasks_that_are_asked_are_answered():
    data = tables((5, 5, 5))
    net = built(deep.SoftSharing(deep.mlp(6)), data).eval()
    inputs = torch.as_tensor(data.X)
    whole, part = net(inputs), net(inputs, ("t1", "t2"))
    assert list(part) == ["t1", "t2"]
    for name, values in part.items():
        torch.testing.assert_close(values, whole[name], rtol=1e-12, atol=1e-12)


def test_dropout_draws_one_mask_for_all_columns():
    net = built(deep.SoftSharing(deep.mlp(40), dropout=0.5), tables((5, 5)))
    out = net.train()(torch.ones(3, 4).double())  # columns and heads start alike
    assert torch.equal(out["t0"], out["t1"])
    assert not torch.equal(out["t0"], net(torch.ones(3, 4).double())["t0"])


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"strength >= 0. Found strength=-1"):
        deep.SoftSharing(strength=-1.0)
    with pytest.raises(ParameterError, match=r"strength for each of its 2 stages"):
        deep.SoftSharing(strength=(1.0,))
    with pytest.raises(ParameterError, match=r"anchor out of \['mean', 'pairs'\]"):
        deep.SoftSharing(anchor="median")
    with pytest.raises(ParameterError, match=r"edges with anchor='pairs'"):
        deep.SoftSharing(edges=(("a", "b"),))
    tasks = (Task("a", Binary()), Task("b", Multiclass(("x", "y", "z"))))
    with pytest.raises(UnsupportedError, match=r"heads of one width only.*'b': 3"):
        deep.SoftSharing(heads=1.0).build(tasks, 3)
