"""Exact solution of squared losses with a quadratic penalty."""

from dataclasses import dataclass

from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver

# One solve is exact; rounding in ill-conditioned systems is repaired by one or two more.
REPAIRS = 3


@dataclass(frozen=True)
class Direct(Solver):
    """Solve the linear system of squared losses with a quadratic penalty.

    One system per task (one for all where they share rows), and for `MeanRegularised` one more of
    size ``(d, d)`` for the common part. Cost ``O(T d^3)``, whatever the number of rows.

    Examples
    --------
    >>> from polytask.linear import Direct, L2, LinearModel
    >>> model = LinearModel(L2(0.1), solver=Direct()).fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> model.solution_.converged
    True
    """

    def refuses(self, problem, penalty):
        if not penalty.smooth:
            return (
                f"needs a quadratic penalty. Found {type(penalty).__name__}. "
                "Take ProximalGradient, or solver='auto'."
            )
        if problem.losses != {"squared"}:
            return (
                f"needs squared losses. Found {sorted(problem.losses)}. "
                "Take Newton, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        H = problem.hessian(start)
        progress = Progress(problem, penalty, tol=tol)
        W = penalty.solve(H, -problem.null.gradient)
        for repair in range(1, REPAIRS + 1):
            point = problem.at(W)
            if progress.check(W, point) or repair == REPAIRS:
                break
            W = W - penalty.solve(H, point.gradient + penalty.gradient(W))
        return progress.solution(W, repair)
