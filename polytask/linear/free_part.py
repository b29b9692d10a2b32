"""Any part of a problem with some rows of W at their best: found anew at every point."""

import numpy as np
from scipy import sparse

from polytask.linear.table_part import TablePart, TablePoint
from polytask.ops.linalg import smallest_solution

# Newton steps for the free rows, and halvings of one; slopes of this share of the sizes that they
# are sums of at W = 0 are zero: where free features separate classes, the search ends there.
ROUNDS, HALVINGS = 100, 40
FLAT = 1e-13
# The longest step of a loss that is not quadratic, in units of the largest label.
LONGEST = 10.0
# Share of the predicted decrease that a step must reach (Armijo), and the rounding of a loss.
ENOUGH, GRAIN = 1e-4, 1e-15


class FreePart:
    """A part as a function of the other rows of W: the free ones are minimised over at each point.

    Parameters
    ----------
    part : TablePart
    rows : int array (k,)
        The free rows of W, which are ignored.
    """

    def __init__(self, part, rows):
        self.part, self.rows = part, rows
        self.columns, self.blocks = part.columns, part.blocks
        self.Y, self.A, self.offset = part.Y, part.A, part.offset
        self.fit_intercept = part.fit_intercept
        self.largest, self.shared = part.largest, False
        self._flat = self._smallest()
        # where the next search starts; changes no result
        self._start = np.zeros((len(rows), len(part.columns)))

    def best(self, W):
        """The free rows ``(k, P)`` with the smallest loss beside the others."""
        return self._best(self._others(W))

    def at(self, W):
        """The loss at W with the free rows at their best."""
        return FreePoint(self.part.at(self._whole(W)), self.rows)

    def intercept(self, W):
        """The best intercepts ``(P,)``."""
        return self.part.intercept(self._whole(W))

    def hessian(self, W):
        """Second derivative by every output alone ``(P, d, d)``: Schur complements."""
        H = self.part.hessian(self._whole(W))
        across = H[:, self.rows]
        H = H - np.swapaxes(across, 1, 2) @ smallest_solution(across[:, :, self.rows], across)
        H[:, self.rows] = H[:, :, self.rows] = 0.0
        return H

    def decrement(self, W, gradient):
        """Half the squared Newton decrement; the slopes of the free rows are zero."""
        return self.part.decrement(self._whole(W), gradient)

    @property
    def lipschitz(self):
        """An upper bound on the curvature of the loss in any direction: minima bend less."""
        return self.part.lipschitz

    @property
    def traces(self):
        """Sum of the curvatures along the axes, per output ``(P,)``; at most."""
        return self.part.traces

    @property
    def resolution(self):
        """The smallest difference of loss that float64 shows."""
        return self.part.resolution

    def _others(self, W):
        W = W.copy()
        W[self.rows] = 0.0
        return W

    def _whole(self, W):
        W = self._others(W)
        W[self.rows] = self._best(W)
        return W

    def _smallest(self):
        """Slopes ``(k, P)`` of the free rows that are rounding."""
        # no intercepts: where one has found all there is to find, what is left is rounding
        null = TablePoint(self.part, np.zeros_like(self.Y))
        X = np.abs(self.part.X[:, self.rows])
        sizes = np.asarray(X.T @ (self.A * np.abs(null.residual)))
        return FLAT * (sizes if self.part.std is None else sizes / self.part.std[self.rows, None])

    def _best(self, W):
        self._start = Rows(self.part, self.rows, W).settle(self._start, self._flat)
        return self._start


class FreePoint:
    """The loss at one W, where the slopes of the free rows are zero."""

    def __init__(self, point, rows):
        self.point, self.rows = point, rows
        self.value, self.dual = point.value, point.dual

    @property
    def gradient(self):
        """Derivative by W ``(d, P)``."""
        gradient = self.point.gradient.copy()
        gradient[self.rows] = 0.0
        return gradient

    @property
    def sums(self):
        """As of the part."""
        return self.point.sums


class Rows:
    """The loss of a table as a function of its free rows, beside outputs of the other ones."""

    def __init__(self, part, rows, W):
        X = part.X[:, rows]
        X = X.toarray() if sparse.issparse(X) else X
        std = None if part.std is None else part.std[rows]
        rules = {"std": std, "fit_intercept": part.fit_intercept, "offset": part.outputs(W)}
        self.table = TablePart(part.columns, X, part.Y, part.A, part.blocks, **rules)

    def settle(self, U, flat):
        """The best U ``(k, P)``, by Newton steps from a start; slopes below ``flat`` are zero."""
        point, zero = self.table.at(U), np.zeros_like(U)
        if U.any() and self.table.at(zero).value < point.value:
            U, point = zero, self.table.at(zero)
        for _ in range(ROUNDS):
            slope = np.where(np.abs(point.gradient) > flat, point.gradient, 0.0)
            if not slope.any():
                break
            lower = self._lower(U, point, self._newton(point, slope))
            if lower is None and 0 < self.table.lipschitz < np.inf:
                # a loss that is flat here has no Newton step, but a slope
                lower = self._lower(U, point, -slope / self.table.lipschitz)
            if lower is None:
                break
            U, point = lower
        return U

    def _newton(self, point, slope):
        """A Newton step; of losses that level off no further than outputs may have to go."""
        step = self.table.newton(point, slope)
        if all(fit.name == "squared" for fit, _ in self.table.blocks):
            return step
        reach = np.abs(self.table.slopes(step)).max(axis=0, initial=0)
        most = LONGEST * np.maximum(np.abs(self.table.Y).max(axis=0, initial=0), 1.0)
        return step * np.minimum(1.0, most / np.maximum(reach, most))

    def _lower(self, U, point, step):
        """The first of the steps 1, 1/2, 1/4, ... that lowers the loss; None: no such."""
        slope, size = float(np.sum(point.gradient * step)), 1.0
        for _ in range(HALVINGS if slope < 0 else 0):
            new = self.table.at(U + size * step)
            if new.value <= point.value + ENOUGH * size * slope + GRAIN * abs(point.value):
                return U + size * step, new
            size /= 2
        return None
