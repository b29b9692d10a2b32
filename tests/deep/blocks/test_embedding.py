"""Embeddings are rows of their tables."""

import pytest
import torch

from polytask import deep
from polytask.errors import DataError, ParameterError


def test_vectors_stand_in_the_order_of_the_columns_and_the_rest_follows():
    module = deep.Embedding((5, 3), (4, 2), columns=(2, 0)).build(4).double()
    X = torch.tensor([[1, 7.5, 4, -2], [2, 0.5, 0, 3]]).double()
    expected = torch.cat(
        [module.tables[0].weight[[4, 0]], module.tables[1].weight[[1, 2]], X[:, [1, 3]]], 1
    )
    assert torch.equal(module(X), expected)


def test_codes_of_padded_sequences_may_stay_whole_numbers():
    module = deep.Embedding((5,), 4).build(deep.Shape(1, (None,)))
    codes = torch.tensor([[[1], [4]], [[0], [0]]])
    assert torch.equal(module(codes), module(codes.float()))
    assert module(codes).shape == (2, 2, 4)


def test_an_unknown_code_names_its_column():
    module = deep.Embedding((5, 3), 2).build(2)
    with pytest.raises(
        DataError, match=r"Column 1 is embedded with 3 values, 0 to 2. Found 0 to 3"
    ):
        module(torch.tensor([[0, 0], [0, 3]]))


def test_sizes_widths_and_columns_have_to_fit():
    with pytest.raises(ParameterError, match="one width and one column"):
        deep.Embedding((5, 3), (2,))
    with pytest.raises(ParameterError, match="one width and one column"):
        deep.Embedding((5, 3), 2, columns=(1, 1))
    with pytest.raises(ParameterError, match=">= 1"):
        deep.Embedding((5, 0))
    with pytest.raises(ParameterError, match=r"names column 3. Found 3 columns"):
        deep.Embedding((5,), columns=(3,)).build(3)
