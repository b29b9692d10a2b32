"""Own and shared experts against mixtures, separate nets, and the levels written out."""

import pytest
import torch
from deep.sharing.toy import built, rows

from polytask import deep
from polytask.errors import ParameterError, UnsupportedError


def layer(experts, X):
    """What every expert of one layer makes of rows, a list."""
    side = experts.stages[0].stacks()
    pairs = zip(side["0.weight"], side["0.bias"], strict=True)
    return [torch.relu(X @ A.T + b) for A, b in pairs]


def gated(gate, look, experts):
    """A softmax mixture, row by row."""
    shares = torch.softmax(look @ gate.weight.T + gate.bias, 1)
    return sum(shares[:, e, None] * one for e, one in enumerate(experts))


def test_two_levels_are_the_equations_of_the_paper():
    net = built(deep.PLE((deep.mlp(6), deep.mlp(5)), own=2, shared=3))
    X = rows(7, 4)
    one, two = net.levels
    mine = [layer(own, X) for own in one.own]
    ours = layer(one.shared, X)
    streams = [gated(one.gates.each[t], X, [*mine[t], *ours]) for t in range(3)]
    common = gated(one.crossing.each[0], X, [*mine[0], *mine[1], *mine[2], *ours])
    for t, name in enumerate("abc"):
        experts = [*layer(two.own[t], streams[t]), *layer(two.shared, common)]
        expected = net.towers.heads[t].linear(gated(two.gates.each[t], streams[t], experts))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_without_own_experts_one_level_is_a_mixture_with_gates_for_all():
    net = built(deep.PLE((deep.mlp(6),), own=0, shared=3))
    mixture = built(deep.MMoE(deep.mlp(6), experts=3), seed=1)
    mixture.experts.load_state_dict(net.levels[0].shared.state_dict())
    mixture.gates.load_state_dict(net.levels[0].gates.state_dict())
    mixture.towers.load_state_dict(net.towers.state_dict())
    X = rows(7, 4)
    for name, out in net(X).items():
        torch.testing.assert_close(out, mixture(X)[name], rtol=1e-12, atol=1e-12)


def test_without_shared_experts_it_is_a_net_per_task():
    net = built(deep.PLE((deep.mlp(6), deep.mlp(5)), own=1, shared=0))
    assert net.shared() == []
    X = rows(7, 4)
    for t, name in enumerate("abc"):
        (H,) = layer(net.levels[0].own[t], X)
        (H,) = layer(net.levels[1].own[t], H)
        answer = net.towers.heads[t].linear(H)
        torch.testing.assert_close(net(X)[name], answer, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(net(X, (name,))[name], answer, rtol=1e-12, atol=1e-12)


def test_counts_of_own_and_shared_experts_are_counted_apart():
    level = built(deep.PLE((deep.mlp(6),), own=1, shared=4)).levels[0]
    assert [own.count for own in level.own] == [1, 1, 1]
    assert level.shared.count == 4
    assert level.gates.each[0].weight.shape == (5, 4)


def test_the_last_level_has_no_gate_of_the_shared_stream():
    levels = built(deep.PLE((deep.mlp(6), deep.mlp(5)), own=1, shared=2)).levels
    assert levels[0].crossing.each[0].weight.shape == (3 * 1 + 2, 4)
    assert levels[1].crossing is None
    assert built(deep.PLE((deep.mlp(6),))).levels[0].crossing is None


def test_own_experts_below_the_last_level_serve_other_tasks_and_those_of_the_last_do_not():
    net = built(deep.PLE((deep.mlp(6), deep.mlp(5)), own=1, shared=1))
    out = net(rows(50, 4))["a"].sum()
    low, high = (net.levels[at].own[1].stages[0].weight for at in (0, 1))
    assert torch.autograd.grad(out, low, retain_graph=True)[0].any()
    assert not torch.autograd.grad(out, high)[0].any()
    shared = {id(p) for p in net.shared()}
    assert {id(p) for p in net.levels[0].own.parameters()} <= shared
    assert not {id(p) for p in net.levels[1].own.parameters()} & shared


def test_a_task_that_is_not_asked_leaves_its_experts_alone():
    net = built(deep.PLE((deep.mlp(6),), own=1, shared=1))
    (net(rows(9, 4), ("b",))["b"] ** 2).sum().backward()
    level = net.levels[0]
    assert all(p.grad is None for t in (0, 2) for p in level.own[t].parameters())
    assert all(p.grad is None for t in (0, 2) for p in level.gates.each[t].parameters())
    assert all(p.grad.any() for p in level.own[1].parameters())


def test_a_new_task_stands_on_one_level_and_is_refused_on_two():
    X = rows(60, 4).numpy()
    one = deep.DeepModel(deep.PLE((deep.mlp(6),)), epochs=2, random_state=0).fit(X, X[:, :2])
    new = one.adapt(X, X[:, 2])
    shared = [model._net.levels[0].shared.state_dict() for model in (one, new)]
    assert all(torch.equal(shared[0][key], shared[1][key]) for key in shared[0])
    two = one.set_params(sharing=deep.PLE((deep.mlp(6), deep.mlp(5)))).fit(X, X[:, :2])
    with pytest.raises(UnsupportedError, match="nets of 1 and of 2 tasks do not fit"):
        two.adapt(X, X[:, 2])


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"an expert at least. Found own=0, shared=0"):
        deep.PLE(own=0, shared=0)
    with pytest.raises(ParameterError, match=r"levels of stages, such as .* Found \(\)"):
        deep.PLE(())
    with pytest.raises(ParameterError, match=r"PLE needs a trunk of stages"):
        deep.PLE(deep.mlp(4))
