"""The result of a solver: the optimum, and the proof that it is one."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True, eq=False)
class Solution:
    """Coefficients with a certificate in the units of the objective.

    Attributes
    ----------
    W : array (d, P)
        Coefficients, of the scaled inputs where the model scales.
    intercept : array (P,)
    objective : float
        Loss plus penalty at W.
    gap : float
        How far the objective can be above the optimum: a duality gap, which is a bound, or, where
        the penalty is zero in some direction, half the squared Newton decrement, which is exact
        for the squared loss.
    relative_gap : float
        ``gap`` over the objective at W = 0 with the best intercepts.
    iterations : int
    converged : bool
        ``gap`` is at most the tolerance times the objective at W = 0.
    certificate : str
        "duality gap" or "Newton decrement".
    screened : int
        Features that no iteration touched; the certificate is over all features.
    excluded : int
        Features that a bound has proved to be zero in every solution, whether touched or not.
        Bounds are made only where they save time: on a path over a dense table that all outputs
        share, from its second point on. 0 elsewhere.
    """

    W: np.ndarray
    intercept: np.ndarray
    objective: float
    gap: float
    relative_gap: float
    iterations: int
    converged: bool
    certificate: str
    screened: int = 0
    excluded: int = 0


class Progress:
    """Where a solver stands: the best lower bound so far, and whether it may stop.

    The gap is measured against the best bound that any visited point has proved; ``proved`` is
    what the last one has.
    """

    DUALITY: ClassVar[str] = "duality gap"
    NEWTON: ClassVar[str] = "Newton decrement"

    def __init__(self, problem, penalty, *, tol):
        self.problem, self.penalty = problem, penalty
        self.null = problem.null.value
        # a difference below rounding cannot be asked for, whatever the tolerance
        self.target = max(tol * self.null, problem.resolution)
        self.bound = self.proved = -np.inf
        self.certificate = self.NEWTON if penalty.smooth and not penalty.definite else self.DUALITY
        self.gap = np.inf
        self.objective = np.inf

    def check(self, W, point=None):
        """Measure the gap at W; True where it is small enough."""
        point = self.problem.at(W) if point is None else point
        self.objective = point.value + self.penalty.value(W)
        if self.certificate == self.NEWTON:
            self.gap = decrement(self.problem, self.penalty, W, point)
        else:
            self.proved = lower_bound(self.penalty, point)
            self.bound = max(self.bound, self.proved)
            self.gap = max(self.objective - self.bound, 0.0)
        return self.gap <= self.target

    def solution(self, W, iterations, *, screened=0, excluded=0):
        """The result at W, where `check` was last called."""
        return Solution(
            W=W,
            intercept=self.problem.intercept(W),
            objective=float(self.objective),
            gap=float(self.gap),
            relative_gap=float(self.gap / self.null) if self.null > 0 else float(self.gap > 0),
            iterations=iterations,
            converged=bool(self.gap <= self.target),
            certificate=self.certificate,
            screened=screened,
            excluded=excluded,
        )


def lower_bound(penalty, point):
    """What the residuals at a point prove: the optimum is not below this.

    Fenchel's dual at the residuals, shrunk where the penalty asks for it. Intercepts are free, so
    residuals must sum to zero per output; they do, because the intercepts are the best ones.
    """
    V = -point.gradient
    limit = penalty.feasible(V)
    share = limit
    if point.sums is not None and limit < 1:
        ry, rr = point.sums
        share = float(np.clip(ry / rr, 0, limit)) if rr > 0 else limit
    return point.dual(share) - penalty.conjugate(share * V)


def decrement(problem, penalty, W, point):
    """Half the squared Newton decrement: what one exact Newton step would still gain."""
    if penalty.alpha == 0:
        return problem.decrement(W, point.gradient)
    gradient = point.gradient + penalty.gradient(W)
    step = penalty.solve(problem.hessian(W), gradient)
    return 0.5 * abs(float(np.sum(gradient * step)))
