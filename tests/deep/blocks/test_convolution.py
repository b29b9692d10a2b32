"""Convolutions against sums written out."""

import pytest
import torch

from polytask import deep
from polytask.errors import ParameterError, UnsupportedError


def test_a_map_is_convolved_as_the_sum_says():
    stage, X = deep.Convolution(2, 3, activation="linear"), torch.randn(1, 4, 5, 6).double()
    module = stage.build(deep.Shape(4, (5, 6))).double()
    kernel, bias = module[0].weight, module[0].bias
    padded = torch.zeros(4, 7, 8).double()
    padded[:, 1:-1, 1:-1] = X[0]
    for i, j in ((0, 0), (2, 3), (4, 5)):
        expected = (kernel * padded[:, i : i + 3, j : j + 3]).sum((1, 2, 3)) + bias
        torch.testing.assert_close(module(X)[0, :, i, j], expected)


def test_a_sequence_is_convolved_as_the_sum_says_whatever_stands_in_its_padding():
    stage, X = deep.Convolution(2, 3, activation="linear"), torch.randn(1, 5, 4).double()
    module, mask = (
        stage.build(deep.Shape(4, (None,))).double(),
        torch.tensor([[True] * 3 + [False] * 2]),
    )
    kernel, bias = module[0].weight, module[0].bias
    zero = torch.zeros(4).double()
    around = torch.stack([X[0, 1], X[0, 2], zero], 1)  # of the last real position
    torch.testing.assert_close(module(X, mask)[0, 2], (kernel * around).sum((1, 2)) + bias)


@pytest.mark.parametrize("padding", [None, 0, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_grid_that_is_said_comes_out(stride, padding):
    stage, shape = deep.Convolution(2, 3, stride, padding), deep.Shape(4, (7, 10))
    out = stage.build(shape)(torch.zeros(1, 4, 7, 10))
    assert out.shape[2:] == stage.outputs(shape).grid


def test_norms_stand_before_the_activation():
    X = torch.randn(8, 4, 5, 5, generator=torch.Generator().manual_seed(0))
    batch = deep.Convolution(3, norm="batch", activation="linear").build(deep.Shape(4, (5, 5)))(X)
    torch.testing.assert_close(batch.mean((0, 2, 3)), torch.zeros(3), atol=1e-5, rtol=0)
    layer = deep.Convolution(3, norm="layer", activation="linear").build(deep.Shape(4, (5, 5)))(X)
    torch.testing.assert_close(layer.mean((1, 2, 3)), torch.zeros(8), atol=1e-5, rtol=0)
    assert (deep.Convolution(3, norm="layer").build(deep.Shape(4, (5, 5)))(X) >= 0).all()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ParameterError, match="leaves nothing"):
        deep.Convolution(2, 5, padding=0).outputs(deep.Shape(1, (4, 9)))
    with pytest.raises(UnsupportedError, match=r"Convolution takes maps or sequences. Found vec"):
        deep.Convolution(2).build(5)
    with pytest.raises(UnsupportedError, match="stride 1"):
        deep.Convolution(2, stride=2).build(deep.Shape(5, (None,)))
    with pytest.raises(ParameterError, match=r"norm out of .*Found 'group'"):
        deep.Convolution(2, norm="group")
    with pytest.raises(ParameterError, match="kernel >= 1"):
        deep.Convolution(2, 0)
