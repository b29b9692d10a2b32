"""Huber's error: squares near the label, absolute values far from it."""

from dataclasses import dataclass
from typing import ClassVar

from torch.nn import functional as F

from polytask.deep.losses.base import Loss, difference, number
from polytask.errors import require


@dataclass(frozen=True)
class HuberError(Loss):
    """``r^2 / 2`` for ``|r| <= delta`` and ``delta (|r| - delta / 2)`` beyond, with ``r = f - y``.

    A label that is far off pulls no harder than one at distance ``delta``. For vectors the mean
    over their components.

    Parameters
    ----------
    delta : float, > 0
        In the units in which the net computes: `DeepModel` gives labels a deviation of 1.

    Raises
    ------
    ParameterError
        If ``delta`` is not positive.

    References
    ----------
    Huber. Robust estimation of a location parameter. Annals of Mathematical Statistics 1964.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import HuberError
    >>> HuberError(1.0).each(torch.tensor([[[0.5]], [[3.0]]]), torch.zeros(2, 1))[:, 0].tolist()
    [0.125, 2.5]
    """

    delta: float = 1.0

    name: ClassVar[str] = "huber"
    kinds: ClassVar[tuple[str, ...]] = ("regression", "counts", "dense_numbers")
    scaled: ClassVar[bool] = True

    def __post_init__(self):
        require(self.delta > 0, f"HuberError needs delta > 0. Found delta={self.delta}.")

    def each(self, outputs, y):
        r = difference(outputs, y)
        return F.huber_loss(r, r.new_zeros(r.shape), reduction="none", delta=self.delta).mean(-1)

    def answer(self, outputs):
        return number(outputs)

    @classmethod
    def examples(cls):
        """The usual one, and one that is nearly absolute."""
        yield cls()
        yield cls(0.1)
