"""Adapters against hard sharing and their equation."""

import pytest
import torch
from deep.sharing.test_mtan import same_heads
from deep.sharing.toy import TASKS, Filters, Reader, Same, built, padded, rows

from polytask import deep
from polytask.errors import ParameterError


def moved(net):
    """The net with adapters that are not those of its start."""
    with torch.no_grad():
        for p in net.adapters.parameters():
            p.add_(torch.randn_like(p) / 2)
    return net


@pytest.mark.parametrize(
    ("stages", "shape", "X"),
    [
        (deep.mlp(6, 5), 4, rows(9, 4)),
        ((Filters(4), Same(3)), deep.Shape(2, (6, 6)), rows(9, 2, 6, 6)),
        (
            (Reader(4), deep.Dense(3)),
            deep.Shape(2, (None,)),
            padded(rows(3, 6, 2), [6, 2, 4]),
        ),
    ],
    ids=["vectors", "maps", "sequences"],
)
def test_the_start_is_hard_sharing_and_moved_adapters_are_not(stages, shape, X):
    net, hard = built(deep.Adapters(stages), shape), built(deep.HardSharing(stages), shape, seed=1)
    same_heads(net, hard)
    for name, out in net(X).items():
        torch.testing.assert_close(out, hard(X)[name], rtol=1e-12, atol=1e-12)
    for name, out in moved(net)(X).items():
        assert not torch.allclose(out, hard(X)[name])
        torch.testing.assert_close(net(X, (name,))[name], out, rtol=1e-12, atol=1e-12)


def test_two_stages_are_the_equation_of_the_paper():
    sharing = deep.Adapters((Same(4), Same(3)), width=2, activation="tanh")
    net, X = moved(built(sharing, deep.Shape(2, (5, 6)))), rows(4, 2, 5, 6)
    for t, name in enumerate("abc"):
        H = X
        for at, stage in enumerate(net.trunk.stages):
            P, own = stage(H).permute(0, 2, 3, 1), net.adapters[t][at]
            narrow = torch.tanh(P @ own["down"].weight.T + own["down"].bias)
            H = (P + narrow @ own["up"].weight.T + own["up"].bias).permute(0, 3, 1, 2)
        expected = net.towers.heads[t].linear(H.permute(0, 2, 3, 1))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_linear_adapters_after_linear_stages_are_matrices_of_their_own():
    stages = (deep.Dense(5, "linear"),)
    net, X = moved(built(deep.Adapters(stages, width=2, activation="linear"))), rows(9, 4)
    for t, name in enumerate("abc"):
        down, up = (net.adapters[t][0][key] for key in ("down", "up"))
        M = torch.eye(5) + up.weight @ down.weight
        H = net.trunk(X) @ M.T + up.weight @ down.bias + up.bias
        torch.testing.assert_close(net(X)[name], net.towers.heads[t].linear(H))


def test_a_followed_net_answers_as_the_trained_one_and_holds_its_trunk():
    sharing = deep.Adapters(deep.mlp(6, 5))
    hard, net, X = (
        built(sharing.before(), tasks=TASKS, seed=3),
        built(sharing, tasks=TASKS),
        rows(9, 4),
    )
    net.follow(hard)
    for name, out in net(X).items():
        torch.testing.assert_close(out, hard(X)[name], rtol=1e-12, atol=1e-12)
    assert not any(p.requires_grad for p in net.shared())
    assert sharing.replace(learns="along").before() is None


def test_adapters_stand_where_something_learns():
    stages = (deep.View(1, (4, 4)), Same(3), deep.Flat(), deep.Dense(5))
    net = built(deep.Adapters(stages), 16)
    assert net.changing == [1, 3]
    assert net(rows(9, 16))["a"].shape == (9, 1)


def test_what_makes_no_sense_is_refused():
    for options, words in (
        ({"trunk": ()}, r"Adapters needs a stage at least"),
        ({"width": 0}, r"Adapters needs width >= 1"),
        ({"learns": "never"}, r"Adapters needs learns out of"),
        ({"activation": "step"}, r"Adapters needs an activation"),
    ):
        with pytest.raises(ParameterError, match=words):
            deep.Adapters(**options)
