"""Row-sparse elastic net: a feature serves every task or none, correlated features together."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Frozen, Penalty, check_strength
from polytask.linear.penalties.blocks import LENGTH, Blocks
from polytask.linear.penalties.elastic_net import ElasticNet, beyond, check_ratio, strengths, top
from polytask.ops.prox import TINY, shrink_rows
from polytask.ops.rows import row_norms


@dataclass(frozen=True)
class ElasticL21(Penalty):
    """Row-sparse penalty and ridge at once.

    ``value(W) = alpha (l1_ratio sum_j |W[j, :]|_2 + (1 - l1_ratio)/2 |W|_F^2)``.

    Parameters
    ----------
    alpha : float, >= 0
        Strength; the same as in scikit-learn's ``MultiTaskElasticNet`` where all tasks have the
        same rows.
    l1_ratio : float, from 0 to 1
        Share of the row lengths; 1 is `L21`, 0 is `L2`.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite, or ``l1_ratio`` is outside [0, 1].

    Notes
    -----
    A new task (`adapt`) pays ``alpha/2 (l1_ratio / |W[j, :]| + 1 - l1_ratio)`` per squared
    coefficient of feature j, with the lengths learned from the old tasks.

    References
    ----------
    Zou, Hastie. Regularization and variable selection via the elastic net. JRSS B 2005.
    Obozinski, Taskar, Jordan. Joint covariate selection and joint subspace selection for multiple
    classification problems. Statistics and Computing 2010.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> ElasticL21(1.0, l1_ratio=0.5).value(np.array([[3.0, 4.0], [0.0, 0.0]]))
    8.75
    """

    alpha: float = 1.0
    l1_ratio: float = 0.5
    second: ClassVar[str | None] = "l1_ratio"
    couples: ClassVar[str] = "rows"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)
        check_ratio(self)

    def value(self, W):
        sparse, ridge = strengths(self)
        length = row_norms(W, 2)
        return float(sparse * length.sum() + ridge / 2 * np.sum(length**2))

    def prox(self, W, step):
        sparse, ridge = strengths(self)
        return shrink_rows(W, step * sparse) / (1 + step * ridge)

    def feasible(self, V):
        longest = max(float(row_norms(V, 2).max(initial=0)), TINY)
        return 1.0 if self.l1_ratio < 1 else min(1.0, self.alpha / longest)

    def conjugate(self, V):
        return beyond(self, row_norms(V, 2))

    def alpha_max(self, gradient):
        longest = float(row_norms(gradient, 2).max(initial=0))
        return longest / self.l1_ratio if self.l1_ratio > 0 else np.inf

    def in_blocks(self, d):
        cut, ridge = strengths(self)
        return Blocks.of(LENGTH, d, cut=cut, ridge=ridge) if cut > 0 else None

    def alone(self):
        return ElasticNet(self.alpha, self.l1_ratio)

    def _top(self, problem):
        return top(self, problem)

    def frozen(self, W, like):
        length = row_norms(W, 2)
        kept = np.flatnonzero(length) if self.l1_ratio > 0 else np.arange(len(W))
        price = self.l1_ratio / np.maximum(length[kept], TINY) + 1 - self.l1_ratio
        factor = np.zeros((len(W), len(kept)))
        factor[kept, np.arange(len(kept))] = 1 / np.sqrt(price)
        return Frozen(np.zeros((len(W), len(like))), factor, self.alpha)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, l1_ratio=0.5)
        yield cls(alpha=0.02, l1_ratio=0.9)
