"""Proximal gradient that only goes down: for penalties that are not convex."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties import Concave
from polytask.linear.solution import Progress
from polytask.linear.solvers.backtracking_gradient import BacktrackingGradient, searched_step
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.proximal_gradient import ProximalGradient

# Accuracy of the convex start; its basin matters, not its digits.
START = 1e-6


@dataclass(frozen=True)
class MonotoneProximalGradient(Solver):
    """Accelerated steps where they help, plain ones where not, from the solution of `L21`.

    For `MCP` and `SCAD` with every loss. The objective never rises, and the end is a stationary
    point; its certificate is the *stationarity gap*, see `Stationarity`.

    Parameters
    ----------
    every : int, >= 1
        Iterations between two measurements of the gap.

    References
    ----------
    Li, Lin. Accelerated proximal gradient methods for nonconvex programming. NIPS 2015.

    Examples
    --------
    >>> from polytask.linear import LinearModel, MCP
    >>> X, Y = [[0.0], [1.0], [2.0]], [[1.0, 0.0], [3.0, 1.0], [5.0, 2.0]]
    >>> LinearModel(MCP(0.1)).fit(X, Y).coef_.round(6)  # not shrunk
    array([[2.],
           [1.]])
    """

    every: int = 10

    def __post_init__(self):
        require(self.every >= 1, f"MonotoneProximalGradient needs every >= 1. Found {self.every}.")

    def refuses(self, problem, penalty):
        if not isinstance(penalty, Concave):
            return (
                f"is for prices that level off, as MCP. Found {type(penalty).__name__}. "
                "Take ProximalGradient, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Stationarity(problem, penalty, tol=tol)
        if progress.check(start):
            return progress.solution(start, 0)
        W, iteration = self._convex(problem, penalty, start, max_iter)
        point = problem.at(W)
        if progress.check(W, point) or problem.steepness == 0:
            return progress.solution(W, iteration)
        Z, ahead, t, size = W, point, 1.0, 1 / problem.steepness
        while iteration < max_iter:
            iteration += 1
            new, there, size = searched_step(problem, penalty, Z, ahead, size)
            if there.value + penalty.value(new) > progress.objective:
                # the momentum led uphill: the plain step from W cannot
                t = 1.0
                new, there, size = searched_step(problem, penalty, W, point, size)
            later = (1 + np.sqrt(1 + 4 * t * t)) / 2
            Z = new + ((t - 1) / later) * (new - W)
            W, point, t = new, there, later
            progress.objective = point.value + penalty.value(W)
            if iteration % self.every == 0 and progress.check(W, point):
                break
            ahead = problem.at(Z)
        progress.check(W, point)
        return progress.solution(W, iteration)

    def _convex(self, problem, penalty, start, max_iter):
        """The solution of the convex penalty to start from, and the iterations it took."""
        solver = ProximalGradient() if problem.bounded else BacktrackingGradient()
        convex = penalty.start()
        found = solver.run(problem, convex, start=start, tol=START, max_iter=max_iter)
        return found.W, found.iterations


class Stationarity(Progress):
    """How much the objective could still fall if every price were its tangent at W.

    With lengths ``t_j``, slopes ``s_j`` and gradient rows ``G_j`` of the loss, no V with rows up to
    the radius r has a value of the tangent objective below that at W minus
    ``sum_j s_j t_j + <W_j, G_j> + r max(|G_j| - s_j, 0)``. It is zero exactly at stationary points.
    The radius is twice the longest row, plus what the loss at zero could pay for.
    """

    STATIONARY: ClassVar[str] = "stationarity gap"

    def __init__(self, problem, penalty, *, tol):
        super().__init__(problem, penalty, tol=tol)
        self.certificate = self.STATIONARY

    def check(self, W, point=None):
        point = self.problem.at(W) if point is None else point
        penalty, size = self.penalty, self.penalty.sizes(W)
        self.objective = point.value + penalty.value(W)
        slope, pull = penalty.slope(size), penalty.sizes(point.gradient)
        radius = 2 * size.max(initial=0) + self._reach()
        beyond = np.maximum(pull - slope, 0).sum()
        gap = np.sum(slope * size) + np.sum(W * point.gradient) + radius * beyond
        self.gap = max(float(gap), 0.0)
        return self.gap <= self.target

    def _reach(self):
        steepness = self.problem.steepness
        return np.sqrt(2 * self.null / steepness) if steepness > 0 else 0.0
