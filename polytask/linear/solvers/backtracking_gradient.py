"""Accelerated proximal gradient with a step that is searched: for curvatures without a bound."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import require
from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver

# How a step grows after every step that was not too long, and how often it may be halved.
GROWTH = 1.2
HALVINGS = 60
# A difference of losses is seen where it is so many times their rounding.
VISIBLE = 100
EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class BacktrackingGradient(Solver):
    """As `ProximalGradient`, with steps that are halved until the loss lies below its model.

    For `Poisson` and `Cox`, whose curvature grows with the outputs, with every convex penalty. The
    objective never rises: where momentum leads uphill a plain step is taken.

    Parameters
    ----------
    every : int, >= 1
        Iterations between two measurements of the gap.

    References
    ----------
    Beck, Teboulle. Fast gradient-based algorithms for constrained total variation image denoising
    and deblurring problems. IEEE Transactions on Image Processing 2009 (the monotone scheme).

    Examples
    --------
    >>> from polytask.linear import L21, BacktrackingGradient, LinearModel, Poisson
    >>> X, Y = [[0.0], [1.0], [2.0]], [[1.0, 0.0], [3.0, 1.0], [5.0, 2.0]]
    >>> model = LinearModel(L21(0.1), datafit=Poisson(), solver=BacktrackingGradient()).fit(X, Y)
    >>> model.solution_.converged
    True
    """

    every: int = 10

    def __post_init__(self):
        require(self.every >= 1, f"BacktrackingGradient needs every >= 1. Found {self.every}.")

    def refuses(self, problem, penalty):
        if not penalty.convex:
            return (
                f"needs a convex penalty. Found {type(penalty).__name__}. "
                "Take MonotoneProximalGradient, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Progress(problem, penalty, tol=tol)
        point = problem.at(start)
        if progress.check(start, point) or problem.steepness == 0:
            return progress.solution(start, 0)
        W, Z, ahead, t, size = start, start, point, 1.0, 1 / problem.steepness
        here = progress.objective
        for iteration in range(1, max_iter + 1):
            new, there, size = searched_step(problem, penalty, Z, ahead, GROWTH * size)
            value = there.value + penalty.value(new)
            if value > here or np.sum((Z - new) * (new - W)) > 0:
                new, there, size = searched_step(problem, penalty, W, point, size)
                value, t = there.value + penalty.value(new), 1.0
            later = (1 + np.sqrt(1 + 4 * t * t)) / 2
            Z = new + ((t - 1) / later) * (new - W)
            W, point, t, here = new, there, later, value
            if iteration % self.every == 0 and progress.check(W, point):
                break
            ahead = problem.at(Z)
        else:
            progress.check(W, point)
        return progress.solution(W, iteration)


def searched_step(problem, penalty, W, point, size):
    """The proximal step from W, the loss there, and the step's size.

    The size is halved until the loss lies below its quadratic model.
    """
    for _ in range(HALVINGS):
        new = penalty.prox(W - size * point.gradient, size)
        there = problem.at(new)
        if _below(problem, point, there, new - W, size):
            break
        size /= 2
    return new, there, size


def _below(problem, point, there, move, size):
    allowed = float(np.sum(move**2)) / (2 * size)
    if allowed > VISIBLE * max(problem.resolution, EPS * point.value):
        return there.value - point.value - np.sum(point.gradient * move) <= allowed
    # differences of values are rounding here: slopes along the step still show its curvature
    return np.sum((there.gradient - point.gradient) * move) <= 2 * allowed
