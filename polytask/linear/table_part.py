"""The loss of some outputs, from their rows: losses without sufficient statistics, and d > n."""

from functools import cached_property

import numpy as np
from scipy import sparse

from polytask.errors import UnsupportedError, require
from polytask.ops.in_blocks import held
from polytask.ops.linalg import (
    column_means,
    column_squares,
    half_norm,
    row_squares,
    signed_gram,
    smallest_solution,
    top_eigenvalue,
    weighted_gram,
)
from polytask.ops.products import back

# Coefficients of one task whose full Hessian is made for a certificate (72 MB).
LARGEST_PROOF = 3000
# Share of rows of W below which it is quicker to gather their columns than to read all of X.
SPARE = 0.2
# Slope outside the range of a Hessian, relative to the largest slope there could be: rounding.
FLAT = 1e-10


class TablePart:
    """Outputs whose rows are multiplied together: one product with X for all of them.

    Parameters
    ----------
    columns : array (P,)
        Positions of these outputs among all.
    X : array or sparse matrix (n, d)
        Never copied as a whole; see `polytask.ops.in_blocks`.
    Y : array (n, P)
        Targets, zero where there is no label.
    A : array (n, P) or (n, 1)
        Weights, zero where there is no label.
    blocks : sequence of (datafit, positions (k,))
        Which of these outputs go through which datafit together.
    std : array (d,) or None
        Coefficients W are those of X / std.
    offset : array (n, P) or None
        Added to the outputs, and not fitted.
    within : tuple of (array (N, d), int) or None
        A larger table of which X is a stretch, and the first row of it.
    """

    def __init__(self, columns, X, Y, A, blocks, *, std, fit_intercept, offset=None, within=None):
        self.columns, self.Y, self.A, self.blocks = columns, Y, A, tuple(blocks)
        self.within = within
        self.X = held(X)  # sums are float64, whatever the inputs are held in
        self.std, self.fit_intercept, self.offset = std, fit_intercept, offset
        self._intercept = np.zeros(Y.shape[1])  # where the next search starts; changes no result

    def outputs(self, W):
        """Outputs ``(n, P)`` without intercepts."""
        F = self.slopes(W)
        return F if self.offset is None else F + self.offset

    def slopes(self, W):
        """``X W`` in the coordinates of W: outputs ``(n, P)`` but for what is not fitted."""
        X, W = self.X, W if self.std is None else W / self.std[:, None]
        used = np.flatnonzero(W.any(axis=1))
        if len(used) < SPARE * len(W) and not sparse.issparse(X):
            X, W = X[:, used], W[used]
        return np.asarray(X @ W)

    def weights(self, at):
        """Weights ``(n, k)`` of the outputs ``at``, or ``(n, 1)`` where all have the same."""
        return self.A if self.A.shape[1] == 1 else self.A[:, at]

    def intercept_of(self, F):
        """The best intercepts ``(P,)`` beside outputs F."""
        if not self.fit_intercept:
            return np.zeros(F.shape[1])
        b = self._intercept.copy()
        for fit, at in self.blocks:
            b[at] = fit.intercept(self.Y[:, at], F[:, at], self.weights(at), b[at])
        self._intercept = b
        return b

    def at(self, W):
        """The loss at coefficients W ``(d, P)``."""
        F = self.outputs(W)
        return TablePoint(self, F + self.intercept_of(F))

    def intercept(self, W):
        """The best intercepts ``(P,)``."""
        if not self.fit_intercept:
            return np.zeros(W.shape[1])
        return self.intercept_of(self.outputs(W))

    def back(self, R):
        """``X' R`` in the coordinates of W, ``(d, P)``."""
        V = back(self.X, R)
        return V if self.std is None else V / self.std[:, None]

    def squares(self):
        """Squared lengths ``(d,)`` of the columns under weights ``(n, 1)``, never too small.

        Means are taken out beside an intercept.
        """
        weight, total = self.A[:, 0], self.A[:, 0].sum()
        square = column_squares(self.X, weight)
        found = (1 + 1e-12) * square  # covers the rounding of what the means take
        if self.fit_intercept and total > 0:
            found -= total * column_means(self.X, weight / total) ** 2
        found = np.maximum(found, 0.0)
        return found if self.std is None else found / self.std**2

    def hessian(self, W):
        """Second derivative by every output alone ``(1 or P, d, d)``, intercepts taken out."""
        if self.shared:
            return self._gram(self.A[:, 0])[None]
        H = np.empty((W.shape[1], len(W), len(W)))
        for fit, at, Y, F, A in self.at(W).blocks():
            H[at] = self._hessian(fit, Y, F, A)
        return H

    def decrement(self, W, gradient):
        """Half the squared Newton decrement of the loss alone, couplings of outputs included."""
        total = 0.0
        for fit, at, Y, F, A in self.at(W).blocks():
            if not fit.separate:
                total += self._coupled_decrement(fit, F, A, gradient[:, at])
                continue
            H, R = self._hessian(fit, Y, F, A), gradient[:, at]
            if fit.flat and self._outside(H, R, A * fit.residual(Y, F, A) ** 2):
                return np.inf
            total += half_norm(H, R)
        return total

    def _hessian(self, fit, Y, F, A):
        """Second derivatives ``(P, d, d)`` of a separate loss, intercepts taken out."""
        if not fit.apart:
            grams = fit.gram(self.X, Y, F, A)
            return grams if self.std is None else grams / np.outer(self.std, self.std)
        return self.grams(fit.second(Y, F, A) * A)

    def grams(self, bend):
        """Second moments ``(P, d, d)`` under weights ``(n, P)``, intercepts taken out."""
        return np.stack([self._gram(one) for one in bend.T])

    def _outside(self, H, R, squares):
        """Whether a slope leads where a flat loss has no curvature: then a step has no end."""
        steps = smallest_solution(H, R.T[:, :, None])
        left = np.linalg.norm((H @ steps)[:, :, 0] - R.T, axis=1)
        reach = row_squares(self.X, self.std) @ np.broadcast_to(self.A, self.Y.shape)
        return bool(np.any(left > FLAT * np.sqrt(squares.sum(axis=0) * reach.max())))

    def _bend(self, point):
        """Weighted second derivatives ``(n, P)`` by every output alone."""
        bend = np.empty_like(point.F)
        for fit, at, Y, F, A in point.blocks():
            # a kink is all the curvature that the hinge loss has: one per unit of output
            bend[:, at] = A if fit.kinked else fit.second(Y, F, A) * A
        return bend

    def _coupled_decrement(self, fit, F, A, gradient):
        K = F.shape[1]
        size = (self.X.shape[1] + 1) * K
        require(
            size <= LARGEST_PROOF,
            f"{type(fit).__name__} without penalty proves its optimum up to {LARGEST_PROOF} "
            f"coefficients a task. Found {size}. Take a small L2 penalty.",
            UnsupportedError,
        )
        return half_norm(self._coupled(fit, F, A)[None], _bordered(gradient)[:, None])

    def newton(self, point, gradient):
        """The shortest Newton step ``(d, P)`` from slopes, couplings of outputs included."""
        step = np.empty_like(gradient)
        for fit, at, Y, F, A in point.blocks():
            R = -gradient[:, at]
            if fit.separate:
                found = smallest_solution(self._hessian(fit, Y, F, A), R.T[:, :, None])
                step[:, at] = found[:, :, 0].T
            else:
                H, R = self._coupled(fit, F, A)[None], _bordered(R)[None, :, None]
                step[:, at] = smallest_solution(H, R).reshape(len(at), -1)[:, :-1].T
        return step

    def _coupled(self, fit, F, A):
        """Second derivative of a loss that couples K outputs, intercepts among the variables."""
        K, bend = F.shape[1], fit.coupling(F) * A[:, :, None]
        return np.block([[self._bordered_gram(bend[:, k, m]) for m in range(K)] for k in range(K)])

    def _bordered_gram(self, weight):
        """``(d + 1, d + 1)``: intercepts are variables too; their gradient is zero."""
        ones = float(self.fit_intercept)
        side = ones * self.back(weight[:, None])
        gram = signed_gram(self.X, weight)
        gram = gram if self.std is None else gram / np.outer(self.std, self.std)
        return np.block([[gram, side], [side.T, np.full((1, 1), ones * weight.sum())]])

    def _gram(self, weight):
        gram = weighted_gram(self.X, weight, self._mean(weight))
        return gram if self.std is None else gram / np.outer(self.std, self.std)

    def _mean(self, weight):
        total = weight.sum()
        if not self.fit_intercept or total <= 0:
            return None
        return column_means(self.X, weight / total)

    @cached_property
    def lipschitz(self):
        """An upper bound on the curvature of the loss in any direction; infinite without one."""
        if any(fit.curvature is None for fit, _ in self.blocks):
            return np.inf
        curvature = np.empty(self.Y.shape[1])
        for fit, at in self.blocks:
            curvature[at] = fit.curvature
        if self.A.shape[1] == 1:
            return float(curvature.max()) * self._top(self.A[:, 0])
        return max(c * self._top(self.A[:, p]) for p, c in enumerate(curvature))

    @property
    def traces(self):
        """Sum of the curvatures along the axes, per output ``(P,)``, where nothing is learned."""
        bend = self._bend(self.at(np.zeros((self.X.shape[1], self.Y.shape[1]))))
        total = np.maximum(bend.sum(axis=0), np.finfo(np.float64).tiny)
        mean = self.back(bend) / total if self.fit_intercept else np.zeros((1, 1))
        return bend.T @ row_squares(self.X, self.std) - total * np.sum(mean**2, axis=0)

    def _top(self, weight):
        return top_eigenvalue(self.X, weight, self._mean(weight), self.std)

    @property
    def largest(self):
        """Numbers in the table."""
        return self.X.shape[0] * self.X.shape[1]

    @property
    def shared(self):
        """True where all outputs have one Hessian: one squared loss, one weight per row."""
        return self.A.shape[1] == 1 and all(fit.name == "squared" for fit, _ in self.blocks)

    @cached_property
    def resolution(self):
        """The smallest difference of loss that float64 shows."""
        return sum(fit.resolution(self.Y[:, at], self.weights(at)) for fit, at in self.blocks)


def _bordered(gradient):
    """Slopes ``(d, K)``, output by output, each with that of its intercept: zero."""
    return np.vstack([gradient, np.zeros((1, gradient.shape[1]))]).T.ravel()


class TablePoint:
    """The loss at one W: value, gradient, and what it proves from below."""

    def __init__(self, part, F):
        self.part, self.F = part, F

    def blocks(self):
        """Of every block its datafit, its outputs, and their columns of Y, F and the weights."""
        for fit, at in self.part.blocks:
            yield fit, at, self.part.Y[:, at], self.F[:, at], self.part.weights(at)

    @cached_property
    def residual(self):
        """Minus the derivative by the outputs, unweighted, ``(n, P)``."""
        R = np.empty_like(self.F)
        for fit, at, Y, F, A in self.blocks():
            R[:, at] = fit.residual(Y, F, A)
        return R

    @cached_property
    def gradient(self):
        """``-X' (A R)``, ``(d, P)``."""
        return -self.part.back(self.part.A * self.residual)

    @cached_property
    def value(self):
        """The loss with the best intercepts."""
        return sum(fit.value(Y, F, A) for fit, _, Y, F, A in self.blocks())

    def dual(self, share):
        """Lower bound by the residuals times ``share``, without the penalty's conjugate."""
        offset = 0.0
        if self.part.offset is not None:
            offset = float(np.sum(self.part.A * self.residual * self.part.offset))
        return sum(fit.dual(Y, F, A, share) for fit, _, Y, F, A in self.blocks()) - share * offset

    @cached_property
    def sums(self):
        """Residual times label, and residual squared, summed; None but for squared losses."""
        if self.part.offset is not None or any(
            fit.name != "squared" for fit, _ in self.part.blocks
        ):
            return None
        weighted = self.part.A * self.residual
        return float(np.sum(weighted * self.part.Y)), float(np.sum(weighted * self.residual))
