"""Minimax concave penalty: a feature serves every task or none, and what is kept is not shrunk."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.concave import Concave


@dataclass(frozen=True)
class MCP(Concave):
    """Row-sparse and nearly unbiased: ``value(W) = sum_j price(|W[j, :]|_2)``, not convex.

    ``price(t) = alpha t - t^2 / (2 gamma)`` up to ``t = gamma alpha``, and constant from there.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient; where rows begin to count, as in `L21`.
    gamma : float, > 1
        Rows longer than ``gamma * alpha`` are not shrunk at all. Infinite would be `L21`; smaller
        is further from convex. With inputs of unit variance 3 is usual.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite, or ``gamma`` is not above 1.

    Notes
    -----
    The solver starts at the solution of ``L21(alpha)`` and only goes down; it ends at a stationary
    point, in general not the global optimum. ``solution_.gap`` is then the *stationarity gap*: the
    most that the objective, with the price replaced by its tangent there, could still fall. Use
    ``scale=True``: ``gamma`` counts against the curvature of the loss.

    References
    ----------
    Zhang. Nearly unbiased variable selection under minimax concave penalty. Annals of Statistics
    2010.
    Breheny, Huang. Group descent algorithms for nonconvex penalized linear and logistic regression
    models with grouped predictors. Statistics and Computing 2015.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> MCP(1.0, gamma=3.0).prox(np.array([[0.0, 5.0], [0.0, 2.0], [0.5, 0.5]]), 1.0)
    array([[0. , 5. ],
           [0. , 1.5],
           [0. , 0. ]])
    """

    alpha: float = 1.0
    gamma: float = 3.0
    second: ClassVar[str | None] = "gamma"

    def __post_init__(self):
        check_strength(self)
        require(
            1 < self.gamma < np.inf,
            f"MCP needs a finite gamma > 1. Found gamma={self.gamma}. Take L21 for no levelling.",
        )

    def price(self, size):
        t = np.minimum(size, self.gamma * self.alpha)
        return self.alpha * t - t**2 / (2 * self.gamma)

    def slope(self, size):
        return np.maximum(self.alpha - size / self.gamma, 0)

    def shorten(self, size, step):
        if step >= self.gamma:  # the price bends more than the square: all or nothing
            return np.where(size > self.alpha * np.sqrt(step * self.gamma), size, 0.0)
        inside = np.maximum(size - step * self.alpha, 0) / (1 - step / self.gamma)
        return np.where(size > self.gamma * self.alpha, size, inside)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=0.05, gamma=8.0)
