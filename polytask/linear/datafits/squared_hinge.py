"""Squared hinge loss: rows beyond the margin cost nothing, the others the square of what lacks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.datafits.base import Datafit, shares
from polytask.linear.datafits.margin import signs, width
from polytask.linear.datafits.roots import roots


@dataclass(frozen=True)
class SquaredHinge(Datafit):
    """The smooth support vector machine: ``loss(y, f) = max(0, 1 - y f)^2``, y in {-1, 1}.

    Beyond two classes every class stands against the rest. It goes with every penalty, which
    `Hinge` does not.

    Notes
    -----
    With ``L2(1 / (c n))`` the objective is that of scikit-learn's ``LinearSVC(C=c)``, whose
    intercept is penalised unless ``fit_intercept=False``; here it is free. Scores of the classes
    are ``1 / (1 + exp(-f))``: they order the rows, and are no probabilities.

    References
    ----------
    Chang, Hsieh, Lin. Coordinate descent method for large-scale L2-loss linear support vector
    machines. JMLR 2008.

    Examples
    --------
    >>> from polytask.linear import L2, LinearClassifier, SquaredHinge
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"]
    >>> LinearClassifier(L2(0.1), datafit=SquaredHinge()).fit(X, y).predict([[0.5], [2.5]])
    array(['no', 'yes'], dtype='<U3')
    """

    name: ClassVar[str] = "squared_hinge"
    curvature: ClassVar[float] = 2.0
    flat: ClassVar[bool] = True

    def width(self, kind):
        return width(self, kind)

    def targets(self, codes, kind):
        return signs(codes, kind)

    def value(self, Y, F, A):
        return float(np.sum(A * _lack(Y, F) ** 2))

    def residual(self, Y, F, A):
        return 2 * Y * _lack(Y, F)

    def second(self, Y, F, A):
        return 2.0 * (Y * F < 1)

    def dual(self, Y, F, A, share):
        R = share * self.residual(Y, F, A)
        return float(np.sum(A * (R * Y - R**2 / 4)))

    def intercept(self, Y, F, A, start):
        # beyond these ends all rows of one class lack nothing
        reach = 1.0 + float(np.abs(F).max(initial=0.0))
        start = np.clip(start, -reach, reach)
        return roots(self, Y, F, A, start, scale=2.0, longest=2 * reach)

    def answers(self, F, kind):
        return shares(F)

    def resolution(self, Y, A):
        return float(10 * np.finfo(np.float64).eps * np.sum(np.broadcast_to(A, Y.shape)))


def _lack(Y, F):
    return np.maximum(1 - Y * F, 0)
