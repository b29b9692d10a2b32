"""Poisson loss: counts, whose mean is the exponential of the output."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import logsumexp, xlogy

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit
from polytask.linear.datafits.roots import FLAT

# The mean of a task without a single count, relative to one count: its best intercept is -inf.
NOTHING = 1e-13
# Of exponents; a sum of ten thousand such means is still finite.
LARGEST = 700.0


@dataclass(frozen=True)
class Poisson(Datafit):
    """Half the Poisson deviance, ``loss(y, f) = exp(f) - y f + y log y - y``; the mean is exp(f).

    For counts, and for rates with the exposure as weight. Effects multiply: a coefficient of 0.1
    is 10 % more per unit of the feature.

    Notes
    -----
    With ``L2(a)`` the objective is that of scikit-learn's ``PoissonRegressor(alpha=a)``. The terms
    in y alone make a perfect fit cost nothing; they move no coefficient. The curvature ``exp(f)``
    has no bound, so that solvers search for their step. A task without a single count has its
    mean at 0, which no finite intercept reaches; the intercept stops where nothing is seen of it.

    References
    ----------
    McCullagh, Nelder. Generalized linear models. Chapman & Hall 1989.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask.linear import LinearModel, NoPenalty, Poisson
    >>> X, y = [[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0]  # doubles with every unit
    >>> model = LinearModel(NoPenalty(), datafit=Poisson()).fit(X, y)
    >>> np.exp(model.coef_).round(3)
    array([[2.]])
    """

    name: ClassVar[str] = "poisson"
    curvature: ClassVar[float | None] = None

    def width(self, kind):
        require(
            kind.numeric,
            f"Poisson needs a task whose labels are counts. Found one of kind {kind.name}. "
            "Take datafit='auto'.",
            UnsupportedError,
        )
        return 1

    def strange(self, codes):
        return codes < 0, "counts of 0 or more"

    def targets(self, codes, kind):
        return codes[:, None]

    def value(self, Y, F, A):
        return float(np.sum(A * np.maximum(mean(F) - Y * F + xlogy(Y, Y) - Y, 0.0)))

    def residual(self, Y, F, A):
        return Y - mean(F)

    def second(self, Y, F, A):
        return mean(F)

    def dual(self, Y, F, A, share):
        # q is the mean that the residual leaves
        q = (1 - share) * Y + share * mean(F)
        return float(np.sum(A * (xlogy(Y, Y) - Y - xlogy(q, q) + q)))

    def intercept(self, Y, F, A, start):
        A = np.broadcast_to(A, Y.shape)
        weight, count = A.sum(axis=0), np.sum(A * Y, axis=0)
        count = np.maximum(count, NOTHING * weight)
        with np.errstate(divide="ignore"):
            found = np.log(count) - logsumexp(F, axis=0, b=A)
        return np.where(weight > 0, found, 0.0)

    def answers(self, F, kind):
        return mean(F)[:, 0]

    def resolution(self, Y, A):
        # a task of zeros has a loss that falls to nothing as its intercept falls for ever
        return float(10 * FLAT * np.sum(A * np.maximum(Y, 1.0)))


def mean(F):
    """``exp(F)``, cut where float64 ends: a line search steps back from there."""
    return np.exp(np.minimum(F, LARGEST))
