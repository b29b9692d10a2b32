"""SquaredError error: the mean of a number."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.deep.losses.base import Loss


@dataclass(frozen=True)
class SquaredError(Loss):
    """``(f - y)^2``, without a half; predicts means. The Gaussian loss, up to constants.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import SquaredError
    >>> SquaredError().each(torch.tensor([[[3.0]]]), torch.tensor([[1.0]])).item()
    4.0
    """

    name: ClassVar[str] = "squared"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "counts")

    def each(self, outputs, y):
        return (outputs[..., 0] - y) ** 2

    def answer(self, outputs):
        return outputs[..., 0]
