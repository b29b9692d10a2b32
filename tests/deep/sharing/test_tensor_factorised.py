"""Factorised nets: separate nets at full rank, hard sharing at rank one, and their starts."""

import copy
import pickle

import numpy as np
import pytest
import torch
from deep.sharing.test_soft_sharing import Normed, built
from torch import nn

from polytask import Tasks, deep
from polytask.deep.blocks import Stage
from polytask.deep.factors import FORMS
from polytask.errors import ParameterError
from polytask.persist import load, save


class Kernels(Stage):
    """A convolution of maps."""

    def build(self, inputs):
        return nn.Sequential(nn.Conv2d(inputs.channels, 4, (3, 2)), nn.Tanh())

    def outputs(self, inputs):
        height, width = inputs.grid
        return deep.Shape(4, (height - 2, width - 1))


class Over(nn.Module):
    """The states of a recurrent net."""

    def __init__(self, channels):
        super().__init__()
        self.over = nn.LSTM(channels, 4, batch_first=True)

    def forward(self, H):
        return self.over(H)[0]


class Memory(Stage):
    """A recurrent net over sequences."""

    def build(self, inputs):
        return Over(inputs.channels)

    def outputs(self, inputs):
        return deep.Shape(4, inputs.grid)


STAGES = {
    "vectors": (deep.mlp(6, 5, activation="tanh"), deep.Shape(4), (7, 4)),
    "maps": ((Kernels(),), deep.Shape(2, (5, 6)), (3, 2, 5, 6)),
    "sequences": ((Memory(),), deep.Shape(3, (None,)), (3, 6, 3)),
    "norms": ((Normed(),), deep.Shape(4), (7, 4)),
}


def wide(n=60, T=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return Tasks.from_arrays(X, np.sin(X @ rng.normal(size=(4, T))))


def pair(sharing, shape):
    """Separate nets with unlike numbers, and a net that follows them."""
    tasks = wide().tasks
    first, net = (one.build(tasks, shape).double() for one in (sharing.before(), sharing))
    torch.manual_seed(3)
    with torch.no_grad():
        for parameter in first.parameters():
            parameter.add_(torch.randn(parameter.shape))
        for buffer in (b for b in first.buffers() if b.is_floating_point()):
            buffer.add_(torch.rand(buffer.shape))
    net.follow(first)
    return first, net


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", STAGES)
def test_at_full_rank_outputs_are_those_of_the_separate_nets(form, case):
    trunk, shape, size = STAGES[case]
    sharing = deep.TensorFactorised(trunk, form, None, "single", tolerance=1e-12)
    first, net = pair(sharing, shape)
    inputs = torch.randn(size).double()
    for mode in (True, False):
        expected, found = first.train(mode)(inputs), net.train(mode)(inputs)
        for name in expected:
            torch.testing.assert_close(found[name], expected[name], rtol=0, atol=1e-9)
    found = net(inputs, ("y1",))
    assert list(found) == ["y1"]
    torch.testing.assert_close(found["y1"], expected["y1"], rtol=0, atol=1e-9)
    for again in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        torch.testing.assert_close(again(inputs)["y2"], net(inputs)["y2"], rtol=0, atol=0)


def test_unit_factors_are_separate_nets_and_equal_ones_hard_sharing():
    data, trunk = wide(), deep.mlp(6)
    net = built(deep.TensorFactorised(trunk, "laf", 3), data)
    with torch.no_grad():
        net.own[0].copy_(torch.eye(3))
        first = built(deep.SoftSharing(trunk, 0.0), data)
        first.stages[0].put("0.weight", net.basis[0][0].permute(2, 1, 0))
        first.stages[0].put("0.bias", net.plain[0])
        first.heads.load_state_dict(net.heads.state_dict())
        inputs = torch.as_tensor(data.X)
        for name, value in net(inputs).items():
            torch.testing.assert_close(value, first(inputs)[name], rtol=0, atol=1e-12)
        net.own[0].zero_()[0] = 1
        hard = built(deep.HardSharing(trunk), data)
        hard.trunk.stages[0][0].weight.copy_(net.basis[0][0][..., 0].mT)
        hard.trunk.stages[0][0].bias.copy_(net.plain[0][0])
        hard.heads.linear.weight.copy_(net.heads.stacks()["weight"][:, 0])
        hard.heads.linear.bias.copy_(net.heads.stacks()["bias"][:, 0])
        for name, value in net(inputs).items():
            torch.testing.assert_close(value, hard(inputs)[name], rtol=0, atol=1e-12)


def test_one_factor_of_all_tasks_learns_as_the_trunk_of_hard_sharing():
    data, trunk = wide(), deep.mlp(6)
    net, hard = (
        built(deep.TensorFactorised(trunk, "laf", 1), data),
        built(deep.HardSharing(trunk), data),
    )
    with torch.no_grad():
        net.own[0].fill_(1)
        hard.trunk.stages[0][0].weight.copy_(net.basis[0][0][..., 0].mT)
        hard.trunk.stages[0][0].bias.copy_(net.plain[0][0])
        hard.heads.linear.weight.copy_(net.heads.stacks()["weight"][:, 0])
        hard.heads.linear.bias.copy_(net.heads.stacks()["bias"][:, 0])
    inputs = torch.as_tensor(data.X)
    for one in (net, hard):
        sum((value**2).mean() for value in one(inputs).values()).backward()
    torch.testing.assert_close(
        net.basis[0][0].grad[..., 0].mT, hard.trunk.stages[0][0].weight.grad, rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_model_trains_separate_nets_first_and_files_know_the_ranks(form, tmp_path):
    data = wide()
    sharing = deep.TensorFactorised(deep.mlp(8), form, None, "single", tolerance=0.3)
    model = deep.DeepModel(sharing, epochs=40, random_state=0).fit(data)
    ranks = [tuple(one.shape) for one in model._net.basis.parameters()]
    assert ranks != [tuple(one.shape) for one in built(sharing, data).basis.parameters()]
    save(model, tmp_path / "a.model")
    again = load(tmp_path / "a.model")
    assert [tuple(one.shape) for one in again._net.basis.parameters()] == ranks
    assert np.array_equal(again.predict(data.X), model.predict(data.X))


def test_a_new_task_mixes_the_factors_that_are_known():
    data = wide(200, T=4)
    model = deep.DeepModel(deep.TensorFactorised(deep.mlp(16), rank=4), random_state=0).fit(data)
    X = data.X[:40]
    new = model.adapt(X, np.sin(X @ np.ones(4)))
    for mine, theirs in zip(new._net.shared(), model._net.shared(), strict=True):
        assert torch.equal(mine, theirs)
    assert new._net.own[0].shape == (4, 1)


def test_measures_of_sharing_and_task_factors_are_exposed():
    net = built(deep.TensorFactorised(deep.mlp(6, 5), rank=2), wide())
    found = net.couplings()
    assert found["S of stage 2 0.weight"].values.shape == (2, 3)
    assert found["sharing"].values.shape == found["sharing by softmax"].values.shape == (2,)
    assert all(len(one.axes) == one.values.ndim for one in found.values())


def test_two_tasks_that_are_one_share_more_than_two_that_are_not():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 6))
    one, other = X[:, 0] * X[:, 1], X[:, 2] * X[:, 3]
    found = {}
    for name, second in (("same", one), ("other", other)):
        sharing = deep.TensorFactorised(deep.mlp(16), "laf", 2, "single", tolerance=1e-6)
        model = deep.DeepModel(sharing, epochs=60, random_state=0)
        model.fit(X, np.column_stack([one, second]))
        found[name] = model.couplings_["sharing"].values[0]
    assert found["same"] > found["other"]


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ParameterError, match=r"rank=None with start='single'"):
        deep.TensorFactorised(rank=None)
    with pytest.raises(ParameterError, match=r"form out of \['laf', 'tucker', 'tt'\]"):
        deep.TensorFactorised(form="cp")
    with pytest.raises(ParameterError, match=r"tolerance in \(0, 1\)"):
        deep.TensorFactorised(tolerance=0.0)
