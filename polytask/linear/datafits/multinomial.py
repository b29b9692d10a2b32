"""Multinomial loss: the classes of a task modelled together."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import logsumexp, softmax, xlogy

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit

FLAT = 1e-13
ROUNDS = 200
LONGEST = 4.0


@dataclass(frozen=True)
class Multinomial(Datafit):
    """Negative log-likelihood of a class among K: ``loss(y, f) = log sum_k exp(f_k) - f_y``.

    There is an output for every class, none of them is singled out, and the intercepts of a task
    sum to zero.

    Examples
    --------
    >>> import numpy as np
    >>> Multinomial().value(np.eye(3)[:1], np.zeros((1, 3)), np.ones((1, 1)))  # log 3
    1.09861...
    """

    name: ClassVar[str] = "multinomial"
    curvature: ClassVar[float] = 0.5  # Böhning 1992: diag(p) - pp' <= I/2
    separate: ClassVar[bool] = False

    def width(self, kind):
        require(
            kind.classes is not None,
            f"Multinomial needs a task with classes. Found one of kind {kind.name}. Take Squared.",
            UnsupportedError,
        )
        return len(kind.classes)

    def targets(self, codes, kind):
        return (codes[:, None] == np.arange(len(kind.classes))).astype(np.float64)

    def value(self, Y, F, A):
        return float(np.sum(A[:, 0] * (logsumexp(F, axis=1) - np.sum(Y * F, axis=1))))

    def residual(self, Y, F):
        # a row without a label has targets of zero; its weight is zero too
        return Y - softmax(F, axis=1)

    def second(self, F):
        p = softmax(F, axis=1)
        return p * (1 - p)

    def dual(self, Y, R, A):
        q = np.clip(Y - R, 0, 1)
        return float(-np.sum(A[:, 0] * np.sum(xlogy(q, q), axis=1)))

    def intercept(self, Y, F, A, start):
        a = A[:, 0]
        b = start - start.mean()
        for _ in range(ROUNDS):
            p = softmax(F + b, axis=1)
            slope = a @ (p - Y)
            if np.abs(slope).max() <= FLAT * a.sum():
                break
            b = b + _damped(self, Y, F + b, a, p, slope)
        return b

    def answers(self, F, kind):
        return softmax(F, axis=1)

    def resolution(self, Y, A):
        return float(10 * FLAT * np.sum(A[:, 0]))


def _damped(fit, Y, F, a, p, slope):
    """A Newton step ``(K,)`` in the space where intercepts sum to zero, halved until it helps."""
    bend = np.diag(a @ p) - (p.T * a) @ p
    bend += np.trace(bend) / len(bend) ** 2 + 1e-300  # the direction (1, ..., 1) changes nothing
    step = np.linalg.lstsq(bend, -slope, rcond=None)[0]
    step -= step.mean()
    step *= min(1.0, LONGEST / max(np.abs(step).max(), np.finfo(np.float64).tiny))
    here, A = fit.value(Y, F, a[:, None]), a[:, None]
    for _ in range(30):
        if fit.value(Y, F + step, A) <= here + 1e-15 * abs(here):
            break
        step = step / 2
    return step
