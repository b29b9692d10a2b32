"""Cross-entropy of two classes."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn import functional as F

from polytask.deep.losses.base import Loss


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """``log(1 + exp(f)) - y f`` for a label 0 or 1; predicts probabilities.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import BinaryCrossEntropy
    >>> round(BinaryCrossEntropy().each(torch.tensor([[[3.0]]]), torch.tensor([[1.0]])).item(), 4)
    0.0486
    """

    name: ClassVar[str] = "logistic"
    kinds: ClassVar[tuple[str, ...]] = ("binary",)

    def each(self, outputs, y):
        return F.binary_cross_entropy_with_logits(outputs[..., 0], y, reduction="none")

    def answer(self, outputs):
        positive = torch.sigmoid(outputs[..., 0])
        return torch.stack([1 - positive, positive], -1)
