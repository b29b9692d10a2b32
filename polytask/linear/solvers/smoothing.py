"""Fused coefficients by smoothing: absolute differences become squares near zero."""

from dataclasses import dataclass, field

import numpy as np

from polytask.errors import require
from polytask.linear.penalties import GraphFused
from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.proximal_gradient import ProximalGradient
from polytask.ops.prox import soft_threshold

# Each width of the smoothing is a part of the last one; a width is left when an iteration moves
# less than this, relative to the largest coefficient, and to the share of the width.
NARROWER = 0.2
STILL = 1e-3


@dataclass(frozen=True)
class Smoothing(Solver):
    r"""Accelerated steps on a smooth form of `GraphFused`, from a wide smoothing to a narrow one.

    Differences of coefficients below ``width`` cost as their squares: ``s |x|`` becomes
    ``s x^2 / (2 width)`` there, and ``s (|x| - width / 2)`` beyond. An iteration costs one product
    with the graph, whatever its shape.

    Parameters
    ----------
    width : float, > 0
        The last smoothing, in units of coefficients.
    finish : Solver or None
        Takes the answer to the optimum, where fused coefficients are exactly equal. None stops at
        the smooth optimum, where none are; the certificate is that of the true objective, so that
        ``tol`` has to allow for ``width``.

    Raises
    ------
    ParameterError
        If ``width`` is not positive, or ``finish`` is no solver.

    Notes
    -----
    The paper's ``mu`` is for prices inside the maximum: ``width`` is ``mu`` over the price of an
    edge. `ProximalGradient`, which ``solver="auto"`` takes, has exact steps and is the faster one
    up to hundreds of tasks (docs/methods/graph_fused.md); this is the paper's way, and a start for
    graphs of thousands of edges.

    References
    ----------
    Chen, Lin, Kim, Carbonell, Xing. Smoothing proximal gradient method for general structured
    sparse regression. Annals of Applied Statistics 2012.
    Nesterov. Smooth minimization of non-smooth functions. Mathematical Programming 2005.

    Examples
    --------
    >>> from polytask.linear import GraphFused, LinearModel, Smoothing
    >>> X, Y = [[0.0], [1.0], [2.0]], [[0.0, 0.1], [1.0, 1.2], [2.0, 2.1]]
    >>> model = LinearModel(GraphFused(0.05, edges=((0, 1),)), solver=Smoothing()).fit(X, Y)
    >>> model.coef_.round(3)
    array([[0.925],
           [0.925]])
    """

    width: float = 1e-3
    finish: Solver | None = field(default_factory=ProximalGradient)

    def __post_init__(self):
        require(
            0 < self.width < np.inf,
            f"Smoothing needs a positive width. Found width={self.width}.",
        )
        require(
            self.finish is None or isinstance(self.finish, Solver),
            f"Smoothing needs a solver, or None, for finish. Found {self.finish!r}.",
        )

    def refuses(self, problem, penalty):
        if not isinstance(penalty, GraphFused) or penalty.alpha == 0:
            return f"takes GraphFused of some strength. Found {penalty!r}. Take solver='auto'."
        if not problem.bounded:
            return (
                f"needs losses of bounded curvature. Found {sorted(problem.losses)}. "
                "Take BacktrackingGradient, or solver='auto'."
            )
        reason = None if self.finish is None else self.finish.refuses(problem, penalty)
        return reason and f"finishes with {type(self.finish).__name__}, which {reason}"

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Progress(problem, penalty, tol=tol)
        if progress.check(start):
            return progress.solution(start, 0)
        W, used = start, 0
        graph = Graph(penalty, problem.shape[1])
        for width in _widths(problem, graph, self.width):
            W, more = _descend(problem, graph, W, width, max_iter - used)
            used += more
        if self.finish is not None and used < max_iter:
            rest = max_iter - used
            found = self.finish.run(problem, penalty, start=W, tol=tol, max_iter=rest)
            W, used = found.W, used + found.iterations
        progress.check(W)
        return progress.solution(W, used)


class Graph:
    """The smooth price of differences along the edges, and what entries pay beside it."""

    def __init__(self, penalty, P):
        fusion = penalty.fusion(P)
        self.entries = penalty.alpha
        self.C, self.price = fusion.C, penalty.alpha * penalty.ratio * fusion.weight
        degree = np.abs(self.C).T @ self.price
        self.norm = 2 * float(degree.max(initial=0))  # bounds the largest eigenvalue

    def gradient(self, W, width):
        """Derivative of the smooth price ``(d, P)``."""
        return (np.clip((W @ self.C.T) / width, -1, 1) * self.price) @ self.C


def _widths(problem, graph, last):
    """From where smoothing bends no more than the loss, down to the last width."""
    width = max(graph.norm / max(problem.lipschitz, np.finfo(np.float64).tiny), last)
    while width > last:
        yield width
        width = max(NARROWER * width, last)
    yield last


def _descend(problem, graph, W, width, most):
    """Accelerated steps with restart at one width: the point, and how many there were."""
    step = 1 / (problem.lipschitz + graph.norm / width)
    Z, t, used = W, 1.0, 0
    while used < most:
        used += 1
        slope = problem.at(Z).gradient + graph.gradient(Z, width)
        new = soft_threshold(Z - step * slope, step * graph.entries)
        moved = new - W
        if np.sum((Z - new) * moved) > 0:  # the momentum points uphill: drop it
            t = 1.0
        later = (1 + np.sqrt(1 + 4 * t * t)) / 2
        Z, W, t = new + (t - 1) / later * moved, new, later
        if np.abs(moved).max(initial=0) <= STILL * min(width, 1.0) * np.abs(W).max(initial=0):
            break
    return W, used
