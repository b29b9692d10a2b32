"""Experts: the same stages several times, each with numbers of its own, and their mixtures."""

import torch
from torch import nn

from polytask.deep.columns import columns
from polytask.deep.shape import Shape


class Experts(nn.Module):
    """``count`` copies of some stages on the same features, ``(b, ...)`` to ``(count, b, ...)``.

    Experts of `Dense` stages run as one batched product.

    Attributes
    ----------
    shape : Shape
        Of what comes out of an expert.
    """

    masked = True

    def __init__(self, stages, inputs, count, dropout=0.0):
        super().__init__()
        self.count = count
        self.shape = Shape.of(inputs)
        self.stages = nn.ModuleList()
        self.dropout = nn.Dropout(dropout)
        for stage in stages:
            self.stages.append(columns(stage, self.shape, count))
            self.shape = Shape.of(stage.outputs(self.shape))

    def forward(self, X, mask=None):
        """What every expert makes of the same rows, ``(count, b, ...)``."""
        H = X.expand(self.count, *X.shape)
        for side in self.stages:
            H = self.dropout(side(H, mask))
        return H


def mixed(gates, experts):
    """Mixtures ``(t, b, ...)`` of experts ``(E, b, ...)`` by gates ``(t, b, E)`` of every row."""
    flat = torch.einsum("tbe,ebf->tbf", gates, experts.flatten(2))
    return flat.reshape(gates.shape[0], *experts.shape[1:])
