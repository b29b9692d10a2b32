"""Regularised multi-task learning: every task is near the mean of all."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import Frozen, check_strength
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.quadratic import Quadratic
from polytask.ops.linalg import smallest_solution, solve_positive

# Share of the mean's strength in that of the deviations, on the grid: held, and nearly free.
SHARES = (3e-2, 1e-3)


@dataclass(frozen=True)
class MeanRegularised(Quadratic):
    r"""Tasks around a common mean: ``w_t = w_0 + v_t``, and both parts have their price.

    ``value(W) = min over w_0 of alpha/2 (sum_t |w_t - w_0|^2 + ratio |w_0|^2)``,
    that is ``tr(W M W') / 2`` with ``M = alpha (I - 11' / (T + ratio))``: strength ``alpha`` on
    the deviations from the mean, ``alpha ratio / (T + ratio)`` on the mean; the best ``w_0`` is
    ``sum_t w_t / (T + ratio)``.

    Parameters
    ----------
    alpha : float, >= 0
        Strength on the deviations, in units of loss per squared coefficient.
    ratio : float, >= 0, may be infinite
        Price of the mean relative to that of the deviations; the paper's
        ``mu = T lambda_2 / lambda_1``. Infinite: no common part, which is ``L2(alpha)``. Zero: the
        mean is free. One model for all tasks is the limit of a large ``alpha`` at a fixed
        ``alpha * ratio``.
    groups : tuple of P int, optional
        Outputs with the same number share a mean. Default: outputs that mean the same thing do
        (regression with regression, binary with binary, a class with the same class).

    Raises
    ------
    ParameterError
        If ``alpha`` or ``ratio`` is negative, or ``groups`` has another length than W has columns.

    Notes
    -----
    The paper's primal ``sum of losses + (lambda_1 / T) sum_t |v_t|^2 + lambda_2 |w_0|^2`` is
    ``alpha = 2 lambda_1 / T`` and ``ratio = T lambda_2 / lambda_1`` in the units of its loss. Its
    second form ``rho_1 sum_t |w_t|^2 + rho_2 sum_t |w_t - mean|^2`` has
    ``rho_1 = lambda_1 lambda_2 / (T (lambda_1 + lambda_2))`` and
    ``rho_2 = lambda_1^2 / (T (lambda_1 + lambda_2))``; so ``alpha = 2 (rho_1 + rho_2)`` and
    ``ratio = T rho_1 / rho_2``.

    The fitted model has ``mean_``, the common part. A new task (`adapt`) is shrunk towards it with
    strength ``alpha``.

    References
    ----------
    Evgeniou, Pontil. Regularized multi-task learning. KDD 2004.
    Evgeniou, Micchelli, Pontil. Learning multiple tasks with kernel methods. JMLR 2005.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> MeanRegularised(2.0, ratio=0.0).value(np.array([[1.0, 3.0]]))  # only the deviations
    2.0
    """

    alpha: float = 1.0
    ratio: float = 1.0
    groups: tuple[int, ...] | None = None
    spans: ClassVar[tuple[float, float]] = (100.0, 1e-2)
    points: ClassVar[int] = 10
    second: ClassVar[str | None] = "ratio"

    def __post_init__(self):
        check_strength(self)
        require(
            self.ratio >= 0,
            f"MeanRegularised needs ratio >= 0. Found ratio={self.ratio}. Infinite: no mean.",
        )

    @property
    def definite(self):
        return self.alpha > 0 and self.ratio > 0

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        if np.isinf(self.ratio):
            return L2(self.alpha)
        return self if self.groups is not None else self.replace(groups=outputs.alike)

    def mean(self, W):
        """The common part ``(d, groups)`` of coefficients W ``(d, P)``."""
        E, size = self._members(W.shape[1])
        return W @ E / (size + self.ratio)

    def matrix(self, P):
        E, size = self._members(P)
        return self.alpha * (np.eye(P) - (E / (size + self.ratio)) @ E.T)

    def gradient(self, W):
        E, _ = self._members(W.shape[1])
        return self.alpha * (W - self.mean(W) @ E.T)

    def prox(self, W, step):
        return self._apply(W, lambda strength: 1 / (1 + step * strength))

    def alone(self):
        share = 1.0 if np.isinf(self.ratio) else self.ratio / (1 + self.ratio)
        return L2(self.alpha * share)

    def conjugate(self, V):
        with np.errstate(divide="ignore"):
            inverse = self._apply(V, lambda strength: 1 / np.asarray(strength, dtype=np.float64))
        return 0.5 * float(np.sum(V * inverse)) if self.definite else np.inf

    def solve(self, H, R):
        """``w_p = (H_p + alpha)^-1 (r_p + alpha w_0)``, after w_0 from one system per group."""
        E, size = self._members(R.shape[1])
        d, shared = H.shape[1], len(H) == 1
        B = H + self.alpha * np.eye(d)
        toward_own = solve_positive(B, R[None])[0] if shared else _each(B, R)
        share = solve_positive(B, H)  # how far the labels pull away from the mean, (P, d, d)
        W = np.empty_like(R)
        for g in range(E.shape[1]):
            p = np.flatnonzero(E[:, g])
            pull = size[g] * share[0] if shared else share[p].sum(axis=0)
            pull = (pull + pull.T) / 2 + self.ratio * np.eye(d)
            right = toward_own[:, p].sum(axis=1)[:, None]
            solver = solve_positive if self.ratio > 0 else smallest_solution
            center = solver(pull[None], right[None])[0]
            W[:, p] = (
                toward_own[:, p]
                + center
                - (share[0] @ center if shared else _pull(share[p], center))
            )
        return W

    def _seconds(self, problem):
        most = self.bound(problem.outputs)._members(len(problem.outputs.task))[1].max()
        return [float(f"{most * share / (1 - share):.6g}") for share in SHARES]

    def learned(self, W):
        center = self.mean(W)
        return {"mean": center[:, 0] if center.shape[1] == 1 else center}

    def frozen(self, W, like):
        E, _ = self._members(W.shape[1])
        return Frozen(self.mean(W) @ E[like].T, None, self.alpha)

    def _apply(self, W, function):
        """A function of M on W: one factor for deviations, one for the mean of each group."""
        E, size = self._members(W.shape[1])
        mean = (W @ E / size) @ E.T
        strength = self.alpha * self.ratio / (size + self.ratio)
        return function(self.alpha) * (W - mean) + mean * (E @ function(strength))

    def _members(self, P):
        """Which output is in which group ``(P, groups)``, and the sizes of the groups."""
        groups = np.zeros(P, dtype=int) if self.groups is None else np.asarray(self.groups)
        require(
            len(groups) == P,
            f"MeanRegularised needs a group for each of {P} outputs. Found {len(groups)}.",
        )
        E = (groups[:, None] == np.unique(groups)).astype(np.float64)
        return E, E.sum(axis=0)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, ratio=1.0)
        yield cls(alpha=5.0, ratio=0.1)


def _each(B, R):
    """``B_p^-1 r_p`` as columns ``(d, P)``."""
    return solve_positive(B, R.T[:, :, None])[:, :, 0].T


def _pull(share, center):
    """``share_p center`` as columns ``(d, P)``."""
    return (share @ center)[:, :, 0].T
