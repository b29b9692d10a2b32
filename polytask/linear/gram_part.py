"""The squared loss of some outputs, from sufficient statistics: its cost does not grow with n."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from polytask.ops.linalg import half_norm
from polytask.ops.moments import moments


@dataclass(frozen=True, eq=False)
class GramPart:
    """``w' G w / 2 - c' w + yy / 2`` for every output, the best intercept already taken out.

    Attributes
    ----------
    columns : array (P,)
        Positions of these outputs among all.
    G : array (1, d, d) or (P, d, d)
        One for all outputs where they share rows and weights.
    C : array (d, P)
    yy : array (P,)
    x_mean : array (1, d) or (P, d)
    y_mean : array (P,)
    resolution : float
        The smallest difference of loss that float64 shows.
    """

    columns: np.ndarray
    G: np.ndarray
    C: np.ndarray
    yy: np.ndarray
    x_mean: np.ndarray
    y_mean: np.ndarray
    resolution: float

    @classmethod
    def of(cls, columns, X, tables, *, std, fit_intercept):
        """From rows of X: ``tables`` are ``(rows, Y (n_t, k), a (n_t,))``.

        One table for all outputs, or one per task; outputs of one task get the same Gram.
        """
        G, C, yy, x_mean, y_mean = moments(X, tables, fit_intercept=fit_intercept)
        size = float(yy.sum())
        if y_mean.any():
            total = np.repeat([a.sum() for _, _, a in tables], [Y.shape[1] for _, Y, _ in tables])
            size += float(total @ y_mean**2)
        if std is not None:
            G, C, x_mean = G / np.outer(std, std), C / std[:, None], x_mean / std
        if 1 < len(tables) < len(columns):
            task = np.repeat(np.arange(len(tables)), [Y.shape[1] for _, Y, _ in tables])
            G, x_mean = G[task], x_mean[task]
        eps = float(np.finfo(np.float64).eps)
        return cls(columns, G, C, yy, x_mean, y_mean, eps * size)

    def at(self, W):
        """The loss at coefficients W ``(d, P)``."""
        return GramPoint(self, W)

    def intercept(self, W):
        """The best intercepts ``(P,)``."""
        return self.y_mean - np.einsum("pd,dp->p", np.broadcast_to(self.x_mean, W.T.shape), W)

    def hessian(self, W):
        """Second derivative ``(1 or P, d, d)``, the same everywhere."""
        return self.G

    def decrement(self, W, gradient):
        """Half the squared Newton decrement ``g' G^+ g / 2``, for the squared loss exact."""
        return half_norm(self.G, gradient)

    @cached_property
    def lipschitz(self):
        """Largest curvature of the loss in any direction."""
        return float(max(np.linalg.eigvalsh(self.G)[:, -1].max(), 0.0)) if self.G.size else 0.0

    @property
    def traces(self):
        """Sum of the curvatures along the axes, per output ``(P,)``."""
        return np.broadcast_to(np.einsum("pjj->p", self.G), self.columns.shape)

    @property
    def largest(self):
        """Numbers in one Gram."""
        return self.G[0].size

    @property
    def shared(self):
        """True where all outputs have one Hessian."""
        return len(self.G) == 1


class GramPoint:
    """The squared loss at one W: value, gradient, and what it proves from below."""

    def __init__(self, part, W):
        self.part, self.W = part, W
        G = part.G
        self.GW = G[0] @ W if len(G) == 1 else (G @ W.T[:, :, None])[:, :, 0].T

    @cached_property
    def gradient(self):
        """``G W - C``, ``(d, P)``."""
        return self.GW - self.part.C

    @cached_property
    def sums(self):
        """Residual times label, and residual squared, summed over rows and outputs."""
        yy, cw = self.part.yy.sum(), np.sum(self.part.C * self.W)
        return yy - cw, yy - 2 * cw + np.sum(self.W * self.GW)

    @property
    def value(self):
        """The loss with the best intercepts."""
        return 0.5 * float(self.sums[1])

    def dual(self, share):
        """Lower bound by the residuals times ``share``, without the penalty's conjugate."""
        ry, rr = self.sums
        return float(share * ry - 0.5 * share**2 * rr)
