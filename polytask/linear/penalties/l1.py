"""Lasso: single coefficients fall out, every task chooses alone."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Penalty, check_strength
from polytask.linear.penalties.blocks import COLUMNS, Blocks
from polytask.ops.prox import TINY, soft_threshold


@dataclass(frozen=True)
class L1(Penalty):
    """Sum of absolute values: ``value(W) = alpha sum_jp |W_jp|``. The lasso, task by task.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient; the same as in scikit-learn's ``Lasso``.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    References
    ----------
    Tibshirani. Regression shrinkage and selection via the lasso. JRSS B 1996.
    Zhang, Huang. The sparsity and bias of the lasso selection in high-dimensional linear
    regression. Annals of Statistics 2008 (what the single task lasso can select).
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> L1(0.5).prox(np.array([[3.0, -0.2]]), 1.0)
    array([[2.5, 0. ]])
    """

    alpha: float = 1.0
    couples: ClassVar[str] = "entries"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)

    def value(self, W):
        return self.alpha * float(np.abs(W).sum())

    def prox(self, W, step):
        return soft_threshold(W, step * self.alpha)

    def feasible(self, V):
        return min(1.0, self.alpha / max(self.alpha_max(V), self.alpha, TINY))

    def in_blocks(self, d):
        return Blocks.of(COLUMNS, d, cut=self.alpha)

    def alone(self):
        return self

    def conjugate(self, V):
        return 0.0

    def alpha_max(self, gradient):
        return float(np.abs(gradient).max(initial=0))
