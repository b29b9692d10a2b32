"""Penalties that are quadratic forms: smooth, with exact solvers."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Penalty
from polytask.ops.coupled import solve_coupled


class Quadratic(Penalty):
    """``value(W) = tr(W M W') / 2`` with M ``(P, P)`` symmetric, positive semi-definite.

    A subclass gives M; where M's action has a quicker form it gives that too.
    """

    smooth: ClassVar[bool] = True
    couples: ClassVar[str] = "rows"
    spans: ClassVar[tuple[float, float]] = (10.0, 1e-4)

    @property
    def definite(self):
        """True where M has no null space: then the duality gap is finite everywhere."""
        return self.alpha > 0

    @abstractmethod
    def matrix(self, P):
        """M ``(P, P)``."""

    def gradient(self, W):
        """``W M``."""
        return W @ self.matrix(W.shape[1])

    def solve(self, H, R):
        """W ``(d, P)`` with ``H_p w_p + (W M)_p = r_p`` for every output.

        H is ``(P, d, d)``, or ``(1, d, d)`` where all outputs have the same; R is ``(d, P)``.
        """
        return solve_coupled(H, self.matrix(R.shape[1]), R)

    def prox(self, W, step):
        P = W.shape[1]
        return np.linalg.solve(np.eye(P) + step * self.matrix(P), W.T).T

    def conjugate(self, V):
        return 0.5 * float(np.sum(V.T * np.linalg.solve(self.matrix(V.shape[1]), V.T)))

    def value(self, W):
        return 0.5 * float(np.sum(W * self.gradient(W)))

    def _top(self, problem):
        # a strength beyond the curvature of the loss leaves little of the coefficients
        return problem.curvature
