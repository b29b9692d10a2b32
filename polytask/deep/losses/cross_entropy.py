"""Cross-entropy of several classes."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn import functional as F

from polytask.deep.losses.base import Loss


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """``log sum_k exp(f_k) - f_y`` for a class number y; predicts probabilities.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import CrossEntropy
    >>> round(CrossEntropy().each(torch.zeros(1, 1, 3), torch.tensor([[1.0]])).item(), 4)
    1.0986
    """

    name: ClassVar[str] = "multinomial"
    kinds: ClassVar[tuple[str, ...]] = ("multiclass",)

    def each(self, outputs, y):
        return F.cross_entropy(outputs.movedim(-1, 1), y.long(), reduction="none")

    def answer(self, outputs):
        return torch.softmax(outputs, -1)
