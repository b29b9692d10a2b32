"""Stages are values that build themselves."""

import pytest
import torch

from polytask.deep import Dense, mlp
from polytask.deep.blocks import ACTIVATIONS
from polytask.errors import ParameterError


def test_a_perceptron_has_a_stage_per_width_and_may_have_none():
    assert mlp(8, 4, activation="tanh") == (Dense(8, "tanh"), Dense(4, "tanh"))
    assert mlp() == ()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_stage_comes_out_as_wide_as_it_says(activation):
    stage = Dense(5, activation)
    assert stage.build(3)(torch.zeros(2, 3)).shape == (2, stage.outputs(3).channels)


def test_a_width_of_zero_and_an_unknown_activation_are_refused():
    with pytest.raises(ParameterError, match=r"width >= 1. Found width=0"):
        mlp(8, 0)
    with pytest.raises(ParameterError, match=r"relu.*Found 'swish'"):
        Dense(8, "swish")
