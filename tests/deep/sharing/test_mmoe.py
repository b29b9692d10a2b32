"""Mixtures of shared experts against hard sharing, single experts and the formula by hand."""

import numpy as np
import pytest
import torch
from deep.sharing.toy import NUMBERS, built, rows

from polytask import Tasks, deep
from polytask.errors import ParameterError


def alone(net, expert, X):
    """What one expert of one layer makes of rows."""
    side = net.experts.stages[0].stacks()
    return torch.relu(X @ side["0.weight"][expert].T + side["0.bias"][expert])


def set_gates(net, bias):
    """Gates that look at nothing."""
    with torch.no_grad():
        for gate in net.gates.each:
            gate.weight.zero_()
            gate.bias.copy_(torch.as_tensor(bias))


def test_one_expert_is_hard_sharing():
    net = built(deep.MMoE(deep.mlp(6), experts=1))
    hard = built(deep.HardSharing(deep.mlp(6)), seed=1)
    side = net.experts.stages[0].stacks()
    with torch.no_grad():
        hard.trunk.stages[0][0].weight.copy_(side["0.weight"][0])
        hard.trunk.stages[0][0].bias.copy_(side["0.bias"][0])
        hard.heads.linear.weight.copy_(torch.cat([h.linear.weight for h in net.towers.heads]))
        hard.heads.linear.bias.copy_(torch.cat([h.linear.bias for h in net.towers.heads]))
    X = rows(9, 4)
    for name, out in net(X).items():
        torch.testing.assert_close(out, hard(X)[name], rtol=1e-12, atol=1e-12)
    count = sum(p.numel() for p in net.parameters())
    assert count == sum(p.numel() for p in hard.parameters())


def test_uniform_gates_average_the_experts():
    net, X = built(deep.MMoE(deep.mlp(6), experts=3)), rows(9, 4)
    set_gates(net, [0.0, 0.0, 0.0])
    mean = sum(alone(net, e, X) for e in range(3)) / 3
    for name, head in zip("abc", net.towers.heads, strict=True):
        torch.testing.assert_close(net(X)[name], head.linear(mean), rtol=1e-12, atol=1e-12)


def test_settled_gates_leave_one_expert():
    net, X = built(deep.MMoE(deep.mlp(6), experts=3)), rows(9, 4)
    set_gates(net, [-1e3, 1e3, -1e3])
    for name, head in zip("abc", net.towers.heads, strict=True):
        expected = head.linear(alone(net, 1, X))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_a_row_is_the_formula_of_the_paper():
    net, X = built(deep.MMoE(deep.mlp(6), experts=3, tower=deep.mlp(4))), rows(5, 4)
    for t, name in enumerate("abc"):
        gate = net.gates.each[t]
        for x, answer in zip(X, net(X)[name], strict=True):
            g = torch.softmax(gate.weight @ x + gate.bias, 0)
            mixture = sum(g[e] * alone(net, e, x) for e in range(3))
            expected = net.towers.heads[t].linear(net.towers.trunks[t](mixture[None])[0])
            torch.testing.assert_close(answer, expected, rtol=1e-12, atol=1e-12)


def test_gates_see_the_channels_of_a_map_and_not_its_pixels():
    from deep.sharing.toy import Same

    net = built(deep.MMoE((Same(3),), experts=2, bottom=(Same(5),)), deep.Shape(2, (9, 9)))
    assert {tuple(gate.weight.shape) for gate in net.gates.each} == {(2, 5)}


def test_couplings_are_mean_gates_over_the_labelled_training_rows_of_each_task():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(80, 4)), rng.normal(size=(80, 3))
    Y[:50, 0] = np.nan
    data = Tasks.from_arrays(X, Y, names=["a", "b", "c"])
    net = deep.MMoE(deep.mlp(6), experts=3).build(NUMBERS, 4).double()
    list(deep.steps(net, data, epochs=2))
    found = net.couplings()["gates"].values
    gates = net.eval().gates_of(torch.as_tensor(X)).detach().numpy()
    np.testing.assert_allclose(found.sum(1), 1)
    np.testing.assert_allclose(found[0], gates[0, 50:].mean(0), atol=1e-12)
    np.testing.assert_allclose(found[1], gates[1].mean(0), atol=1e-12)


def test_a_batch_of_one_row_is_a_batch():
    net, X = built(deep.MMoE(deep.mlp(6), tower=deep.mlp(3))), rows(5, 4)
    for name, out in net(X[:1]).items():
        torch.testing.assert_close(out, net(X)[name][:1], rtol=1e-12, atol=1e-12)


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"MMoE needs experts >= 1. Found experts=0"):
        deep.MMoE(experts=0)
    with pytest.raises(ParameterError, match=r"MMoE needs dropout in \[0, 1\)"):
        deep.MMoE(dropout=1.0)
    with pytest.raises(ParameterError, match=r"MMoE needs a trunk of stages"):
        deep.MMoE(tower=8)
