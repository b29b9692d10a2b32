"""Second-order steps for logistic losses with penalties that are not smooth."""

from dataclasses import dataclass

import numpy as np

from polytask.linear.gram_part import GramPart
from polytask.linear.problem import Problem
from polytask.linear.solution import Progress
from polytask.linear.solvers.backtracking_gradient import BacktrackingGradient
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.proximal_gradient import ProximalGradient
from polytask.ops.linalg import half_norm

HALVINGS = 30
# Share of the predicted decrease that a step must reach (Armijo).
ENOUGH = 1e-4
# What is left of the gap of a quadratic model when it is solved well enough.
INNER = 0.02
INNER_ROUNDS = 20_000


@dataclass(frozen=True)
class ProximalNewton(Solver):
    """Quadratic models of the loss, each solved with the penalty from its Grams.

    A model has one Gram per output, so that its many cheap iterations do not touch the rows; the
    rows are read once or twice per model. For losses that curve everywhere,
    one output at a time; every convex penalty.

    References
    ----------
    Lee, Sun, Saunders. Proximal Newton-type methods for minimizing composite functions. SIAM
    Journal on Optimization 2014.

    Examples
    --------
    >>> from polytask.linear import L21, LinearClassifier, ProximalNewton
    >>> X, Y = [[0.0], [1.0], [2.0], [3.0]], [["a", "c"], ["a", "c"], ["b", "c"], ["b", "d"]]
    >>> LinearClassifier(L21(0.05), solver=ProximalNewton()).fit(X, Y).solution_.converged
    True
    """

    def refuses(self, problem, penalty):
        if "multinomial" in problem.losses:
            return "does not take multinomial losses. Take ProximalGradient, or solver='auto'."
        if problem.flat:
            return (
                f"needs losses that curve everywhere. Found {sorted(problem.losses)}. "
                "Take ProximalGradient, or solver='auto'."
            )
        return BacktrackingGradient().refuses(problem, penalty)

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress, W = Progress(problem, penalty, tol=tol), start
        point = problem.at(W)
        done, iteration = progress.check(W, point), 0
        while not done and iteration < max_iter:
            iteration += 1
            new = _of_model(problem, penalty, W, point)
            shorter = shortened(problem, penalty, W, new - W, point)
            if shorter is None:
                break
            W, point = shorter
            done = progress.check(W, point)
        return progress.solution(W, iteration)


def _of_model(problem, penalty, W, point):
    """The minimiser ``(d, P)`` of the quadratic model at W plus the penalty, roughly."""
    H = problem.hessian(W)
    C = np.einsum("pij,jp->ip", np.broadcast_to(H, (W.shape[1], *H.shape[1:])), W) - point.gradient
    # the smallest sum of squares that belongs to these Grams keeps the model's duality gap valid
    yy = np.zeros(W.shape[1])
    yy[0] = 2 * half_norm(H, C)
    none = np.zeros_like(yy)
    part = GramPart(np.arange(len(yy)), H, C, yy, np.zeros_like(W.T), none, 0.0)
    model = Problem((part,), problem.outputs, problem.n_features)
    start = Progress(model, penalty, tol=0)
    start.check(W)
    tol = INNER * start.gap / max(model.null.value, np.finfo(np.float64).tiny)
    return ProximalGradient().run(model, penalty, start=W, tol=tol, max_iter=INNER_ROUNDS).W


def shortened(problem, penalty, W, step, point):
    """The first of the steps 1, 1/2, 1/4, ... that lowers the objective enough; None: no such."""
    price = penalty.value(W)
    here = point.value + price
    foreseen = float(np.sum(point.gradient * step)) + penalty.value(W + step) - price
    size = 1.0
    for _ in range(HALVINGS):
        new = W + size * step
        there = problem.at(new)
        enough = ENOUGH * size * min(foreseen, 0.0) + 1e-15 * abs(here)
        if there.value + penalty.value(new) <= here + enough:
            return new, there
        size /= 2
    return None
