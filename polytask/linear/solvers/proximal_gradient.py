"""Accelerated proximal gradient: bounded losses with every convex penalty that has a step."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import require
from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.gradients import gradients


@dataclass(frozen=True)
class ProximalGradient(Solver):
    """FISTA with restart: a gradient step on the losses, then the penalty's own step.

    It works on sufficient statistics or on X, as the problem has them, and stops at a gap that is
    measured every ``every`` iterations. Squared losses have affine gradients: those ahead follow
    from those at the points that are reached, and the length of the steps follows from the
    curvature that is met. Other losses give a bound on theirs.

    Parameters
    ----------
    every : int, >= 1
        Iterations between two measurements of the gap.

    References
    ----------
    Beck, Teboulle. A fast iterative shrinkage-thresholding algorithm for linear inverse problems.
    SIAM Journal on Imaging Sciences 2009.
    O'Donoghue, Candès. Adaptive restart for accelerated gradient schemes. Foundations of
    Computational Mathematics 2015 (the gradient scheme).

    Examples
    --------
    >>> from polytask.linear import L21, LinearModel, ProximalGradient
    >>> X, Y = [[0.0], [1.0], [2.0]], [[1.0, 0.0], [3.0, 1.0], [5.0, 2.0]]
    >>> model = LinearModel(L21(0.1), solver=ProximalGradient(every=5)).fit(X, Y)
    >>> model.solution_.converged
    True
    """

    every: int = 10

    def __post_init__(self):
        require(self.every >= 1, f"ProximalGradient needs every >= 1. Found {self.every}.")

    def refuses(self, problem, penalty):
        if not penalty.convex:
            return (
                f"needs a convex penalty. Found {type(penalty).__name__}. "
                "Take MonotoneProximalGradient, or solver='auto'."
            )
        if not problem.bounded:
            return (
                f"needs losses of bounded curvature. Found {sorted(problem.losses)}. "
                "Take BacktrackingGradient, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Progress(problem, penalty, tol=tol)
        point = problem.at(start)
        if progress.check(start, point):
            return progress.solution(start, 0)
        way = gradients(problem, start, point)
        if way.curvature == 0:  # no coefficient changes the loss
            start = np.zeros_like(start)
            progress.check(start)
            return progress.solution(start, 0)
        W, Z, t, share = start, start, 1.0, 0.0
        for iteration in range(1, max_iter + 1):
            new = way.move(penalty, Z, share)
            moved = new - W
            if np.sum((Z - new) * moved) > 0:  # the momentum points uphill: drop it
                t = 1.0
            later = (1 + np.sqrt(1 + 4 * t * t)) / 2
            share = (t - 1) / later
            Z = new + share * moved
            W, t = new, later
            if iteration % self.every == 0 and progress.check(W, way.point):
                break
        else:
            progress.check(W, way.point)
        return progress.solution(W, iteration)
