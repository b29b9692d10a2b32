"""Fusion of all channels against separate nets, stitches per channel and convolutions."""

import pytest
import torch
from deep.sharing.toy import Same, built, rows
from torch.nn import functional as F

from polytask import deep
from polytask.deep.train.optimizer import adamw
from polytask.errors import ParameterError


def column(net, at, t, H):
    """What stage ``at`` of one task's net makes of rows."""
    side = net.stages[at].stacks()
    return torch.relu(H @ side["0.weight"][t].T + side["0.bias"][t])


def test_the_start_is_that_of_the_paper():
    (fusion,) = built(deep.NDDR(deep.mlp(2), own=0.9, other=0.2)).fusion
    eye = torch.eye(2).double()
    for s in range(3):
        for t in range(3):
            torch.testing.assert_close(fusion[s, :, t], eye * (0.9 if s == t else 0.1))


def test_own_one_and_other_none_are_separate_nets():
    net, X = built(deep.NDDR(deep.mlp(6, 5), own=1.0, other=0.0)), rows(9, 4)
    for t, name in enumerate("abc"):
        H = column(net, 1, t, column(net, 0, t, X))
        expected = net.towers.heads[t].linear(H)
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)
        (slope,) = torch.autograd.grad(net(X)[name].sum(), net.stages[0].weight)
        assert [bool(one.any()) for one in slope] == [s == t for s in range(3)]


def test_diagonal_blocks_are_a_stitch_per_channel():
    net, X = built(deep.NDDR(deep.mlp(6))), rows(9, 4)
    alpha = rows(3, 3, 6, seed=3)
    with torch.no_grad():
        net.fusion[0].copy_(torch.einsum("stc,cd->sctd", alpha, torch.eye(6).double()))
    H = torch.stack([column(net, 0, t, X) for t in range(3)])
    for s, name in enumerate("abc"):
        stitched = sum(alpha[s, t] * H[t] for t in range(3))
        expected = net.towers.heads[s].linear(stitched)
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_equal_nets_and_shares_that_sum_to_one_give_the_single_net():
    net, X = built(deep.NDDR(deep.mlp(6, 5), own=0.75, other=0.25)), rows(9, 4)
    for side in net.stages:
        for name, stack in side.stacks().items():
            side.put(name, stack[:1].detach().expand_as(stack).clone())
    single = column(net, 1, 0, column(net, 0, 0, X))
    for t, name in enumerate("abc"):
        expected = net.towers.heads[t].linear(single)
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_on_maps_it_is_a_convolution_of_size_one_over_the_channels_side_by_side():
    net, X = built(deep.NDDR((Same(4),)), deep.Shape(2, (5, 6))), rows(3, 2, 5, 6)
    with torch.no_grad():
        net.fusion[0].copy_(rows(3, 4, 3, 4, seed=4))
    wide = torch.cat([one(X) for one in net.stages[0].columns], 1)
    for t, name in enumerate("abc"):
        fused = F.conv2d(wide, net.fusion[0][t].reshape(4, 12)[:, :, None, None])
        expected = net.towers.heads[t].linear(fused.permute(0, 2, 3, 1))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_the_fusion_learns_at_its_own_rate():
    net = built(deep.NDDR(deep.mlp(6), rate=7.0))
    rates = {
        id(p): group["lr"] for group in adamw(net, 0.01, 0.1).param_groups for p in group["params"]
    }
    assert {rates[id(p)] for p in net.fusion} == {0.07}
    assert rates[id(net.stages[0].weight)] == 0.01


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"NDDR needs a stage at least"):
        deep.NDDR(())
    with pytest.raises(ParameterError, match=r"rate > 0. Found rate=0"):
        deep.NDDR(rate=0)
