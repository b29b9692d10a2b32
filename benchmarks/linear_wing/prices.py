"""What a problem pays for coefficients, and what residuals prove: sums written out from papers.

They share no code with polytask, nor with any peer. An answer is ``W (d, T)``, or a tuple of parts
with sum W where the price is one of a sum.
"""

from dataclasses import dataclass

import numpy as np


def whole(answer):
    """The coefficients ``(d, T)`` of an answer."""
    return sum(answer) if isinstance(answer, tuple) else answer


@dataclass(frozen=True)
class Rows:
    """``sum_j |W_j|_2``."""

    def value(self, W, strength):
        """The price of an answer."""
        return strength * np.linalg.norm(W, axis=1).sum()

    def limit(self, V, strength):
        """The largest factor at which V is in the dual ball."""
        return strength / np.linalg.norm(V, axis=1).max()

    def conjugate(self, V, strength):
        """What is taken off a lower bound by V."""
        return 0.0


@dataclass(frozen=True)
class Spectrum:
    """The trace norm: the sum of the singular values of W."""

    def value(self, W, strength):
        """The price of an answer."""
        return strength * np.linalg.svd(W, compute_uv=False).sum()

    def limit(self, V, strength):
        """The largest factor at which V is in the dual ball."""
        return strength / np.linalg.norm(V, 2)

    def conjugate(self, V, strength):
        """What is taken off a lower bound by V."""
        return 0.0


@dataclass(frozen=True)
class Dirty:
    """``sum_j |B_j|_q + own sum |S|`` of an answer ``(B, S)``; q is 2 or infinity.

    Attributes
    ----------
    order : float
    own : float
        Price of an entry over the price of a row.
    """

    order: float
    own: float

    def value(self, parts, strength):
        """The price of an answer."""
        B, S = parts
        lengths = np.linalg.norm(B, self.order, axis=1)
        return strength * (lengths.sum() + self.own * np.abs(S).sum())

    def limit(self, V, strength):
        """The largest factor at which V is in both dual balls."""
        lengths = np.linalg.norm(V, 1 if self.order == np.inf else 2, axis=1)
        return min(strength / lengths.max(), strength * self.own / np.abs(V).max())

    def conjugate(self, V, strength):
        """What is taken off a lower bound by V."""
        return 0.0


@dataclass(frozen=True)
class Clusters:
    """``min over M of strength tr W (I + (1 / between - 1) M)^-1 W' / 2``: relaxed clusters.

    M is symmetric with eigenvalues in [0, 1] and trace ``count``. With ``eta = between / (1 -
    between)`` and ``rho = strength (1 - between) / 2`` it is Zhou, Chen and Ye's
    ``rho eta (1 + eta) tr W (eta I + M)^-1 W'``.

    Attributes
    ----------
    count : int
    between : float
    """

    count: int
    between: float

    def value(self, W, strength):
        """The price of an answer; the eigenvalues of M by bisection on their multiplier."""
        size = np.linalg.svd(W, compute_uv=False)
        more = 1 / self.between - 1
        low, high = 0.0, 1 / (self.between * max(size[size > 1e-12].min(), 1e-12))
        for _ in range(200):
            middle = (low + high) / 2
            share = np.clip((middle * size - 1) / more, 0, 1)
            low, high = (low, middle) if share.sum() > self.count else (middle, high)
        share = np.clip((low * size - 1) / more, 0, 1)
        return strength / 2 * np.sum(size**2 / (1 + more * share))

    def limit(self, V, strength):
        """Every V has a conjugate."""
        return 1.0

    def conjugate(self, V, strength):
        """What is taken off a lower bound by V: the best M takes its largest directions."""
        square = np.linalg.svd(V, compute_uv=False) ** 2
        best = square.sum() + (1 / self.between - 1) * square[: self.count].sum()
        return best / (2 * strength)
