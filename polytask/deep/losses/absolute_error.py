"""AbsoluteError error: the median of a number."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.deep.losses.base import Loss


@dataclass(frozen=True)
class AbsoluteError(Loss):
    """``|f - y|``; predicts medians. The Laplace loss, up to constants.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import AbsoluteError
    >>> AbsoluteError().each(torch.tensor([[[3.0]]]), torch.tensor([[1.0]])).item()
    2.0
    """

    name: ClassVar[str] = "absolute"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "counts")

    def each(self, outputs, y):
        return (outputs[..., 0] - y).abs()

    def answer(self, outputs):
        return outputs[..., 0]
