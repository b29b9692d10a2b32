"""Pooling by hand."""

import pytest
import torch

from polytask import deep
from polytask.errors import ParameterError, UnsupportedError


def test_only_real_positions_count():
    X = torch.tensor([[[1.0], [4.0], [90.0]], [[-5.0], [70.0], [80.0]]])
    mask = torch.tensor([[True, True, False], [True, False, False]])
    shape = deep.Shape(1, (None,))
    assert deep.Pooling("mean").build(shape)(X, mask).tolist() == [[2.5], [-5.0]]
    assert deep.Pooling("max").build(shape)(X, mask).tolist() == [[4.0], [-5.0]]


def test_a_sequence_without_positions_is_zero():
    X, mask = torch.ones(1, 2, 3), torch.zeros(1, 2, dtype=torch.bool)
    for how in ("mean", "max"):
        assert not deep.Pooling(how).build(deep.Shape(3, (2,)))(X, mask).any()


def test_maps_get_smaller_or_become_vectors():
    X = torch.arange(8.0).reshape(1, 1, 2, 4)
    shape = deep.Shape(1, (2, 4))
    assert deep.Pooling("max", 2).build(shape)(X).tolist() == [[[[5, 7]]]]
    assert deep.Pooling("mean", 2).build(shape)(X).tolist() == [[[[2.5, 4.5]]]]
    assert deep.Pooling().build(shape)(X).tolist() == [[3.5]]
    assert deep.Pooling("max").build(shape)(X).tolist() == [[7.0]]


def test_what_does_not_fit_is_refused():
    with pytest.raises(UnsupportedError, match="leave size out"):
        deep.Pooling("max", 2).build(deep.Shape(3, (None,)))
    with pytest.raises(ParameterError, match="leaves nothing"):
        deep.Pooling("max", 3).outputs(deep.Shape(3, (2, 9)))
    with pytest.raises(ParameterError, match="Found 'min'"):
        deep.Pooling("min")
    with pytest.raises(ParameterError, match="size=0"):
        deep.Pooling(size=0)
