"""Recurrent layers against loops in numpy."""

import numpy as np
import pytest
import torch

from polytask import deep
from polytask.errors import ParameterError


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def weights(module, end=""):
    return [
        getattr(module.cell, f"{name}_l0{end}").detach().numpy()
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    ]


def lstm(X, A, B, a, b):
    """One sequence ``(length, k)`` through the equations of the docstring."""
    h = c = np.zeros(B.shape[1])
    out = []
    for x in X:
        i, f, g, o = np.split(A @ x + a + B @ h + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        out.append(h)
    return np.array(out)


def gru(X, A, B, a, b):
    """Cho et al. 2014, with the reset after the product, as torch documents it."""
    h = np.zeros(B.shape[1])
    out = []
    for x in X:
        given, kept = np.split(A @ x + a, 3), np.split(B @ h + b, 3)
        r, z = sigmoid(given[0] + kept[0]), sigmoid(given[1] + kept[1])
        h = (1 - z) * np.tanh(given[2] + r * kept[2]) + z * h
        out.append(h)
    return np.array(out)


@pytest.mark.parametrize(("cell", "loop"), [("lstm", lstm), ("gru", gru)])
def test_both_directions_are_the_loop_over_the_real_positions(cell, loop):
    torch.manual_seed(0)
    module = deep.Recurrent(4, cell).build(deep.Shape(3, (None,))).double()
    X = torch.randn(3, 6, 3).double()
    lengths = [6, 1, 4]
    mask = torch.arange(6) < torch.tensor(lengths)[:, None]
    out = module(X, mask).detach().numpy()
    for row, n in enumerate(lengths):
        real = X[row, :n].numpy()
        there = loop(real, *weights(module))
        back = loop(real[::-1], *weights(module, "_reverse"))[::-1]
        np.testing.assert_allclose(out[row, :n], np.hstack([there, back]), atol=1e-12)
        assert not out[row, n:].any()


def test_what_is_out_of_range_is_refused():
    with pytest.raises(ParameterError, match=r"width >= 1. Found width=0"):
        deep.Recurrent(0)
    with pytest.raises(ParameterError, match="Found 'rnn'"):
        deep.Recurrent(3, "rnn")
