"""Elastic net: single coefficients fall out, and correlated features stay together."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import Penalty, check_strength
from polytask.linear.penalties.blocks import COLUMNS, Blocks
from polytask.ops.prox import TINY, soft_threshold


@dataclass(frozen=True)
class ElasticNet(Penalty):
    """Lasso and ridge at once, task by task.

    ``value(W) = alpha (l1_ratio sum_jp |W_jp| + (1 - l1_ratio)/2 |W|_F^2)``.

    Parameters
    ----------
    alpha : float, >= 0
        Strength; the same as in scikit-learn's ``ElasticNet``.
    l1_ratio : float, from 0 to 1
        Share of the absolute values; 1 is `L1`, 0 is `L2`.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite, or ``l1_ratio`` is outside [0, 1].

    References
    ----------
    Zou, Hastie. Regularization and variable selection via the elastic net. JRSS B 2005.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> ElasticNet(1.0, l1_ratio=0.5).prox(np.array([[3.5, -0.2]]), 1.0)
    array([[2., 0.]])
    """

    alpha: float = 1.0
    l1_ratio: float = 0.5
    second: ClassVar[str | None] = "l1_ratio"
    couples: ClassVar[str] = "entries"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)
        check_ratio(self)

    def value(self, W):
        return self.alpha * float(
            self.l1_ratio * np.abs(W).sum() + (1 - self.l1_ratio) / 2 * np.sum(W * W)
        )

    def prox(self, W, step):
        sparse, ridge = strengths(self)
        return soft_threshold(W, step * sparse) / (1 + step * ridge)

    def feasible(self, V):
        return 1.0 if self.l1_ratio < 1 else min(1.0, self.alpha / _most(V))

    def conjugate(self, V):
        return beyond(self, np.abs(V))

    def alpha_max(self, gradient):
        largest = float(np.abs(gradient).max(initial=0))
        return largest / self.l1_ratio if self.l1_ratio > 0 else np.inf

    def in_blocks(self, d):
        cut, ridge = strengths(self)
        return Blocks.of(COLUMNS, d, cut=cut, ridge=ridge) if cut > 0 else None

    def alone(self):
        return self

    def _top(self, problem):
        return top(self, problem)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, l1_ratio=0.5)
        yield cls(alpha=0.02, l1_ratio=0.9)


def check_ratio(penalty):
    """Refuse a share of the sparse part outside [0, 1]."""
    name, ratio = type(penalty).__name__, penalty.l1_ratio
    require(
        0 <= ratio <= 1,
        f"{name} needs l1_ratio from 0 to 1. Found l1_ratio={ratio}. 1 is sparse, 0 is ridge.",
    )


def strengths(penalty):
    """Strength of the sparse part and of the quadratic part."""
    return penalty.alpha * penalty.l1_ratio, penalty.alpha * (1 - penalty.l1_ratio)


def beyond(penalty, size):
    """The conjugate by sizes: what they have beyond the sparse strength, squared, over the rest."""
    sparse, ridge = strengths(penalty)
    if ridge == 0:
        return 0.0
    return float(np.sum(np.maximum(size - sparse, 0) ** 2)) / (2 * ridge)


def top(penalty, problem):
    """The strongest strength worth trying: without a sparse part, that of the loss's curvature."""
    if penalty.l1_ratio > 0:
        return penalty.alpha_max(problem.null.gradient) or 1.0
    return problem.curvature


def _most(V):
    return max(float(np.abs(V).max(initial=0)), TINY)
