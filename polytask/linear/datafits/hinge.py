"""Hinge loss: rows beyond the margin cost nothing, the others what lacks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.datafits.base import Datafit, shares
from polytask.linear.datafits.margin import signs, width


@dataclass(frozen=True)
class Hinge(Datafit):
    """The support vector machine: ``loss(y, f) = max(0, 1 - y f)``, y in {-1, 1}.

    Beyond two classes every class stands against the rest. The loss has a kink, so that it goes
    with definite quadratic penalties only: `L2`, `MeanRegularised`, `Clustered`, `TemporalSmooth`,
    `GraphLaplacian`; `SquaredHinge` goes with all.

    Notes
    -----
    With ``MeanRegularised`` and no intercept it is the machine of Evgeniou and Pontil (2004). With
    ``L2(1 / (c n))`` the objective is that of scikit-learn's ``SVC(kernel="linear", C=c)``, free
    intercept included. Scores of the classes are ``1 / (1 + exp(-f))``: they order the rows, and
    are no probabilities.

    References
    ----------
    Cortes, Vapnik. Support-vector networks. Machine Learning 1995.
    Evgeniou, Pontil. Regularized multi-task learning. KDD 2004.

    Examples
    --------
    >>> from polytask.linear import Hinge, LinearClassifier, MeanRegularised
    >>> X, Y = [[0.0], [1.0], [2.0], [3.0]], [["a", "c"], ["a", "c"], ["b", "c"], ["b", "d"]]
    >>> model = LinearClassifier(MeanRegularised(0.1), datafit=Hinge()).fit(X, Y)
    >>> model.predict([[0.5], [2.5]])
    array([['a', 'c'],
           ['b', 'c']], dtype='<U1')
    """

    name: ClassVar[str] = "hinge"
    curvature: ClassVar[float | None] = None
    flat: ClassVar[bool] = True
    kinked: ClassVar[bool] = True

    def width(self, kind):
        return width(self, kind)

    def targets(self, codes, kind):
        return signs(codes, kind)

    def value(self, Y, F, A):
        return float(np.sum(A * np.maximum(1 - Y * F, 0)))

    def residual(self, Y, F, A):
        return Y * (Y * F < 1)

    def second(self, Y, F, A):
        return np.zeros_like(F)

    def dual(self, Y, F, A, share):
        return float(share * np.sum(A * (Y * F < 1)))

    def intercept(self, Y, F, A, start):
        A = np.broadcast_to(A, Y.shape)
        return np.array([_quantile(Y[:, p], F[:, p], A[:, p]) for p in range(F.shape[1])])

    def answers(self, F, kind):
        return shares(F)

    def resolution(self, Y, A):
        return float(10 * np.finfo(np.float64).eps * np.sum(np.broadcast_to(A, Y.shape)))


def _quantile(y, f, a):
    """The intercept with the smallest loss: its slope rises by ``a`` at every ``y - f``."""
    here = a > 0
    if not here.any():
        return 0.0
    turns, a, y = (y - f)[here], a[here], y[here]
    order = np.argsort(turns, kind="stable")
    reached = np.cumsum(a[order])
    at = np.searchsorted(reached, a[y > 0].sum() * (1 - 1e-12))
    return turns[order][min(at, len(turns) - 1)]
