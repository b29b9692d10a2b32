"""The smallest objective at a structure, as a function of the structure alone."""

from dataclasses import replace
from typing import ClassVar

import numpy as np

from polytask.linear.solution import Progress
from polytask.ops.prox import TINY

# Iterations of the solver inside a regression, which are not those that max_iter counts.
INSIDE = 10_000
# The structure gap is no bound, so that it has to be this much smaller than the tolerance; what a
# regression may leave of that.
STRICT = 0.01
SHARE = 0.3


class AtStructure:
    """``phi(B)``: loss plus price with the best W at the structure B ``(d, k)``.

    Its gradient by B is that of the price at the best W. Unlike the alternation, which moves B by
    what the own parts have left, about ``1 / alpha`` of the way, a step on phi does not get
    shorter where alpha is large.

    Attributes
    ----------
    W : array (d, P)
        The best coefficients at the last structure.
    count : int
        Regressions so far.
    """

    def __init__(self, problem, penalty, *, tol):
        self.problem, self.penalty, self.tol = problem, penalty, tol
        self.W, self.count = np.zeros(problem.shape), 0

    def regress(self, B):
        """All tasks at one structure, from where the last one ended."""
        from polytask.linear.solvers.automatic import automatic

        held = self.penalty.held(B)
        solver, tol = automatic(self.problem, held), SHARE * STRICT * self.tol
        found = solver.run(self.problem, held, start=self.W, tol=tol, max_iter=INSIDE)
        self.W, self.count = found.W, self.count + 1
        return found.objective

    def slope(self, A):
        """phi at the span of A ``(d, k)``, its derivative by A, and a basis of the span."""
        B, R = np.linalg.qr(A)
        value = self.regress(B)
        held, W = self.penalty.held(B), self.W
        G = -(W * held.strengths(W.shape[1])) @ (W.T @ B)
        G = G * self.penalty.support(B)
        G = G - B @ (B.T @ G)
        return value, np.linalg.solve(R, G.T).T, B

    def measured(self):
        """Where W stands, beside the best structure for W; and whether that is near enough."""
        best = self.penalty.held(self.penalty.basis(self.W))
        progress = StructureGap(self.problem, best, tol=self.tol)
        progress.check(self.W)
        return progress, progress.gap <= max(STRICT * progress.target, self.problem.resolution)

    def among(self, B):
        """Where W stands among the coefficients for the structure B, which is not to move."""
        progress = Progress(self.problem, self.penalty.held(B), tol=self.tol)
        progress.check(self.W)
        return progress


class StructureGap(Progress):
    """How far the objective could fall at a structure, and by turning the structure.

    The first part is the gap of the regressions with the structure held. The second is the gain of
    a gradient step that moves the structure against the mean curvature of the loss; both are zero
    exactly at stationary points.
    """

    TURNING: ClassVar[str] = "structure gap"

    def __init__(self, problem, penalty, *, tol):
        super().__init__(problem, penalty, tol=tol)
        self.certificate = self.TURNING

    def check(self, W, point=None):
        point = self.problem.at(W) if point is None else point
        inner = Progress(self.problem, self.penalty, tol=1.0)
        inner.check(W, point)
        self.objective, self.gap = inner.objective, inner.gap + self._turning(W, point)
        return self.gap <= self.target

    def _turning(self, W, point):
        B = self.penalty.basis(len(W))
        V = B.T @ W
        _, s, rows = np.linalg.svd(V, full_matrices=False)
        rows = rows[s > TINY]
        pull = point.gradient + self.penalty.gradient(W)
        pull = (pull - B @ (B.T @ pull)) @ rows.T
        return 0.5 * float(np.sum(pull**2)) / self.problem.curvature


def random_structure(penalty, shape, seed):
    """The structure ``(d, k)`` of random coefficients."""
    W = np.random.default_rng(seed).normal(size=shape)
    return replace(penalty, part="whole", source="all", weights=None).basis(W)
