"""Limited-memory quasi-Newton method for smooth losses with a quadratic penalty."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver


@dataclass(frozen=True)
class LBFGS(Solver):
    """First-order steps with a memory: for quadratic penalties where a Hessian is too large.

    Every loss, multinomial included, with `NoPenalty`, `L2` and `MeanRegularised`. Cost of an
    iteration: one product with X and one with its transpose.

    Parameters
    ----------
    memory : int
        Steps that are remembered.
    every : int
        Iterations between two measurements of the gap.

    Examples
    --------
    >>> from polytask.linear import L2, LBFGS, LinearModel
    >>> model = LinearModel(L2(0.1), solver=LBFGS()).fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> model.solution_.converged
    True
    """

    memory: int = 20
    every: int = 5

    def refuses(self, problem, penalty):
        if not penalty.smooth:
            return (
                f"needs a quadratic penalty. Found {type(penalty).__name__}. "
                "Take ProximalGradient, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Progress(problem, penalty, tol=tol)
        if progress.check(start):
            return progress.solution(start, 1)
        shape, count = problem.shape, 0

        def objective(w):
            W = w.reshape(shape)
            point = problem.at(W)
            value = point.value + penalty.value(W)
            return value, (point.gradient + penalty.gradient(W)).ravel()

        def watch(intermediate_result):
            nonlocal count
            count += 1
            if count % self.every == 0 and progress.check(intermediate_result.x.reshape(shape)):
                raise StopIteration

        w = start.ravel()
        # the line search gives up at rounding; a fresh memory often goes on from there
        for _ in range(3):
            left = max(max_iter - count, 1)
            options = {"maxiter": left, "maxfun": 10 * left, "maxcor": self.memory}
            options |= {"ftol": 0.0, "gtol": 0.0}
            w = minimize(
                objective, w, jac=True, method="L-BFGS-B", callback=watch, options=options
            ).x
            if progress.check(np.asarray(w).reshape(shape)) or count >= max_iter:
                break
        return progress.solution(w.reshape(shape), count)
