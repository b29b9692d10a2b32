"""Group lasso of every task for itself: a group of features serves a task or not."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.blocks import COLUMNS, Blocks
from polytask.linear.penalties.feature_groups import check_groups, groups_of, with_free
from polytask.linear.penalties.norm import Norm
from polytask.ops.prox import TINY


@dataclass(frozen=True)
class TaskwiseGroupLasso(Norm):
    r"""Sum over groups of features and tasks: ``value(W) = alpha sum_gp weight_g |W[g, p]|_2``.

    Yuan and Lin's group lasso, task by task under one strength: groups of features × tasks.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient.
    groups : tuple of tuples of int
        Positions of the features of every group. Features that are not named are groups of their
        own, with weight 1; without groups it is `L1`.
    weights : tuple of float, >= 0, optional
        One per group; 0 makes it free. Default: the square root of its number of features.

    Raises
    ------
    ParameterError
        As in `GroupLasso`.

    Notes
    -----
    A group counts per output: a task with K > 2 classes chooses anew for every class.

    References
    ----------
    Yuan, Lin. Model selection and estimation in regression with grouped variables. JRSS B 2006.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> W = np.array([[3.0, 0.0], [4.0, 1.0]])
    >>> TaskwiseGroupLasso(1.0, groups=((0, 1),), weights=(2.0,)).value(W)
    12.0
    """

    alpha: float = 1.0
    groups: tuple = ()
    weights: tuple | None = field(default=None, kw_only=True)
    couples: ClassVar[str] = "columns"
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
        return self.alpha * float(found.price @ found.lengths_each(W).sum(axis=1))

    def prox(self, W, step):
        found = groups_of(self, len(W))
        length = np.maximum(found.lengths_each(W), TINY)
        kept = np.maximum(0, 1 - step * self.alpha * found.price[:, None] / length)
        return W * kept[found.label]

    def dual_norm(self, V):
        found = groups_of(self, len(V))
        return float(found.dual(found.lengths_each(V)).max(initial=0))

    def in_blocks(self, d):
        found = groups_of(self, d)
        return Blocks.of_groups(COLUMNS, found.label, cut=self.alpha * found.price)

    def alone(self):
        return self

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=0.05, groups=((0, 3), (1,)), weights=(1.2, 0.7))
