"""Norms and dropout by hand."""

import pytest
import torch

from polytask import deep
from polytask.errors import ParameterError


def test_batch_norm_of_sequences_is_that_of_their_real_positions():
    torch.manual_seed(0)
    X, mask = torch.randn(4, 5, 3).double(), torch.arange(5) < torch.tensor([[5], [2], [1], [4]])
    module = deep.BatchNorm().build(deep.Shape(3, (None,))).double()
    out = module(X, mask)
    real = X[mask]
    expected = (real - real.mean(0)) / (real.var(0, unbiased=False) + 1e-5).sqrt()
    torch.testing.assert_close(out[mask], expected)
    torch.testing.assert_close(module.norm.running_mean, 0.1 * real.mean(0))
    assert not out[~mask].any()


def test_layer_norm_of_a_map_is_over_all_of_it():
    X = torch.randn(2, 3, 4, 5).double()
    out = deep.LayerNorm().build(deep.Shape(3, (4, 5))).double()(X)
    rows = X.flatten(1)
    expected = (rows - rows.mean(1, True)) / (
        rows.var(1, unbiased=False, keepdim=True) + 1e-5
    ).sqrt()
    torch.testing.assert_close(out.flatten(1), expected)


def test_dropout_silences_whole_channels_of_maps():
    torch.manual_seed(0)
    out = deep.Dropout(0.5).build(deep.Shape(50, (3, 3)))(torch.ones(2, 50, 3, 3))
    assert set(out.flatten(2).unique(dim=2).flatten().tolist()) == {0.0, 2.0}
    assert ((out == 0).all((2, 3)) | (out == 2).all((2, 3))).all()


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match="share=1"):
        deep.Dropout(1)
    with pytest.raises(ParameterError, match="momentum=0"):
        deep.BatchNorm(0)
