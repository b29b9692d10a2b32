"""Squared loss: numbers, or classes taken as numbers."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit, indicators


@dataclass(frozen=True)
class Squared(Datafit):
    """Half the squared distance: ``loss(y, f) = (y - f)^2 / 2``.

    For classes the targets are 0 and 1, a column per class beyond two; probabilities are then the
    outputs cut to [0, 1] and, beyond two classes, divided by their sum.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones((2, 1))
    >>> Squared().value(np.array([[1.0], [3.0]]), np.zeros((2, 1)), one / 2)
    2.5
    """

    name: ClassVar[str] = "squared"
    curvature: ClassVar[float] = 1.0

    def width(self, kind):
        require(
            kind.numeric or kind.classes is not None,
            f"Squared needs numbers or classes. Found a task of kind {kind.name}. "
            "Take datafit='auto'.",
            UnsupportedError,
        )
        return 1 if kind.classes is None or len(kind.classes) == 2 else len(kind.classes)

    def targets(self, codes, kind):
        return codes[:, None] if kind.classes is None else indicators(codes, kind)

    def value(self, Y, F, A):
        return 0.5 * float(np.sum(A * (Y - F) ** 2))

    def residual(self, Y, F, A):
        return Y - F

    def second(self, Y, F, A):
        return np.ones_like(F)

    def dual(self, Y, F, A, share):
        R = share * (Y - F)
        return float(np.sum(A * (R * Y - 0.5 * R**2)))

    def intercept(self, Y, F, A, start):
        return mean_residual(Y, F, A)

    def answers(self, F, kind):
        if kind.classes is None:
            return F[:, 0]
        F = np.clip(F, 0, 1)
        if F.shape[1] == 1:
            return np.hstack([1 - F, F])
        total = F.sum(axis=1, keepdims=True)
        return np.where(total > 0, F / np.where(total > 0, total, 1), 1 / F.shape[1])

    def resolution(self, Y, A):
        return float(np.finfo(np.float64).eps * np.sum(A * Y**2))


def mean_residual(Y, F, A):
    """Weighted mean ``(P,)`` of ``Y - F``; 0 for an output without labels."""
    weight = np.broadcast_to(A, Y.shape).sum(axis=0)
    total = np.sum(A * (Y - F), axis=0)
    return np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
