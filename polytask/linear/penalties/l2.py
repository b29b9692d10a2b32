"""Ridge: every coefficient is shrunk, every task alone."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.quadratic import Quadratic
from polytask.ops.linalg import solve_positive


@dataclass(frozen=True)
class L2(Quadratic):
    """Half the sum of squares: ``value(W) = alpha/2 |W|_F^2``. Ridge regression, task by task.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per squared coefficient. scikit-learn's ``Ridge(alpha=a)`` is
        ``L2(a / n)`` with n rows, and ``LogisticRegression(C=c)`` is ``L2(1 / (c n))``, because
        the loss here is a mean over rows.

    Raises
    ------
    ParameterError
        If ``alpha`` is negative or not finite.

    References
    ----------
    Hoerl, Kennard. Ridge regression. Technometrics 1970.
    Survey: baselines.

    Examples
    --------
    >>> import numpy as np
    >>> L2(2.0).value(np.array([[3.0, 4.0]]))
    25.0
    """

    alpha: float = 1.0
    couples: ClassVar[str] = "entries"
    absolute: ClassVar[bool] = True

    def __post_init__(self):
        check_strength(self)

    def matrix(self, P):
        return self.alpha * np.eye(P)

    def value(self, W):
        return 0.5 * self.alpha * float(np.sum(W * W))

    def gradient(self, W):
        return self.alpha * W

    def prox(self, W, step):
        return W / (1 + step * self.alpha)

    def alone(self):
        return self

    def conjugate(self, V):
        return float(np.sum(V * V)) / (2 * self.alpha)

    def solve(self, H, R):
        B = H + self.alpha * np.eye(H.shape[1])
        if len(B) == 1:
            return solve_positive(B, R[None])[0]
        return solve_positive(B, R.T[:, :, None])[:, :, 0].T
