"""Row-sparse penalty: a feature serves every task or none."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Frozen, Penalty, check_strength
from polytask.linear.penalties.blocks import LENGTH, Blocks
from polytask.linear.penalties.l1 import L1
from polytask.ops.prox import TINY, row_lengths, shrink_rows


@dataclass(frozen=True)
class L21(Penalty):
    """Sum of the lengths of the rows of W: ``value(W) = alpha sum_j |W[j, :]|_2``.

    Its step shortens every row by ``step * alpha`` and drops the rows that are shorter than that.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient; the same as in scikit-learn's
        ``MultiTaskLasso`` where all tasks have the same rows.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    Notes
    -----
    The paper squares the sum; squared and plain norm have the same solutions, at other strengths.

    A new task (`adapt`): ``value`` is the smallest, over weights ``g_j > 0``, of
    ``alpha/2 sum_j (|W[j, :]|^2 / g_j + g_j)``. The weights learned from the old tasks are held
    fixed, so that features which served nobody stay out.

    References
    ----------
    Argyriou, Evgeniou, Pontil. Multi-task feature learning. NIPS 2006.
    Obozinski, Taskar, Jordan. Joint covariate selection and joint subspace selection for multiple
    classification problems. Statistics and Computing 2010.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> L21(0.5).value(np.array([[3.0, 4.0], [0.0, 0.0]]))
    2.5
    """

    alpha: float = 1.0
    couples: ClassVar[str] = "rows"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)

    def value(self, W):
        return self.alpha * float(row_lengths(W).sum())

    def prox(self, W, step):
        return shrink_rows(W, step * self.alpha)

    def feasible(self, V):
        return min(1.0, self.alpha / max(self.alpha_max(V), self.alpha, TINY))

    def in_blocks(self, d):
        return Blocks.of(LENGTH, d, cut=self.alpha)

    def alone(self):
        return L1(self.alpha)

    def conjugate(self, V):
        return 0.0

    def alpha_max(self, gradient):
        return float(row_lengths(gradient).max(initial=0))

    def frozen(self, W, like):
        length = row_lengths(W)
        kept = np.flatnonzero(length)
        factor = np.zeros((len(W), len(kept)))
        factor[kept, np.arange(len(kept))] = np.sqrt(length[kept])
        return Frozen(np.zeros((len(W), len(like))), factor, self.alpha)
