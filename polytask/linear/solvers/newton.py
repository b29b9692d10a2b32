"""Newton's method for smooth losses with a quadratic penalty."""

from dataclasses import dataclass

import numpy as np

from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver

HALVINGS = 40
# Share of the predicted decrease that a step must reach (Armijo).
ENOUGH = 1e-4


@dataclass(frozen=True)
class Newton(Solver):
    """Second-order steps: few iterations, each with the exact systems of `Direct`.

    For every loss but the multinomial, with quadratic penalties. Cost of an
    iteration ``O(sum_t n_t d^2 + T d^3)``; for many features `LBFGS` is cheaper.

    Examples
    --------
    >>> from polytask.linear import L2, LinearClassifier, Newton
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"]
    >>> LinearClassifier(L2(0.1), solver=Newton()).fit(X, y).solution_.certificate
    'duality gap'
    """

    def refuses(self, problem, penalty):
        if not penalty.smooth:
            return (
                f"needs a quadratic penalty. Found {type(penalty).__name__}. "
                "Take ProximalGradient, or solver='auto'."
            )
        if "multinomial" in problem.losses:
            return "does not take multinomial losses. Take LBFGS, or solver='auto'."
        if problem.flat and not penalty.definite:
            return (
                f"needs curvature, from the losses or the penalty. Found {sorted(problem.losses)} "
                f"with {type(penalty).__name__}. Take LBFGS, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress, W = Progress(problem, penalty, tol=tol), start
        point = problem.at(W)
        done = progress.check(W, point)
        iteration = 0
        while not done and iteration < max_iter:
            iteration += 1
            gradient = point.gradient + penalty.gradient(W)
            step = -penalty.solve(problem.hessian(W), gradient)
            slope = float(np.sum(gradient * step))
            shorter = _descend(problem, penalty, W, step, progress.objective, slope)
            if shorter is None:
                break
            W, point = shorter
            done = progress.check(W, point)
        return progress.solution(W, iteration)


def _descend(problem, penalty, W, step, here, slope):
    """The first of the steps 1, 1/2, 1/4, ... that lowers the objective enough; None: no such."""
    size = 1.0
    for _ in range(HALVINGS):
        new = W + size * step
        point = problem.at(new)
        value = point.value + penalty.value(new)
        if value <= here + ENOUGH * size * slope + 1e-15 * abs(here):
            return new, point
        size /= 2
    return None
