"""Ordered classes: one score, and thresholds that stand in order."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn
from torch.nn import functional as F

from polytask.deep.losses.base import Loss


@dataclass(frozen=True)
class CumulativeLogit(Loss):
    r"""Ordered levels by one score: ``P(y > k) = sigma(f - c_k)`` with ``c_1 < c_2 < ...``.

    The proportional-odds model. An effect moves a row up or down the whole scale; the K - 1
    thresholds are learnt beside it, and are in order whatever is learnt: ``c_1`` is free and every
    next one is an increment above zero further. Outputs are ``f - c_k``.

    References
    ----------
    McCullagh. Regression models for ordinal data. JRSS B 42, 1980.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import CumulativeLogit
    >>> loss = CumulativeLogit()
    >>> loss.answer(torch.tensor([0.0, -2.0]))
    tensor([0.5000, 0.3808, 0.1192])
    """

    name: ClassVar[str] = "cumulative"
    kinds: ClassVar[tuple[str, ...]] = ("ordinal",)

    def width(self, kind):
        return len(kind.classes) - 1

    def head(self, kind, channels):
        return Thresholds(channels, len(kind.classes))

    def each(self, outputs, y):
        # log of sigma(a) - sigma(b), for a above the level and b below it, without a difference
        y = y.long()
        ends = outputs.new_full((*outputs.shape[:-1], 1), torch.inf)
        above = torch.cat([ends, outputs], -1).gather(-1, y[..., None])[..., 0]
        below = torch.cat([outputs, -ends], -1).gather(-1, y[..., None])[..., 0]
        first, last = y == 0, y == outputs.shape[-1]
        inner = torch.where(first | last, -1.0, below - above)  # < 0
        gap = torch.where(first | last, 0.0, torch.log(-torch.expm1(inner)))
        enters = torch.where(first, 0.0, F.logsigmoid(torch.where(first, 0.0, above)))
        stays = torch.where(last, 0.0, F.logsigmoid(-torch.where(last, 0.0, below)))
        return -(enters + stays + gap)

    def answer(self, outputs):
        above = torch.sigmoid(outputs)
        one = torch.ones_like(above[..., :1])
        return torch.cat([one, above], -1) - torch.cat([above, 0 * one], -1)


class Thresholds(nn.Module):
    """``(..., channels)`` to ``f - c_k`` ``(..., K - 1)``; at its start all levels are alike."""

    def __init__(self, channels, levels):
        super().__init__()
        self.score = nn.Linear(channels, 1, bias=False)
        share = torch.arange(1, levels) / levels
        start = torch.logit(share)
        self.first = nn.Parameter(start[:1].clone())
        # log of the increments: softplus would have to be inverted
        self.increments = nn.Parameter(start.diff().log())

    def thresholds(self):
        """``c_1 < ... < c_(K-1)``."""
        return torch.cat([self.first, self.first + self.increments.exp().cumsum(0)])

    def forward(self, H):
        return self.score(H) - self.thresholds()
