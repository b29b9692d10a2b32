"""Multi-task feature selection: few features, and the tasks are ridge regressions on them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Frozen, Penalty, check_strength
from polytask.ops.prox import TINY, squared_sum_cut
from polytask.ops.rows import row_norms


@dataclass(frozen=True)
class SquaredL21(Penalty):
    """Multi-task feature selection: ``value(W) = alpha/2 (sum_j |W[j, :]|_2)^2``.

    It is the smallest, over weights ``g_j >= 0`` with sum at most 1, of
    ``alpha/2 sum_j |W[j, :]|^2 / g_j``: all tasks are ridge regressions with one price per
    feature, and the prices are learned. The best ``g_j`` is ``|W[j, :]|`` over their sum.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per squared coefficient. The paper's ``gamma`` (plain sums of
        squares) is, for n rows per task, ``alpha = gamma / n``.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    Notes
    -----
    It has the solutions of `L21` at other strengths: W is a solution at ``alpha`` exactly if it is
    one of ``L21(alpha * sum_j |W[j, :]|)``. No strength takes all coefficients to zero. With one
    feature it is `L2`. A new task (`adapt`): the weights ``g`` are held fixed.

    References
    ----------
    Argyriou, Evgeniou, Pontil. Multi-task feature learning. NIPS 2006 (the diagonal variant).
    Argyriou, Evgeniou, Pontil. Convex multi-task feature learning. Machine Learning 2008.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> SquaredL21(1.0).value(np.array([[3.0, 4.0], [0.0, 1.0]]))
    18.0
    """

    alpha: float = 1.0
    spans: ClassVar[tuple[float, float]] = (10.0, 1e-4)
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)

    def value(self, W):
        return 0.5 * self.alpha * float(row_norms(W, 2).sum()) ** 2

    def prox(self, W, step):
        length = row_norms(W, 2)
        shorter = np.maximum(length - squared_sum_cut(length, step * self.alpha), 0)
        return W * (shorter / np.maximum(length, TINY))[:, None]

    def conjugate(self, V):
        return float(row_norms(V, 2).max(initial=0)) ** 2 / (2 * self.alpha)

    def _top(self, problem):
        return problem.curvature

    def frozen(self, W, like):
        length = row_norms(W, 2)
        kept = np.flatnonzero(length)
        factor = np.zeros((len(W), len(kept)))
        factor[kept, np.arange(len(kept))] = np.sqrt(length[kept] / max(length.sum(), TINY))
        return Frozen(np.zeros((len(W), len(like))), factor, self.alpha)
