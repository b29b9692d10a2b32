"""Newton steps on working sets: every loss that curves, a price per block of rows of W."""

from dataclasses import dataclass

from polytask.errors import require
from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.block_descent import OTHERWISE, rough, wanted
from polytask.linear.solvers.columns import readable
from polytask.linear.solvers.curved import curved
from polytask.linear.solvers.descend import settle
from polytask.linear.solvers.proximal_newton import shortened
from polytask.ops.threads import one_thread

# Newton steps after which a working set is looked at again.
STEPS = 20
# Epochs that one model may take.
EPOCHS = 200


@dataclass(frozen=True)
class BlockNewton(Solver):
    """The fastest way to sparse solutions of logistic losses and others that curve.

    As `BlockDescent`, with a quadratic model of the loss: it is made on the working set alone, and
    solved by coordinate descent with exact steps. After each working set the gradient over *all*
    features says which blocks are missing, and measures the gap.

    Parameters
    ----------
    first : int, >= 1
        Blocks (single features, or groups) in the first working set; it grows with the support
        from then on. With as many as there are, nothing is left out.

    Notes
    -----
    An iteration is one model. It is not for the multinomial loss, which couples the classes of a
    task: models that take them apart converge slowly.

    References
    ----------
    Lee, Sun, Saunders. Proximal Newton-type methods for minimizing composite functions. SIAM
    Journal on Optimization 2014.
    Friedman, Hastie, Tibshirani. Regularization paths for generalized linear models via coordinate
    descent. Journal of Statistical Software 2010.

    Examples
    --------
    >>> from polytask.linear import BlockNewton, L21, LinearClassifier
    >>> X, Y = [[0.0], [1.0], [2.0], [3.0]], [["a", "c"], ["a", "c"], ["b", "c"], ["b", "d"]]
    >>> LinearClassifier(L21(0.05), solver=BlockNewton()).fit(X, Y).solution_.converged
    True
    """

    first: int = 64

    def __post_init__(self):
        require(self.first >= 1, f"BlockNewton needs first >= 1. Found first={self.first}.")

    def refuses(self, problem, penalty):
        if not penalty.convex or penalty.in_blocks(problem.n_features) is None:
            return f"takes sums over blocks of features. Found {penalty!r}. {OTHERWISE}"
        if not readable(problem):
            return f"needs tables as they are. Found outputs in other units. {OTHERWISE}"
        fits = problem.datafits
        if problem.kinked or not all(fit.separate and fit.apart for fit in fits):
            return (
                "needs losses that curve, one output and one row at a time. "
                f"Found {sorted(problem.losses)}. {OTHERWISE}"
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress, price = Progress(problem, penalty, tol=tol), penalty.in_blocks(len(start))
        W, point = start, problem.at(start)
        done = progress.check(W, point)
        local, used = curved(problem, price), 0
        while not done and used < max_iter:
            new = wanted(price, W, point, local.blocks, self.first)
            if local.too_large(len(new)):
                return _whole(problem, penalty, W, tol, max_iter - used)
            local.extend(new)
            target, before = rough(progress, price, local.blocks, new), progress.objective
            with one_thread():
                W, point, more = _descend(local, penalty, W, point, target, max_iter - used)
            used += more
            done = progress.check(W, point)
            if not len(new) and before - progress.objective <= problem.resolution:
                break  # no block is missing and nothing falls: rounding
        problem.remember(W, point)
        return progress.solution(W, used, screened=len(W) - len(local.rows))


def _descend(local, penalty, W, point, target, budget):
    """Newton steps on a working set until its gap is small; W, the loss there, their number."""
    used = 0
    while used < min(budget, STEPS):
        local.start(W, point)
        settle(local, EPOCHS)
        used += 1
        shorter = shortened(local.problem, penalty, W, local.whole() - W, point)
        if shorter is None:
            break
        W, point = shorter
        if local.gap(W, point) <= target:
            break
    return W, point, used


def _whole(problem, penalty, W, tol, max_iter):
    """First-order steps on all features, where models would take too much memory."""
    from polytask.linear.solvers.backtracking_gradient import BacktrackingGradient
    from polytask.linear.solvers.proximal_gradient import ProximalGradient

    solver = ProximalGradient() if problem.bounded else BacktrackingGradient()
    return solver.run(problem, penalty, start=W, tol=tol, max_iter=max(max_iter, 1))
