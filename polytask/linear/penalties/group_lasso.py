"""Group lasso: a group of features serves every task or none."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Frozen, check_strength
from polytask.linear.penalties.blocks import LENGTH, Blocks
from polytask.linear.penalties.feature_groups import check_groups, groups_of, with_free
from polytask.linear.penalties.norm import Norm
from polytask.linear.penalties.taskwise_group_lasso import TaskwiseGroupLasso
from polytask.ops.prox import TINY


@dataclass(frozen=True)
class GroupLasso(Norm):
    r"""Sum of the lengths of blocks of W: ``value(W) = alpha sum_g weight_g |W[g, :]|_F``.

    The columns that one-hot encoding made of a category, the powers of one input, the genes of a
    pathway: all of them serve all tasks, or none of them any.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient.
    groups : tuple of tuples of int
        Positions of the features of every group. Features that are not named are groups of their
        own, with weight 1; without groups it is `L21`.
    weights : tuple of float, >= 0, optional
        One per group; 0 makes it free. Default: the square root of its number of features. Groups
        of one feature give features weights of their own.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative, groups overlap or are empty, or a weight is negative; at the
        fit, if a group names a feature that is not there.

    Notes
    -----
    With one task it is Yuan and Lin's group lasso, with ``alpha = lambda / n`` and the weights of
    the paper. Their inputs are orthonormal inside a group, for which the price is that of the
    fitted values, ``|X_g W_g| / sqrt(n)``; for other inputs that is another estimator, and
    `OrthonormalGroups` gives it. Every task for itself: `TaskwiseGroupLasso`.

    A new task (`adapt`) keeps the prices that the groups got from the old tasks.

    References
    ----------
    Yuan, Lin. Model selection and estimation in regression with grouped variables. JRSS B 2006.
    Lounici, Pontil, van de Geer, Tsybakov. Oracle inequalities and optimal inference under group
    sparsity. Annals of Statistics 2011.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> W = np.array([[3.0, 0.0], [0.0, 4.0], [2.0, 0.0]])
    >>> GroupLasso(1.0, groups=((0, 1),), weights=(1.0,)).value(W)
    7.0
    """

    alpha: float = 1.0
    groups: tuple = ()
    weights: tuple | None = field(default=None, kw_only=True)
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)
        check_groups(self)

    @property
    def frees(self):
        """Whether a group has weight 0."""
        return 0.0 in (self.weights or ())

    def bound(self, outputs):
        found = with_free(self)
        return super().bound(outputs) if found is self else found.bound(outputs)

    def _top(self, problem):
        found = with_free(self)
        return super()._top(problem) if found is self else found._top(problem)

    def value(self, W):
        found = groups_of(self, len(W))
        return self.alpha * float(found.price @ found.lengths(W))

    def prox(self, W, step):
        found = groups_of(self, len(W))
        length = np.maximum(found.lengths(W), TINY)
        kept = np.maximum(0, 1 - step * self.alpha * found.price / length)
        return W * kept[found.label][:, None]

    def dual_norm(self, V):
        found = groups_of(self, len(V))
        return float(found.dual(found.lengths(V)).max(initial=0))

    def in_blocks(self, d):
        found = groups_of(self, d)
        return Blocks.of_groups(LENGTH, found.label, cut=self.alpha * found.price)

    def alone(self):
        return TaskwiseGroupLasso(self.alpha, self.groups, weights=self.weights)

    def frozen(self, W, like):
        found = groups_of(self, len(W))
        variance = (found.lengths(W) / found.price)[found.label]
        kept = np.flatnonzero(variance)
        factor = np.zeros((len(W), len(kept)))
        factor[kept, np.arange(len(kept))] = np.sqrt(variance[kept])
        return Frozen(np.zeros((len(W), len(like))), factor, self.alpha)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=0.05, groups=((0, 3), (1,)), weights=(1.2, 0.7))
