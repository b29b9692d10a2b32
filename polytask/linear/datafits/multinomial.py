"""Multinomial loss: the classes of a task modelled together."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import logsumexp, softmax, xlogy

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit

FLAT = 1e-13
ROUNDS = 100
HALVINGS = 30
NEAR = 1e-9
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
            f"Multinomial needs a task with classes. Found one of kind {kind.name}. "
            "Take datafit='auto'.",
            UnsupportedError,
        )
        return len(kind.classes)

    def targets(self, codes, kind):
        return (codes[:, None] == np.arange(len(kind.classes))).astype(np.float64)

    def value(self, Y, F, A):
        return float(np.sum(A[:, 0] * (logsumexp(F, axis=1) - np.sum(Y * F, axis=1))))

    def residual(self, Y, F, A):
        # a row without a label has targets of zero; its weight is zero too
        return Y - softmax(F, axis=1)

    def second(self, Y, F, A):
        p = softmax(F, axis=1)
        return p * (1 - p)

    def coupling(self, F):
        """Second derivatives by pairs of outputs ``(n, K, K)``."""
        p = softmax(F, axis=1)
        return np.eye(F.shape[1]) * p[:, None, :] - p[:, :, None] * p[:, None, :]

    def dual(self, Y, F, A, share):
        q = np.clip(Y - share * (Y - softmax(F, axis=1)), 0, 1)
        return float(-np.sum(A[:, 0] * np.sum(xlogy(q, q), axis=1)))

    def intercept(self, Y, F, A, start):
        a, b = A[:, 0], start - start.mean()
        last = np.inf
        for _ in range(ROUNDS):
            p = softmax(F + b, axis=1)
            slope = a @ (p - Y)
            size = np.abs(slope).max()
            if size <= FLAT * a.sum() or size > 0.5 * last:
                break
            step = _newton_step(a, p, slope)
            gain = -float(slope @ step)
            # so close that losses differ by rounding only: now slopes say whether a step helps
            near = gain <= NEAR * a.sum()
            last = size if near else np.inf
            b = b + (step if near else _halved(self, Y, F + b, A, step))
        return b

    def answers(self, F, kind):
        return softmax(F, axis=1)

    def resolution(self, Y, A):
        return float(10 * FLAT * np.sum(A[:, 0]))


def _newton_step(a, p, slope):
    """A Newton step ``(K,)`` in the space where intercepts sum to zero, at most `LONGEST`."""
    bend = np.diag(a @ p) - (p.T * a) @ p
    bend += np.trace(bend) / len(bend) ** 2 + 1e-300  # the direction (1, ..., 1) changes nothing
    step = np.linalg.lstsq(bend, -slope, rcond=None)[0]
    step -= step.mean()
    return step * min(1.0, LONGEST / max(np.abs(step).max(), np.finfo(np.float64).tiny))


def _halved(fit, Y, F, A, step):
    """The step, or the first of its halves that lowers the loss."""
    here = fit.value(Y, F, A)
    for _ in range(HALVINGS):
        if fit.value(Y, F + step, A) < here:
            break
        step = step / 2
    return step
