"""Quadratic prices that leave some directions of the inputs free, or cheap."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.linear.penalties.base import Penalty
from polytask.ops.linalg import smallest_solution, solve_positive

# Pivots of a matrix, relative to its largest, below which it counts as singular.
SINGULAR = 1e-12


class Complement(Penalty):
    """``value(W) = sum_p s_p/2 ((1 + eta) |w_p|^2 - |B' w_p|^2)``, columns of B orthonormal.

    Coefficients in the span of B cost ``eta``, those orthogonal to it ``1 + eta``. A subclass gives
    `basis` and `strengths`; it has fields ``alpha`` and ``eta``.
    """

    eta: float
    smooth: ClassVar[bool] = True
    spans: ClassVar[tuple[float, float]] = (10.0, 1e-4)

    @abstractmethod
    def basis(self, d):
        """B ``(d, k)``."""

    def strengths(self, P):
        """``s`` ``(P,)``, a strength per output."""
        return np.full(P, self.alpha)

    @property
    @abstractmethod
    def definite(self):
        """True where every direction has a price: then the duality gap is finite everywhere."""

    def value(self, W):
        B = self.basis(len(W))
        rest = W - B @ (B.T @ W)
        size = np.sum(rest * rest, axis=0) + self.eta * np.sum(W * W, axis=0)
        return 0.5 * float(self.strengths(W.shape[1]) @ size)

    def gradient(self, W):
        """Derivative by W ``(d, P)``."""
        B = self.basis(len(W))
        return self.strengths(W.shape[1]) * ((1 + self.eta) * W - B @ (B.T @ W))

    def prox(self, W, step):
        B, s = self.basis(len(W)), step * self.strengths(W.shape[1])
        inside, outside = 1 / (1 + s * self.eta), 1 / (1 + s * (1 + self.eta))
        return outside * W + (inside - outside) * (B @ (B.T @ W))

    def conjugate(self, V):
        if not self.definite:
            return np.inf
        B, s = self.basis(len(V)), self.strengths(V.shape[1])
        within = np.sum((B.T @ V) ** 2, axis=0)
        rest = np.sum(V * V, axis=0) - within
        dear = rest / (1 + self.eta)
        return 0.5 * float(np.sum((dear + within / self.eta if B.size else dear) / s))

    def solve(self, H, R):
        """W ``(d, P)`` with ``H_p w_p`` plus the gradient of the price equal to ``r_p``."""
        d, P = R.shape
        B, s = self.basis(d), self.strengths(P)
        Q = (1 + self.eta) * np.eye(d) - B @ B.T
        if len(H) == 1 and np.ptp(s) == 0:
            return self._solved(H + s[0] * Q, R[None])[0]
        return self._solved(H + s[:, None, None] * Q, R.T[:, :, None])[:, :, 0].T

    def _solved(self, A, R):
        # a free direction in which a task has no labels: the solution of smallest length
        return (
            smallest_solution(A, R) if not self.definite and _singular(A) else solve_positive(A, R)
        )

    def alone(self):
        return self

    def _top(self, problem):
        return problem.curvature


def _singular(A):
    """Whether one of the matrices ``(S, d, d)`` has no inverse, as far as pivots say."""
    try:
        pivots = np.diagonal(np.linalg.cholesky(A), axis1=1, axis2=2) ** 2
    except np.linalg.LinAlgError:
        return True
    return bool(np.any(pivots.min(axis=1) < SINGULAR * pivots.max(axis=1)))


@dataclass(frozen=True, eq=False)
class _Held(Complement):
    """The price of the alternation and of new tasks: a basis ``(d, k)`` that was computed."""

    alpha: float
    eta: float
    columns: np.ndarray
    weights: np.ndarray | None = None

    def basis(self, d):
        return self.columns

    def strengths(self, P):
        return self.alpha * (np.ones(P) if self.weights is None else self.weights)

    @property
    def definite(self):
        return self.alpha > 0 and (self.eta > 0 or not self.columns.size)
