"""Attention per task on one trunk, against hard sharing and its equations."""

import numpy as np
import pytest
import torch
from deep.sharing.toy import Filters, Flat, Same, built, rows
from torch.nn import functional as F

from polytask import deep
from polytask.errors import ParameterError


def fix_masks(net, value):
    """Masks that look at nothing: a large value opens them, a small one closes them."""
    with torch.no_grad():
        for task in net.masks:
            for stage in task:
                stage["mask"].weight.zero_()
                stage["mask"].bias.fill_(value)


def same_heads(net, hard):
    hard.trunk.load_state_dict(net.trunk.state_dict())
    with torch.no_grad():
        hard.heads.linear.weight.copy_(torch.cat([h.linear.weight for h in net.towers.heads]))
        hard.heads.linear.bias.copy_(torch.cat([h.linear.bias for h in net.towers.heads]))


@pytest.mark.parametrize(
    ("stages", "shape", "X"),
    [
        (deep.mlp(6, 5), 4, rows(9, 4)),
        ((Filters(4), Same(3), Flat(), *deep.mlp(5)), deep.Shape(2, (6, 6)), rows(9, 2, 6, 6)),
    ],
    ids=["vectors", "maps"],
)
def test_open_masks_are_hard_sharing(stages, shape, X):
    net, hard = built(deep.MTAN(stages), shape), built(deep.HardSharing(stages), shape, seed=1)
    fix_masks(net, 50.0)  # sigmoid(50) is 1 in float64
    same_heads(net, hard)
    for name, out in net(X).items():
        torch.testing.assert_close(out, hard(X)[name], rtol=1e-12, atol=1e-12)


def test_closed_masks_leave_the_bias_of_the_head():
    net = built(deep.MTAN(deep.mlp(6, 5)))
    fix_masks(net, -800.0)
    for head, out in zip(net.towers.heads, net(rows(3, 4)).values(), strict=True):
        torch.testing.assert_close(out, head.linear.bias.expand(3, 1), rtol=1e-12, atol=1e-12)


def test_two_convolutions_are_the_equations_of_the_paper():
    net = built(deep.MTAN((Filters(4), Filters(3))), deep.Shape(2, (8, 8)))
    X = rows(5, 2, 8, 8)

    def conv(linear, H):
        return F.conv2d(H, linear.weight[:, :, None, None], linear.bias)

    p1 = net.trunk.stages[0](X)
    p2 = net.trunk.stages[1](p1)
    for t, name in enumerate("abc"):
        first, second = net.masks[t]
        a1 = torch.sigmoid(conv(first["mask"], torch.relu(conv(first["look"], p1)))) * p1
        kept = F.avg_pool2d(torch.relu(net.carry[0].map(a1)), 2)
        seen = torch.cat([p2, kept], 1)
        a2 = torch.sigmoid(conv(second["mask"], torch.relu(conv(second["look"], seen)))) * p2
        expected = net.towers.heads[t].linear(a2.permute(0, 2, 3, 1))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_masks_are_a_tasks_own_and_what_carries_them_is_shared():
    net = built(deep.MTAN(deep.mlp(6, 5)))
    shared = {id(p) for p in net.shared()}
    assert {id(p) for p in net.carry.parameters()} <= shared
    assert not {id(p) for p in net.masks.parameters()} & shared


def test_couplings_are_mean_masks_of_the_training_rows():
    X = rows(60, 4).numpy()
    model = deep.DeepModel(deep.MTAN(deep.mlp(6, 5)), epochs=2, scale=False, random_state=0)
    model.fit(X, X[:, :2])
    net = model._net
    masks = model.couplings_["masks"].values
    P = net.trunk.stages[0](torch.as_tensor(X))
    pairs = [(task[0]["look"], task[0]["mask"]) for task in net.masks]
    expected = [mask(look(P).relu()).sigmoid().mean().item() for look, mask in pairs]
    # a tenth of the rows is held out, and was not looked at
    np.testing.assert_allclose(masks[:, 0], expected, atol=0.02)
    assert ((masks > 0) & (masks < 1)).all()


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"MTAN needs a stage at least"):
        deep.MTAN(())
    with pytest.raises(ParameterError, match=r"hidden >= 1 or None. Found hidden=0"):
        deep.MTAN(hidden=0)
