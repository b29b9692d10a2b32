"""Rows that carry the task, against hard sharing and the same rows put together by hand."""

import pytest
import torch
from deep.sharing.toy import Reader, Same, built, padded, rows

from polytask import deep
from polytask.errors import ParameterError


def told(net):
    """The net with tokens that differ."""
    with torch.no_grad():
        for token in net.token:
            token.copy_(torch.randn_like(token))
    return net


def test_vectors_carry_the_vector_of_the_task():
    net, X = told(built(deep.TaskToken(deep.mlp(6, 5), width=3))), rows(9, 4)
    for t, name in enumerate("abc"):
        longer = torch.cat([X, net.token[t].expand(9, 3)], 1)
        expected = net.towers.heads[t].linear(net.trunk(longer))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_maps_carry_it_at_every_pixel():
    net = told(built(deep.TaskToken((Same(4),), width=2), deep.Shape(3, (5, 6))))
    X = rows(4, 3, 5, 6)
    for t, name in enumerate("abc"):
        longer = torch.cat([X, net.token[t][None, :, None, None].expand(4, 2, 5, 6)], 1)
        expected = net.towers.heads[t].linear(net.trunk(longer).permute(0, 2, 3, 1))
        torch.testing.assert_close(net(X)[name], expected, rtol=1e-12, atol=1e-12)


def test_sequences_get_a_position_in_front_which_is_dropped_again():
    net = told(built(deep.TaskToken((Reader(4),)), deep.Shape(3, (None,))))
    values, lengths = rows(2, 5, 3), [5, 3]
    out = net(padded(values, lengths))
    for t, name in enumerate("abc"):
        for row, length in enumerate(lengths):
            longer = torch.cat([net.token[t][None], values[row, :length]])[None]
            expected = net.towers.heads[t].linear(net.trunk(longer))[0, 1:]
            torch.testing.assert_close(out[name][row, :length], expected, rtol=1e-12, atol=1e-12)


def test_the_start_tells_tasks_apart_by_their_heads_alone():
    net, X = built(deep.TaskToken(deep.mlp(6))), rows(9, 4)
    for head in net.towers.heads:
        head.load_state_dict(net.towers.heads[0].state_dict())
    first, *others = net(X).values()
    assert all(torch.equal(first, other) for other in others)


def test_a_new_task_gets_a_token_on_the_trunk_of_the_old_ones():
    X = rows(60, 4).numpy()
    model = deep.DeepModel(deep.TaskToken(deep.mlp(6), width=2), epochs=3, random_state=0)
    new = model.fit(X, X[:, :2]).adapt(X, X[:, 2])
    before, after = (one._net.trunk.state_dict() for one in (model, new))
    assert all(torch.equal(before[key], after[key]) for key in before)
    assert new.couplings_["token"].values.any()


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"TaskToken needs a stage at least"):
        deep.TaskToken(())
    with pytest.raises(ParameterError, match=r"width >= 1. Found width=0"):
        deep.TaskToken(width=0)
