"""Updates of low rank against hard sharing, merged weights and nets of full rank."""

import numpy as np
import pytest
import torch
from deep.sharing.test_mtan import same_heads
from deep.sharing.toy import Flat, Reader, Same, built, padded, rows

from polytask import deep
from polytask.errors import ParameterError

PAIR = deep.LoRA(deep.mlp(6, 5), rank=2, alpha=3.0)


def moved(net):
    """The net with updates that are not those of its start."""
    with torch.no_grad():
        for p in net.updates.parameters():
            p.add_(torch.randn_like(p) / 2)
    return net


@pytest.mark.parametrize(
    ("stages", "shape", "X"),
    [
        (deep.mlp(6, 5), 4, rows(9, 4)),
        ((Same(3), Flat(), deep.Dense(5)), deep.Shape(2, (4, 4)), rows(9, 2, 4, 4)),
        (
            (deep.Dense(5), Reader(4), deep.Dense(3)),
            deep.Shape(2, (None,)),
            padded(rows(3, 6, 2), [6, 2, 4]),
        ),
    ],
    ids=["vectors", "maps", "sequences"],
)
def test_the_start_is_hard_sharing_and_merged_trunks_give_the_same_answers(stages, shape, X):
    net, hard = built(deep.LoRA(stages), shape), built(deep.HardSharing(stages), shape, seed=1)
    same_heads(net, hard)
    for name, out in net(X).items():
        torch.testing.assert_close(out, hard(X)[name], rtol=1e-12, atol=1e-12)
    values, mask = (X.values, X.mask) if isinstance(X, deep.Padded) else (X, None)
    for name, out in moved(net)(X).items():
        head = net.towers.heads[net.towers.names.index(name)]
        merged = head(net.merged(name)(values, mask))[name]
        torch.testing.assert_close(out, merged, rtol=1e-12, atol=1e-12)
        assert not torch.allclose(out, hard(X)[name])


def test_one_stage_is_the_equation_of_the_paper():
    net, X = moved(built(deep.LoRA(deep.mlp(5), rank=2, alpha=3.0))), rows(9, 4)
    linear = net.trunk.stages[0][0]
    for t, name in enumerate("abc"):
        update, head = net.updates[t][0], net.towers.heads[t].linear
        W = linear.weight + 3.0 / 2 * update.B @ update.A
        expected = head(torch.relu(X @ W.T + linear.bias))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_at_full_rank_without_a_trunk_the_nets_are_separate():
    net, X = built(deep.LoRA(deep.mlp(6, 5), rank=6)), rows(9, 4)
    alone = [built(deep.HardSharing(deep.mlp(6, 5)), seed=t + 1) for t in range(3)]
    with torch.no_grad():
        for linear, _ in net.trunk.stages:
            linear.weight.zero_()
            linear.bias.zero_()
        for t, one in enumerate(alone):
            for at, (linear, _) in enumerate(one.trunk.stages):
                linear.bias.zero_()
                update = net.updates[t][at]
                U, s, Vh = torch.linalg.svd(linear.weight, full_matrices=False)
                update.B.copy_(U * s / update.scale)
                update.A.copy_(Vh)
            net.towers.heads[t].linear.weight.copy_(one.heads.linear.weight[t : t + 1])
            net.towers.heads[t].linear.bias.copy_(one.heads.linear.bias[t : t + 1])
    for name, one in zip("abc", alone, strict=True):
        torch.testing.assert_close(net(X)[name], one(X)[name], rtol=1e-12, atol=1e-12)


def test_all_tasks_in_one_batch_are_a_pass_for_each():
    net, X = moved(built(PAIR)), rows(9, 4)
    for name, out in net(X).items():
        torch.testing.assert_close(net(X, (name,))[name], out, rtol=1e-12, atol=1e-12)


def test_the_length_of_an_update_is_told():
    net = built(PAIR)
    assert (net.couplings()["updates"].values == 0).all()
    update, W = moved(net).updates[2][1], net.trunk.stages[1][0].weight
    expected = 3.0 / 2 * (update.B @ update.A).norm() / W.norm()
    assert net.couplings()["updates"].values[2, 1] == pytest.approx(expected.item())


def test_a_followed_net_answers_as_the_trained_one_and_holds_its_trunk():
    hard, net, X = built(PAIR.before(), seed=3), built(PAIR), rows(9, 4)
    net.follow(hard)
    for name, out in net(X).items():
        torch.testing.assert_close(out, hard(X)[name], rtol=1e-12, atol=1e-12)
    assert not any(p.requires_grad for p in net.shared())
    again = built(PAIR, seed=5)
    assert all(p.requires_grad for p in again.shared())
    again.load_state_dict(net.state_dict())
    assert not any(p.requires_grad for p in again.shared())


@pytest.mark.parametrize(("learns", "stays"), [("first", True), ("both", False)])
def test_training_leaves_the_trunk_where_it_was_or_tunes_it(learns, stays):
    X = np.random.default_rng(0).normal(size=(60, 4))
    Y = np.column_stack([np.abs(X[:, 0]), np.abs(X[:, 1])])
    options = {"epochs": 5, "validation": 0.0, "random_state": 0}
    hard = deep.DeepModel(deep.HardSharing(deep.mlp(6)), **options).fit(X, Y)
    sharing = deep.LoRA(deep.mlp(6), rank=2, learns=learns)
    model = deep.DeepModel(sharing, warm_start=True, **options).fit(X, Y)
    assert (model.couplings_["updates"].values > 0).all()
    model.fit(X, Y)  # goes on, and the trunk is still held
    pairs = zip(hard._net.shared(), model._net.shared(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs) == stays


def test_statistics_of_a_held_trunk_stay():
    sharing = deep.LoRA((deep.Dense(6), deep.BatchNorm()))
    net = built(sharing)
    net.follow(built(sharing.before(), seed=1))
    before = [b.clone() for b in net.trunk.buffers()]
    assert before
    net.train()(rows(9, 4))
    assert all(torch.equal(a, b) for a, b in zip(before, net.trunk.buffers(), strict=True))


def test_what_makes_no_sense_is_refused():
    for options, words in (
        ({"trunk": (deep.Flat(),)}, r"LoRA needs a Dense stage at least"),
        ({"rank": 0}, r"LoRA needs rank >= 1"),
        ({"alpha": 0.0}, r"LoRA needs alpha > 0"),
        ({"learns": "never"}, r"LoRA needs learns out of"),
    ):
        with pytest.raises(ParameterError, match=words):
            deep.LoRA(**options)
