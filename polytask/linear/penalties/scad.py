"""Smoothly clipped absolute deviation: rows are chosen, and long ones are not shrunk."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.concave import Concave


@dataclass(frozen=True)
class SCAD(Concave):
    """Row-sparse and nearly unbiased: ``value(W) = sum_j price(|W[j, :]|_2)``, not convex.

    The price has slope ``alpha`` up to a length of ``alpha``, a slope that falls in a straight line
    to zero at ``gamma * alpha``, and is constant from there.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient; where rows begin to count, as in `L21`.
    gamma : float, > 2
        Rows longer than ``gamma * alpha`` are not shrunk at all; 3.7 in the paper.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite, or ``gamma`` is not above 2.

    Notes
    -----
    As in `MCP`: the end is a stationary point below the solution of ``L21(alpha)``, with a
    stationarity gap. `MCP` begins to relax at once, this price only beyond ``alpha``.

    References
    ----------
    Fan, Li. Variable selection via nonconcave penalized likelihood and its oracle properties. JASA
    2001.
    Breheny, Huang. Group descent algorithms for nonconvex penalized linear and logistic regression
    models with grouped predictors. Statistics and Computing 2015.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> SCAD(1.0, gamma=3.0).prox(np.array([[0.0, 5.0], [0.0, 2.5], [0.0, 1.5]]), 1.0)
    array([[0. , 5. ],
           [0. , 2. ],
           [0. , 0.5]])
    """

    alpha: float = 1.0
    gamma: float = 3.7
    second: ClassVar[str | None] = "gamma"

    def __post_init__(self):
        check_strength(self)
        require(
            2 < self.gamma < np.inf,
            f"SCAD needs a finite gamma > 2. Found gamma={self.gamma}. Take L21 for no levelling.",
        )

    def price(self, size):
        a, g = self.alpha, self.gamma
        t = np.minimum(size, g * a)
        return np.where(t <= a, a * t, (2 * g * a * t - t**2 - a**2) / (2 * (g - 1)))

    def slope(self, size):
        falling = np.maximum(self.gamma * self.alpha - size, 0) / (self.gamma - 1)
        return np.minimum(falling, self.alpha)

    def shorten(self, size, step):
        a, g = self.alpha, self.gamma
        places = [np.clip(size - step * a, 0, a), np.maximum(size, g * a)]
        if step < g - 1:
            middle = ((g - 1) * size - step * g * a) / (g - 1 - step)
            places.append(np.clip(middle, a, g * a))
        costs = [(t - size) ** 2 / 2 + step * self.price(t) for t in places]
        return np.choose(np.argmin(costs, axis=0), places)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=0.05, gamma=8.0)
