"""Shared structure without local optima: the convex relaxation of alternating structures."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.aso import check_dimension, dimensions
from polytask.linear.penalties.base import Frozen, Penalty, check_strength
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.none import NoPenalty
from polytask.ops.spectral import map_singular_values, singular_values
from polytask.ops.water import water_levels


@dataclass(frozen=True)
class ConvexASO(Penalty):
    r"""`ASO` with the structure relaxed: convex, one optimum, never above the price of `ASO`.

    ``value(W) = alpha/2 eta (1 + eta) min over M of tr (W' (eta I + M)^-1 W)``, M symmetric
    ``(d, d)``, ``0 <= M <= I``, ``tr M = h``. For a structure, ``M = Theta' Theta``, this is
    ``alpha/2 (|(I - Theta' Theta) W|_F^2 + eta |W|_F^2)``; M may lie between structures.

    Parameters
    ----------
    alpha : float, >= 0
        Strength outside the structure, in units of loss per squared coefficient.
    h : int, >= 0
        Dimension of the structure. 0 is ``L2(alpha (1 + eta))``, from the number of tasks or
        features on it is ``L2(alpha eta)``.
    eta : float, > 0
        Price of all coefficients, relative to that outside the structure; the paper's
        ``rho_2 / rho_1``. Near zero the relaxation says nothing.

    Raises
    ------
    ParameterError
        If an option is out of range.

    Notes
    -----
    M is found in closed form: its eigenvectors are the left singular vectors of W, its eigenvalues
    ``clip(nu sigma - eta, 0, 1)`` with the nu that keeps the trace. What is left is convex in W
    alone, with an exact step and a duality gap. The paper alternates between W and M.

    The fitted model has ``structure_`` ``(h, d)``, the leading directions, and ``transform``. A new
    task (`adapt`): M is held fixed.

    References
    ----------
    Chen, Tang, Liu, Ye. A convex formulation for learning shared structures from multiple tasks.
    ICML 2009.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask.linear import ASO
    >>> W = np.diag([3.0, 2.0])
    >>> ConvexASO(2.0, h=1, eta=0.5).value(W) <= ASO(2.0, h=1, eta=0.5).value(W)
    True
    >>> round(ConvexASO(2.0, h=1, eta=0.5).value(W), 6)
    9.375
    """

    alpha: float = 1.0
    h: int = 1
    eta: float = 0.1
    points: ClassVar[int] = 7
    differentiable: ClassVar[bool] = True
    second: ClassVar[str | None] = "h"
    directions: ClassVar[str | None] = "structure"
    spans: ClassVar[tuple[float, float]] = (10.0, 1e-4)

    def __post_init__(self):
        check_strength(self)
        check_dimension(self)
        require(
            np.isfinite(self.eta) and self.eta > 0,
            f"ConvexASO needs a finite eta > 0. Found eta={self.eta}. Take ASO for eta=0.",
        )

    def bound(self, outputs):
        return self if self.alpha > 0 else NoPenalty()

    def value(self, W):
        s = singular_values(W)
        return 0.5 * self._price * float(np.sum(s**2 / self._levels(s)))

    def gradient(self, W):
        """Derivative by W ``(d, P)``."""
        top = (1 + self.eta) * self.alpha
        # the largest slope is 1 / eta of the price: a ratio for the smaller side
        return top * map_singular_values(W, lambda s: self.eta * s / self._levels(s))

    def prox(self, W, step):
        strength = step * self._price

        def change(s):
            levels = self._levels(s, strength)
            return s * levels / (levels + strength)

        return map_singular_values(W, change)

    def conjugate(self, V):
        square = singular_values(V) ** 2
        free = float(square[: self.h].sum())
        return (self.eta * float(square.sum()) + free) / (2 * self._price)

    def alone(self):
        return L2(self.alpha * (1 + self.eta))

    def _seconds(self, problem):
        return dimensions(self.h, problem)

    def _top(self, problem):
        return problem.curvature

    def coefficients(self, W):
        U, s, _ = np.linalg.svd(W, full_matrices=False)
        k = min(self.h, int(np.count_nonzero(s > len(W) * np.finfo(float).eps * s.max(initial=0))))
        return {"structure": U[:, :k]}

    def frozen(self, W, like):
        U, s, _ = np.linalg.svd(W, full_matrices=False)
        root = np.sqrt(self._levels(s)) - np.sqrt(self.eta)
        factor = np.sqrt(self.eta) * np.eye(len(W)) + (U * root) @ U.T
        return Frozen(np.zeros((len(W), len(like))), factor, self._price)

    @property
    def _price(self):
        return self.alpha * self.eta * (1 + self.eta)

    def _levels(self, size, shift=0.0):
        """Eigenvalues of the best ``eta I + M`` on the singular vectors of W."""
        k = len(size)
        total = k * self.eta + min(self.h, k)
        return water_levels(size, self.eta, 1 + self.eta, total, shift)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=2.0, h=2, eta=0.5)
