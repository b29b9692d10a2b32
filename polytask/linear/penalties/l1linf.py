"""Row-sparse penalty by the largest entry: a feature serves all tasks up to one size, or none."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.blocks import LARGEST, Blocks
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.norm import Norm
from polytask.ops.rows import cap_rows, row_norms


@dataclass(frozen=True)
class L1Linf(Norm):
    """Sum of the largest entries of the rows of W: ``value(W) = alpha sum_j max_p |W_jp|``.

    Once a feature is paid for in one task, every other task may use it up to the same size at no
    further price.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient. Its largest useful value is the largest
        *sum* of sizes in a row of the gradient.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    Notes
    -----
    Its step cuts the largest entries of a row to one level, found by sorting; they tie exactly,
    also in the solution. So the support *inside* a kept row means nothing, only the choice of rows
    does.

    With two tasks it needs fewer rows than the lasso where the tasks' supports overlap by more
    than two thirds (with equal sizes), and more where they overlap less.

    References
    ----------
    Turlach, Venables, Wright. Simultaneous variable selection. Technometrics 2005.
    Liu, Palatucci, Zhang. Blockwise coordinate descent procedures for the multi-task lasso. ICML
    2009.
    Negahban, Wainwright. Joint support recovery under high-dimensional scaling: benefits and
    perils of l1,inf-regularization. NIPS 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> L1Linf(1.0).prox(np.array([[3.0, -2.0, 0.5]]), 1.0)
    array([[ 2. , -2. ,  0.5]])
    """

    alpha: float = 1.0
    couples: ClassVar[str] = "rows"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)

    def value(self, W):
        return self.alpha * float(np.abs(W).max(axis=1, initial=0).sum())

    def prox(self, W, step):
        return cap_rows(W, step * self.alpha)

    def in_blocks(self, d):
        return Blocks.of(LARGEST, d, cut=self.alpha)

    def alone(self):
        return L1(self.alpha)

    def dual_norm(self, V):
        return float(row_norms(V, 1).max(initial=0))
