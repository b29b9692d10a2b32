"""Quantiles of a number."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn import functional as F

from polytask.deep.losses.base import Loss
from polytask.errors import require


@dataclass(frozen=True)
class Quantile(Loss):
    r"""Quantiles at one or several levels, each with an output of its own.

    ``q (y - f)`` above and ``(1 - q) (f - y)`` below, the mean over the levels q: the pinball loss.
    The answer is the quantile in the middle of ``levels`` (the lower one of two); `quantiles` gives
    all of them.

    Parameters
    ----------
    levels : tuple of floats in (0, 1), increasing

    Raises
    ------
    ParameterError
        If levels are none, out of range, or not increasing.

    Notes
    -----
    Outputs are free of each other and may cross where labels are few: `OrderedQuantile` cannot.

    References
    ----------
    Koenker, Bassett. Regression quantiles. Econometrica 46, 1978.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import Quantile
    >>> loss = Quantile((0.1, 0.9))
    >>> round(loss.each(torch.tensor([[[0.0, 5.0]]]), torch.tensor([[1.0]])).item(), 4)
    0.25
    """

    levels: tuple[float, ...] = (0.1, 0.5, 0.9)

    name: ClassVar[str] = "quantile"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "counts")
    scaled: ClassVar[bool] = True

    def __post_init__(self):
        levels = tuple(self.levels)
        rising = all(a < b for a, b in zip((0.0, *levels), (*levels, 1.0), strict=True))
        require(
            bool(levels) and rising,
            f"{type(self).__name__} needs increasing levels in (0, 1). Found levels={levels}.",
        )

    def width(self, kind):
        return len(self.levels)

    def quantiles(self, outputs):
        """Outputs ``(..., Q)`` to the quantiles ``(..., Q)``, as ``levels``."""
        return outputs

    def each(self, outputs, y):
        over = y[..., None] - self.quantiles(outputs)
        levels = over.new_tensor(self.levels)
        return torch.maximum(levels * over, (levels - 1) * over).mean(-1)

    def answer(self, outputs):
        return self.quantiles(outputs)[..., (len(self.levels) - 1) // 2]

    @classmethod
    def examples(cls):
        """An interval around a median, and one level."""
        yield cls()
        yield cls((0.8,))


@dataclass(frozen=True)
class OrderedQuantile(Quantile):
    """Quantiles that cannot cross: the lowest, and what is added to it from level to level.

    ``f_1 = o_1``, ``f_k = f_(k-1) + log(1 + exp(o_k))``; the loss is that of `Quantile`.

    Notes
    -----
    Increments above zero forbid crossing by construction; the idea is that of monotone composite
    quantile nets, where weights take the place of our increments.

    References
    ----------
    Cannon. Non-crossing nonlinear regression quantiles by monotone composite quantile regression
    neural network. Stochastic Environmental Research and Risk Assessment 32, 2018.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import OrderedQuantile
    >>> OrderedQuantile().quantiles(torch.tensor([1.0, -3.0, 0.0])).diff() > 0
    tensor([True, True])
    """

    def quantiles(self, outputs):
        steps = torch.cat([outputs[..., :1], F.softplus(outputs[..., 1:])], -1)
        return steps.cumsum(-1)
