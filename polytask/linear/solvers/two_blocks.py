"""A sum of two parts, solved as two blocks of coefficients beside each other."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from polytask.linear.penalties import Penalty, Split
from polytask.linear.solution import Progress
from polytask.linear.solvers.backtracking_gradient import BacktrackingGradient
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.proximal_gradient import ProximalGradient


@dataclass(frozen=True)
class TwoBlocks(Solver):
    """Accelerated proximal steps on the two parts of a `Split`, each with its own step.

    For pairs whose sum has no step in closed form, such as sparse and low rank. Both blocks see the
    same gradient, and nothing of the table is copied; the price is a curvature twice as large.

    Parameters
    ----------
    every : int, >= 1
        Iterations between two measurements of the gap.

    References
    ----------
    Jalali, Ravikumar, Sanghavi, Ruan. A dirty model for multi-task learning. NIPS 2010.

    Examples
    --------
    >>> from polytask.linear import L1, LinearModel, Split, TraceNorm, TwoBlocks
    >>> X, Y = [[0.0], [1.0], [2.0]], [[1.0, 0.0], [3.0, 1.0], [5.0, 2.0]]
    >>> penalty = Split(TraceNorm(0.1), L1(0.08))
    >>> LinearModel(penalty, solver=TwoBlocks()).fit(X, Y).solution_.converged
    True
    """

    every: int = 10

    def refuses(self, problem, penalty):
        if not isinstance(penalty, Split):
            return (
                f"needs a Split of two penalties. Found {type(penalty).__name__}. "
                "Take ProximalGradient, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        twice, both = _Twice(problem), _Beside(penalty.shared, penalty.own)
        stacked = np.vstack(penalty.parts(start))
        solver = (ProximalGradient if problem.bounded else BacktrackingGradient)(self.every)
        solved = solver.run(twice, both, start=stacked, tol=tol, max_iter=max_iter)
        W = twice.sum(solved.W)
        # the cheapest parts of W cost no more than those that were found; without a closed form
        # finding them takes longer than the fit, and the gap covers the difference
        price = penalty.value(W) if penalty.closed else both.value(solved.W)
        value = problem.at(W).value + price
        gap = max(solved.gap + value - solved.objective, 0.0)
        target = Progress(problem, penalty, tol=tol).target
        return replace(
            solved,
            W=W,
            objective=float(value),
            gap=gap,
            relative_gap=gap / twice.null.value if twice.null.value > 0 else float(gap > 0),
            converged=bool(gap <= target),
        )


class _Twice:
    """A problem whose coefficients ``(2 d, P)`` are two blocks that are added up."""

    def __init__(self, problem):
        self.problem = problem

    def __getattr__(self, name):
        return getattr(self.problem, name)

    def sum(self, V):
        """The sum of the blocks ``(d, P)``."""
        half = len(V) // 2
        return V[:half] + V[half:]

    @property
    def shape(self):
        d, P = self.problem.shape
        return 2 * d, P

    @property
    def lipschitz(self):
        return 2 * self.problem.lipschitz

    def at(self, V):
        return _TwicePoint(self.problem.at(self.sum(V)))

    def intercept(self, V):
        return self.problem.intercept(self.sum(V))


class _TwicePoint:
    """The loss at two blocks."""

    def __init__(self, point):
        self.point = point

    def __getattr__(self, name):
        return getattr(self.point, name)

    @cached_property
    def gradient(self):
        return np.vstack([self.point.gradient] * 2)


@dataclass(frozen=True)
class _Beside(Penalty):
    """One penalty on the upper half of the rows, another on the lower."""

    upper: Penalty
    lower: Penalty

    @property
    def alpha(self):
        return self.upper.alpha

    def _each(self, V):
        half = len(V) // 2
        return (self.upper, V[:half]), (self.lower, V[half:])

    def value(self, W):
        return sum(part.value(block) for part, block in self._each(W))

    def prox(self, W, step):
        return np.vstack([part.prox(block, step) for part, block in self._each(W)])

    def feasible(self, V):
        return min(part.feasible(block) for part, block in self._each(V))

    def conjugate(self, V):
        return sum(part.conjugate(block) for part, block in self._each(V))
