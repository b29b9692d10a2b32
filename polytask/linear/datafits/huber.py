"""Huber loss: squared near, absolute far; labels far off count, but not by their square."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit
from polytask.linear.datafits.roots import roots


@dataclass(frozen=True)
class Huber(Datafit):
    """Squared up to ``delta``, linear beyond: a label far off pulls no harder than one at delta.

    ``loss(y, f) = r^2 / 2`` where ``|r| <= delta``, else ``delta |r| - delta^2 / 2``, with
    ``r = y - f``.

    Parameters
    ----------
    delta : float, > 0
        In units of the labels. The default, 1.35, gives up 5 % of efficiency where noise is
        Gaussian *with deviation 1*: take 1.35 times the noise of your labels.

    Raises
    ------
    ParameterError
        If ``delta`` is not positive.

    Notes
    -----
    scikit-learn's ``HuberRegressor`` is another estimator: it fits the scale of the noise too
    (Huber's concomitant scale), so that its ``epsilon`` has no unit.

    References
    ----------
    Huber. Robust estimation of a location parameter. Annals of Mathematical Statistics 1964.

    Examples
    --------
    >>> from polytask.linear import Huber, LinearModel, NoPenalty
    >>> X, y = [[0.0], [1.0], [2.0], [3.0], [4.0]], [0.0, 1.0, 2.0, 3.0, 400.0]
    >>> LinearModel(NoPenalty(), datafit=Huber(1.0)).fit(X, y).coef_.round(3)  # least squares: 80
    array([[1.5]])
    """

    delta: float = 1.35
    name: ClassVar[str] = "huber"
    curvature: ClassVar[float] = 1.0
    flat: ClassVar[bool] = True

    def __post_init__(self):
        require(
            0 < self.delta < np.inf,
            f"Huber needs a finite delta > 0, in units of the labels. Found delta={self.delta}.",
        )

    def width(self, kind):
        require(
            kind.numeric,
            f"Huber needs a task whose labels are numbers. Found one of kind {kind.name}. "
            "Take datafit='auto'.",
            UnsupportedError,
        )
        return 1

    def targets(self, codes, kind):
        return codes[:, None]

    def value(self, Y, F, A):
        r = np.abs(Y - F)
        near = np.minimum(r, self.delta)
        return float(np.sum(A * near * (r - near / 2)))

    def residual(self, Y, F, A):
        return np.clip(Y - F, -self.delta, self.delta)

    def second(self, Y, F, A):
        return (np.abs(Y - F) <= self.delta).astype(np.float64)

    def dual(self, Y, F, A, share):
        R = share * self.residual(Y, F, A)
        return float(np.sum(A * (R * Y - 0.5 * R**2)))

    def intercept(self, Y, F, A, start):
        # between the smallest and the largest distance the residuals change their sign
        here = np.broadcast_to(A, Y.shape) > 0
        r = Y - F
        low = np.min(r, axis=0, where=here, initial=np.inf)
        high = np.max(r, axis=0, where=here, initial=-np.inf)
        start = np.clip(start, low, np.maximum(low, high))
        reach = float(np.max(high - low, initial=0.0, where=here.any(axis=0)))
        return roots(self, Y, F, A, start, scale=self.delta, longest=reach + self.delta)

    def answers(self, F, kind):
        return F[:, 0]

    def resolution(self, Y, A):
        r = np.abs(Y)
        near = np.minimum(r, self.delta)
        return float(np.finfo(np.float64).eps * np.sum(A * near * (r + self.delta)))
