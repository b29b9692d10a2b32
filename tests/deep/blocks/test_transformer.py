"""A layer of a transformer against torch's own, and what positions are for."""

import pytest
import torch
from torch import nn

from polytask import deep
from polytask.errors import ParameterError, UnsupportedError

SHAPE = deep.Shape(8, (None,))


def theirs(module, heads, width):
    """torch's layer with the same numbers."""
    layer = nn.TransformerEncoderLayer(
        8, heads, width, 0.0, "gelu", batch_first=True, norm_first=True
    ).double()
    pairs = {
        "self_attn.in_proj_": module.asks,
        "self_attn.out_proj.": module.out,
        "linear1.": module.up,
        "linear2.": module.down,
        "norm1.": module.before,
        "norm2.": module.between,
    }
    state = {
        name + kind: getattr(m, kind) for name, m in pairs.items() for kind in ("weight", "bias")
    }
    layer.load_state_dict(state)
    return layer


def test_a_layer_is_that_of_torch_at_real_positions():
    torch.manual_seed(0)
    module = deep.Transformer(2, 16).build(SHAPE).double()
    X, mask = torch.randn(3, 5, 8).double(), torch.arange(5) < torch.tensor([[5], [2], [4]])
    # in training mode, since in evaluation torch takes another way that rounds otherwise
    expected = theirs(module, 2, 16)(X, src_key_padding_mask=~mask)
    torch.testing.assert_close(module(X, mask)[mask], expected[mask], rtol=1e-10, atol=1e-12)


def test_the_order_of_positions_is_seen_with_positions_only():
    torch.manual_seed(0)
    layer = deep.Transformer(2).build(SHAPE).double()
    waves = deep.PositionalEncoding().build(SHAPE)
    X, order = torch.randn(1, 5, 8).double(), [3, 1, 4, 0, 2]
    torch.testing.assert_close(layer(X)[:, order], layer(X[:, order]))
    assert (layer(waves(X))[:, order] - layer(waves(X[:, order]))).abs().max() > 0.01


def test_waves_differ_from_position_to_position_and_fit_odd_channels():
    waves = deep.PositionalEncoding().build(deep.Shape(5, (None,)))(torch.zeros(1, 200, 5))[0]
    assert torch.pdist(waves).min() > 1e-3
    assert waves[0].tolist() == [0, 1, 0, 1, 0]


def test_dropout_is_there_in_training_only():
    module = deep.Transformer(2, dropout=0.5).build(SHAPE)
    X = torch.randn(2, 3, 8)
    assert not torch.equal(module(X), module(X))
    assert torch.equal(module.eval()(X), module(X))


def test_what_does_not_fit_is_refused():
    with pytest.raises(UnsupportedError, match="8 channels and 3 heads"):
        deep.Transformer(3).build(SHAPE)
    with pytest.raises(ParameterError, match="heads=0"):
        deep.Transformer(0)
    with pytest.raises(ParameterError, match="dropout=1"):
        deep.Transformer(dropout=1)
    with pytest.raises(ParameterError, match="longest=1"):
        deep.PositionalEncoding(1)
