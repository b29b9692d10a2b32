"""Squared error: the mean of a number."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.deep.losses.base import Loss, difference, number


@dataclass(frozen=True)
class SquaredError(Loss):
    """``(f - y)^2``, without a half; predicts means.

    The Gaussian loss: ``-log N(y; f, sigma^2)`` is ``(f - y)^2 / (2 sigma^2) + log sigma`` up to a
    constant, so that with a fixed variance it is this one in another unit. A variance per task is
    learnt by the balancer `Uncertainty`. For vectors the mean over their components.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import SquaredError
    >>> SquaredError().each(torch.tensor([[[3.0]]]), torch.tensor([[1.0]])).item()
    4.0
    """

    name: ClassVar[str] = "squared"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "counts", "dense_numbers")
    scaled: ClassVar[bool] = True

    def each(self, outputs, y):
        if outputs.shape[-1] == 1 and y.ndim < outputs.ndim:
            return (outputs[..., 0] - y) ** 2
        return (difference(outputs, y) ** 2).mean(-1)

    def answer(self, outputs):
        return number(outputs)
