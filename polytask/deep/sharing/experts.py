"""Experts: the same stages several times, each with numbers of its own, and their mixtures."""

import torch
from torch import nn

from polytask.deep.columns import Batched, columns
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


def together(many, streams, mask=None):
    """What the experts of several tasks make of streams ``(t, b, ...)``, ``(t, count, b, ...)``.

    Batched stages of all tasks run as one product.

    Parameters
    ----------
    many : list of t Experts
        Of the same stages and number.
    """
    count = many[0].count
    H = streams[:, None].expand(-1, count, *streams.shape[1:]).flatten(0, 1)
    for sides in zip(*(one.stages for one in many)):
        H = many[0].dropout(_joined(sides, H, mask))
    return H.unflatten(0, (len(many), count))


def _joined(sides, H, mask):
    """The columns of several modules, on inputs one after the other."""
    if not all(isinstance(side, Batched) for side in sides):
        parts = H.chunk(len(sides))
        return torch.cat([side(part, mask) for side, part in zip(sides, parts)])
    weight, bias = (torch.cat([getattr(s, name) for s in sides]) for name in ("weight", "bias"))
    out = sides[0].activation(torch.baddbmm(bias, H.flatten(1, -2), weight))
    return out.reshape(*H.shape[:-1], out.shape[-1])


def mixed(gates, experts):
    """Mixtures ``(t, b, ...)`` of experts ``(E, b, ...)`` by gates ``(t, b, E)`` of every row."""
    flat = torch.einsum("tbe,ebf->tbf", gates, experts.flatten(2))
    return flat.reshape(gates.shape[0], *experts.shape[1:])
