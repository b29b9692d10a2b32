"""Absolute error: the median of a number."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.deep.losses.base import Loss, difference, number


@dataclass(frozen=True)
class AbsoluteError(Loss):
    """``|f - y|``; predicts medians.

    The Laplace loss: ``-log`` of the density ``exp(-|f - y| / b) / (2 b)`` is, up to a constant,
    ``|f - y| / b + log b``. For vectors the mean over their components.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import AbsoluteError
    >>> AbsoluteError().each(torch.tensor([[[3.0]]]), torch.tensor([[1.0]])).item()
    2.0
    """

    name: ClassVar[str] = "absolute"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "counts", "dense_numbers")
    scaled: ClassVar[bool] = True

    def each(self, outputs, y):
        return difference(outputs, y).abs().mean(-1)

    def answer(self, outputs):
        return number(outputs)
