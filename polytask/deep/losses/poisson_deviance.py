"""The deviance of counts."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from polytask.deep.losses.base import Loss


@dataclass(frozen=True)
class PoissonDeviance(Loss):
    """``2 (exp(f) - y f + y log y - y)``: the output is the log of a mean; predicts means.

    Effects multiply, and noise grows with the mean. For rates, give events over exposure as label
    and the exposure as weight.

    References
    ----------
    McCullagh, Nelder. Generalized linear models. Chapman and Hall 1989. Chapter 6.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import PoissonDeviance
    >>> loss = PoissonDeviance()
    >>> loss.each(torch.zeros(2, 1, 1), torch.tensor([[1.0], [0.0]]))[:, 0].tolist()
    [0.0, 2.0]
    """

    name: ClassVar[str] = "poisson"
    kinds: ClassVar[tuple[str, ...]] = ("counts",)

    def each(self, outputs, y):
        f = outputs[..., 0]
        return 2 * (f.exp() - y * f + torch.xlogy(y, y) - y)

    def answer(self, outputs):
        return outputs[..., 0].exp()
