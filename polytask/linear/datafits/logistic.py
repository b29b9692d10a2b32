"""Logistic loss: two classes, or one class against the rest."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit, xlogy

from polytask.errors import UnsupportedError, require
from polytask.linear.datafits.base import Datafit, indicators, shares
from polytask.linear.datafits.roots import FLAT, roots

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
            f"Logistic needs a task with classes. Found one of kind {kind.name}. "
            "Take datafit='auto'.",
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
        return roots(self, Y, F, A, start, scale=1.0, longest=LONGEST)

    def answers(self, F, kind):
        return shares(F)

    def resolution(self, Y, A):
        # the loss of a task with one class only falls to zero as its intercept grows for ever
        return float(10 * FLAT * np.sum(np.broadcast_to(A, Y.shape)))
