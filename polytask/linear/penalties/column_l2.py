"""Column-sparse penalty: whole tasks have coefficients or none."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Penalty, check_strength
from polytask.ops.prox import TINY, shrink_rows


@dataclass(frozen=True)
class ColumnL2(Penalty):
    """Sum of the lengths of the columns of W: ``value(W) = alpha sum_p |W[:, p]|_2``.

    Its step shortens the coefficients of every output by ``step * alpha`` and drops those that are
    shorter than that. It is the second half of robust multi-task learning,
    ``Split(L21(a), ColumnL2(b))``: the tasks whose own part is not zero are the outliers.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    References
    ----------
    Gong, Ye, Zhang. Robust multi-task feature learning. KDD 2012.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> ColumnL2(0.5).value(np.array([[3.0, 0.0], [4.0, 0.0]]))
    2.5
    """

    alpha: float = 1.0
    couples: ClassVar[str] = "columns"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)

    def value(self, W):
        return self.alpha * float(np.linalg.norm(W, axis=0).sum())

    def prox(self, W, step):
        return shrink_rows(W.T, step * self.alpha).T

    def alone(self):
        return self

    def feasible(self, V):
        return min(1.0, self.alpha / max(self.alpha_max(V), self.alpha, TINY))

    def conjugate(self, V):
        return 0.0

    def alpha_max(self, gradient):
        return float(np.linalg.norm(gradient, axis=0).max(initial=0))
