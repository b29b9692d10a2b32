"""Columns side by side are the stages one by one."""

import pytest
import torch

from polytask.deep import Dense, Padded, Shape
from polytask.deep.columns import Batched, Looped, columns
from polytask.deep.shape import parted


@pytest.mark.parametrize("shape", [(4, 6, 3), (4, 6, 5, 3)], ids=["vectors", "sequences"])
def test_a_batched_product_is_the_loop(shape):
    torch.manual_seed(0)
    starts = [Dense(7, "tanh").build(3) for _ in range(4)]
    H = torch.randn(shape)
    torch.testing.assert_close(Batched(starts, "tanh")(H), Looped(starts)(H))


def test_stacks_hold_the_weights_of_every_column():
    side = columns(Dense(7), 3, 4)
    alone = Looped([Dense(7).build(3) for _ in range(4)])
    for each in (side, alone):
        assert {name: tuple(value.shape) for name, value in each.stacks().items()} == {
            "0.weight": (4, 7, 3),
            "0.bias": (4, 7),
        }


def test_small_columns_are_one_product_and_large_ones_a_loop():
    small, large = columns(Dense(256), 256, 2), columns(Dense(512), 512, 2)
    assert isinstance(small, Batched) and isinstance(large, Looped)
    assert small.stacks().keys() == large.stacks().keys()


def sides():
    torch.manual_seed(0)
    starts = [Dense(7, "tanh").build(3) for _ in range(4)]
    return [Batched(starts, "tanh"), Looped(starts)]


@pytest.mark.parametrize("side", sides(), ids=["batched", "looped"])
def test_some_columns_answer_alone(side):
    H = torch.randn(4, 6, 3)
    torch.testing.assert_close(side(H[[2, 0]], None, [2, 0]), side(H)[[2, 0]])


@pytest.mark.parametrize("side", sides(), ids=["batched", "looped"])
def test_weights_that_are_put_are_those_that_compute(side):
    for name, stack in side.stacks().items():
        side.put(name, torch.arange(4.0).reshape(-1, *[1] * (stack.ndim - 1)).expand_as(stack))
    expected = torch.tanh(torch.arange(4.0)[:, None, None] * 4).expand(4, 6, 7)
    torch.testing.assert_close(side(torch.ones(4, 6, 3)), expected)


def test_columns_may_start_alike():
    alike, unlike = columns(Dense(7), 3, 4, same_start=True), columns(Dense(7), 3, 4)
    assert torch.equal(alike.weight[0], alike.weight[3])
    assert not torch.equal(unlike.weight[0], unlike.weight[3])


def test_a_mask_travels_with_padded_sequences_only():
    values, mask = torch.zeros(2, 3, 4), torch.ones(2, 3, dtype=torch.bool)
    assert parted(Padded(values, mask)) == (values, mask)
    assert parted(values) == (values, None)


def test_a_shape_says_what_it_is_and_where_its_channels_stand():
    assert [Shape(3, grid).word for grid in ((), (None,), (4, 5))] == [
        "vectors",
        "sequences",
        "maps",
    ]
    assert [Shape(3, grid).axis for grid in ((), (None,), (4, 5))] == [-1, -1, 1]
