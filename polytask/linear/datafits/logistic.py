"""Logistic loss: two classes, or one class against the rest."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit, xlogy

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit, indicators

# A weighted mean residual below this is a zero: rounding of a long sum of probabilities.
FLAT = 1e-13
ROUNDS = 200
LONGEST = 4.0


@dataclass(frozen=True)
class Logistic(Datafit):
    """Negative log-likelihood of a class: ``loss(y, f) = log(1 + exp(f)) - y f``, y in {0, 1}.

    Beyond two classes every class stands against the rest, with an output each; probabilities are
    then divided by their sum. `Multinomial` models the classes together.

    Examples
    --------
    >>> import numpy as np
    >>> Logistic().value(np.ones((1, 1)), np.zeros((1, 1)), np.ones((1, 1)))  # log 2
    0.69314...
    """

    name: ClassVar[str] = "logistic"
    curvature: ClassVar[float] = 0.25

    def width(self, kind):
        require(
            kind.classes is not None,
            f"Logistic needs a task with classes. Found one of kind {kind.name}. Take Squared.",
            UnsupportedError,
        )
        return 1 if len(kind.classes) == 2 else len(kind.classes)

    def targets(self, codes, kind):
        return indicators(codes, kind)

    def value(self, Y, F, A):
        return float(np.sum(A * (np.logaddexp(0, F) - Y * F)))

    def residual(self, Y, F, A):
        return Y - expit(F)

    def second(self, Y, F, A):
        p = expit(F)
        return p * (1 - p)

    def dual(self, Y, F, A, share):
        q = np.clip(Y - share * (Y - expit(F)), 0, 1)
        return float(np.sum(A * -(xlogy(q, q) + xlogy(1 - q, 1 - q))))

    def intercept(self, Y, F, A, start):
        return _roots(Y, F, np.broadcast_to(A, Y.shape), start)

    def answers(self, F, kind):
        p = expit(F)
        if F.shape[1] == 1:
            return np.hstack([expit(-F), p])
        return p / np.maximum(p.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)

    def resolution(self, Y, A):
        # the loss of a task with one class only falls to zero as its intercept grows for ever
        return float(10 * FLAT * np.sum(np.broadcast_to(A, Y.shape)))


def _roots(Y, F, A, start):
    """The intercepts at which the weighted residuals of every column sum to zero.

    Newton's method inside a bracket, all columns at once. Where one class is alone the root lies at
    infinity; the search ends where the residual is no longer seen.
    """
    weight = A.sum(axis=0)
    b = np.where(weight > 0, start, 0.0)
    low, high = np.full_like(b, -np.inf), np.full_like(b, np.inf)
    for _ in range(ROUNDS):
        p = expit(F + b)
        slope = np.sum(A * (p - Y), axis=0)
        done = np.abs(slope) <= FLAT * weight
        if done.all():
            break
        low, high = np.where(slope < 0, b, low), np.where(slope > 0, b, high)
        new = np.where(done, b, _inside(b, slope, np.sum(A * p * (1 - p), axis=0), low, high))
        if np.array_equal(new, b):
            break
        b = new
    return b


def _inside(b, slope, bend, low, high):
    """A Newton step, at most `LONGEST`; half of the bracket where it would leave it."""
    step = np.divide(-slope, bend, out=np.sign(-slope) * LONGEST, where=bend > 0)
    new = b + np.clip(step, -LONGEST, LONGEST)
    outside = (new <= low) | (new >= high)
    with np.errstate(invalid="ignore"):  # an open bracket has no middle, and is never left
        middle = (low + high) / 2
    return np.where(outside & np.isfinite(middle), middle, new)
