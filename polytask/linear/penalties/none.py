"""No penalty: plain least squares or maximum likelihood."""

from dataclasses import dataclass

import numpy as np

from polytask.linear.penalties.quadratic import Quadratic
from polytask.ops.linalg import smallest_solution


@dataclass(frozen=True)
class NoPenalty(Quadratic):
    """Nothing is paid for coefficients: every task is fitted alone.

    Where the solution is not unique (fewer rows than features), `Direct` gives the one of smallest
    length. Its certificate is not a duality gap but the exact remaining error (squared loss) or the
    Newton decrement.

    References
    ----------
    Survey: baselines.

    Examples
    --------
    >>> from polytask.linear import LinearModel, NoPenalty
    >>> LinearModel(NoPenalty()).fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]).coef_.round(6)
    array([[2.]])
    """

    @property
    def alpha(self):
        """Always 0."""
        return 0.0

    @property
    def definite(self):
        return False

    def matrix(self, P):
        return np.zeros((P, P))

    def value(self, W):
        return 0.0

    def gradient(self, W):
        return np.zeros_like(W)

    def prox(self, W, step):
        return W

    def alone(self):
        return self

    def conjugate(self, V):
        return 0.0 if not np.any(V) else np.inf

    def solve(self, H, R):
        if len(H) == 1:
            return smallest_solution(H, R[None])[0]
        return smallest_solution(H, R.T[:, :, None])[:, :, 0].T

    def along(self, problem, *, points=None, weakest=None):
        return [self]

    def bound(self, outputs):
        return self

    @classmethod
    def examples(cls):
        yield cls()
