"""Ordered tasks: neighbours in time have coefficients that differ little."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.columns import chains
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.quadratic import Quadratic

# Prices of the size of coefficients on the grid.
RATIOS = (0.1, 0.001)


@dataclass(frozen=True)
class TemporalSmooth(Quadratic):
    """Tasks in an order, each near the one before.

    ``value(W) = alpha/2 (sum_t |w_t - w_t+1|^2 + ratio |W|_F^2)``.

    Parameters
    ----------
    alpha : float, >= 0
        Strength on the steps between neighbours, in units of loss per squared coefficient.
    ratio : float, > 0
        Price of the size of coefficients relative to that of the steps.
    order : tuple of task names, optional
        Default: by name, numbers in names by value (``m6`` before ``m12``). Outputs follow each
        other that mean the same.

    Raises
    ------
    ParameterError
        If a strength is out of range.

    Notes
    -----
    The paper's ``theta_1 |W|^2 + theta_2 sum |w_t - w_t+1|^2`` is ``alpha = 2 theta_2`` and
    ``ratio = theta_1 / theta_2`` in the units of its loss.

    References
    ----------
    Zhou, Yuan, Liu, Ye. A multi-task learning formulation for predicting disease progression. KDD
    2011.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> TemporalSmooth(2.0, ratio=0.5).value(np.array([[1.0, 2.0, 4.0]]))  # 5 + 0.5 * 21
    15.5
    """

    alpha: float = 1.0
    ratio: float = 0.01
    order: tuple | None = None
    second: ClassVar[str | None] = "ratio"

    def __post_init__(self):
        check_strength(self)
        require(
            0 < self.ratio < np.inf,
            f"TemporalSmooth needs a finite ratio > 0. Found ratio={self.ratio}.",
        )

    def bound(self, outputs):
        return NoPenalty() if self.alpha == 0 else self.replace(order=chains(self.order, outputs))

    def alone(self):
        return L2(self.alpha * self.ratio)

    def matrix(self, P):
        M = self.ratio * np.eye(P)
        for chain in (tuple(range(P)),) if self.order is None else self.order:
            for a, b in pairwise(chain):
                M[[a, b], [a, b]] += 1
                M[[a, b], [b, a]] -= 1
        return self.alpha * M

    def _seconds(self, problem):
        return RATIOS

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, ratio=0.1)
        yield cls(alpha=5.0, ratio=1.0)
