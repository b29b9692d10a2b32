"""Modulation per task against hard sharing and its equation."""

import pytest
import torch
from deep.sharing.test_mtan import same_heads
from deep.sharing.toy import Filters, Same, built, rows

from polytask import deep
from polytask.errors import ParameterError


def moved(net):
    """The net with modulations that are not those of its start."""
    with torch.no_grad():
        for p in [*net.gamma.parameters(), *net.beta.parameters()]:
            p.add_(torch.randn_like(p) / 2)
    return net


@pytest.mark.parametrize(
    ("stages", "shape", "X"),
    [
        (deep.mlp(6, 5), 4, rows(9, 4)),
        ((Filters(4), Same(3)), deep.Shape(2, (6, 6)), rows(9, 2, 6, 6)),
    ],
    ids=["vectors", "maps"],
)
def test_the_start_is_hard_sharing(stages, shape, X):
    net, hard = built(deep.FiLM(stages), shape), built(deep.HardSharing(stages), shape, seed=1)
    same_heads(net, hard)
    for name, out in net(X).items():
        torch.testing.assert_close(out, hard(X)[name], rtol=1e-12, atol=1e-12)


def test_two_stages_are_the_equation_of_the_paper():
    net, X = moved(built(deep.FiLM((Same(4), Same(3))), deep.Shape(2, (5, 6)))), rows(4, 2, 5, 6)
    for t, name in enumerate("abc"):
        H = X
        for at, stage in enumerate(net.trunk.stages):
            scale, shift = net.gamma[t][at], net.beta[t][at]
            H = scale[None, :, None, None] * stage(H) + shift[None, :, None, None]
        expected = net.towers.heads[t].linear(H.permute(0, 2, 3, 1))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_all_tasks_in_one_batch_are_a_pass_for_each():
    net, X = moved(built(deep.FiLM(deep.mlp(6, 5)))), rows(9, 4)
    for name, out in net(X).items():
        alone = net(X, (name,))
        assert list(alone) == [name]
        torch.testing.assert_close(alone[name], out, rtol=1e-12, atol=1e-12)


def test_the_modulation_of_a_task_is_its_own():
    net, X = built(deep.FiLM(deep.mlp(6, 5))), rows(9, 4)
    before = net(X)
    with torch.no_grad():
        net.gamma[1][0].mul_(2)
    after = net(X)
    assert [torch.equal(before[name], after[name]) for name in "abc"] == [True, False, True]


def test_one_dropout_mask_serves_all_tasks():
    net, X = built(deep.FiLM(deep.mlp(50, 50), dropout=0.5)).train(), rows(9, 4)
    with torch.no_grad():
        for head in net.towers.heads:
            head.linear.weight.fill_(1.0)
            head.linear.bias.fill_(0.0)
    outputs = net(X)
    assert torch.equal(outputs["a"], outputs["b"])
    assert not torch.equal(outputs["a"], net(X)["a"])


def test_an_empty_trunk_is_refused():
    with pytest.raises(ParameterError, match=r"FiLM needs a stage at least"):
        deep.FiLM(())
