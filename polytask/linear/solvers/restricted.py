"""A squared-loss problem on some rows of W: the state that coordinate descent keeps.

A state is affine in W, so that a mean of iterates has the same mean of states. `Residuals` is for
tables with one weight per row, `OneGram` and `OwnGrams` for sufficient statistics.
"""

from abc import ABC, abstractmethod

import numpy as np
from scipy.linalg.blas import dgemm

from polytask.linear.gram_part import GramPart
from polytask.linear.penalties import L1
from polytask.linear.table_part import TablePoint

# Columns whose Gram stays in the first cache and whose products are still dense ones.
BLOCK = 32
# Numbers in all Grams of a working set (800 MB): beyond it they are not made.
LARGEST = 1e8
# Passes over a block whose columns were read once: they cost little beside the reading.
PASSES = 3


def restricted(problem, penalty):
    """The empty restriction of a problem, in the form that its parts make the fastest."""
    if problem.one_hessian:
        form = OneGram if isinstance(problem.parts[0], GramPart) else Residuals
    else:
        form = OwnGrams
    return form(problem, penalty)


class Restricted(ABC):
    """Rows of W, their coefficients and a state that follows them.

    Attributes
    ----------
    rows : int array (k,)
        In the order in which they came.
    W : array (k, P)
    state : array
        Affine in W.
    """

    def __init__(self, problem, penalty):
        self.problem, self.cut = problem, penalty.alpha
        self.entries = isinstance(penalty, L1)
        self.rows = np.empty(0, dtype=np.int64)

    def start(self, W, point):
        """Begin at W ``(d, P)``, zero outside ``rows``, where the loss is ``point``."""
        self.W = np.ascontiguousarray(W[self.rows])
        self._begin(point)

    @abstractmethod
    def _begin(self, point):
        """The state at the coefficients, where the loss is ``point``."""

    def whole(self):
        """Coefficients ``(d, P)``, zero outside the rows."""
        W = np.zeros(self.problem.shape)
        W[self.rows] = self.W
        return W

    def too_large(self, more):
        """Whether so many more rows would take more memory than is reasonable."""
        return False

    def keep(self):
        """Coefficients and state as they are now."""
        return self.W.copy(), self.state.copy(order="K")

    def put(self, kept):
        """Go back to what `keep` gave, or to an affine mean of such."""
        self.W, self.state = kept


class Residuals(Restricted):
    """The state is the weighted residual ``(n, P)``; columns are copied once, centred and scaled.

    Every block of columns is one product, coordinate descent on its Gram, and one product back:
    the iterates are those of descent on single columns, at the speed of dense products.
    """

    def __init__(self, problem, penalty):
        super().__init__(problem, penalty)
        (self.part,) = problem.parts
        self.root = np.sqrt(self.part.A[:, 0])
        self.blocks = []

    def extend(self, rows):
        """Take more rows in."""
        for at in range(0, len(rows), BLOCK):
            Z = self.root[:, None] * _centred(self.part, rows[at : at + BLOCK], self.root**2)
            self.blocks.append((Z, np.ascontiguousarray(Z.T @ Z)))
        self.rows = np.concatenate([self.rows, rows])

    def _begin(self, point):
        self.state = np.asfortranarray(self.root[:, None] * point.residual)

    def point(self, W):
        """The loss at W ``(d, P)``, which has the coefficients of this restriction."""
        if self.root.min() <= 0:
            return self.problem.at(W)
        return TablePoint(self.part, self.part.Y - self.state / self.root[:, None])

    def _walk(self):
        at = 0
        for Z, G in self.blocks:
            yield slice(at, at + Z.shape[1]), Z, G
            at += Z.shape[1]

    def sweep(self, zeros):
        """One epoch over all rows."""
        from polytask.ops.kernels import one_gram

        step = one_gram.sweep_entries if self.entries else one_gram.sweep_rows
        for at, Z, G in self._walk():
            W, C = self.W[at], Z.T @ self.state
            before = W.copy()
            step(G, C, W, self.cut, PASSES)
            before -= W
            if before.any():
                self.state = dgemm(
                    1.0, Z, before.T, beta=1.0, c=self.state, trans_b=1, overwrite_c=1
                )

    def correlations(self):
        """Minus the gradient ``(k, P)``."""
        return np.vstack([Z.T @ self.state for Z, _ in self.blocks])

    def loss(self):
        """The squared loss."""
        flat = self.state.ravel(order="K")
        return 0.5 * float(flat @ flat)


class Correlations(Restricted):
    """The state is minus the gradient ``(k, P)``, followed through Grams."""

    def point(self, W):
        """The loss at W ``(d, P)``, which has the coefficients of this restriction."""
        return self.problem.at(W)

    def _begin(self, point):
        self.state = np.ascontiguousarray(-point.gradient[self.rows])
        self.origin = self.W.copy(), self.state.copy(), point.value

    def correlations(self):
        """Minus the gradient ``(k, P)``."""
        return self.state

    def loss(self):
        """The squared loss."""
        W, C, value = self.origin
        return value - 0.5 * float(np.vdot(C + self.state, self.W - W))


class OneGram(Correlations):
    """One Gram ``(k, k)`` for all outputs."""

    def extend(self, rows):
        """Take more rows in."""
        if not len(rows):
            return
        self.rows = np.concatenate([self.rows, rows])
        G = self.problem.parts[0].G[0]
        everything = len(self.rows) == len(G) and np.array_equal(self.rows, np.arange(len(G)))
        self.G = np.ascontiguousarray(G if everything else G[np.ix_(self.rows, self.rows)])

    def sweep(self, zeros):
        """One epoch over all rows."""
        from polytask.ops.kernels import one_gram

        step = one_gram.sweep_entries if self.entries else one_gram.sweep_rows
        k = len(self.rows)
        for start in range(0, k, BLOCK):
            at = slice(start, start + BLOCK)
            before, C = self.W[at].copy(), self.state[at].copy()
            step(np.ascontiguousarray(self.G[at, at]), C, self.W[at], self.cut, PASSES)
            before -= self.W[at]
            if before.any():
                self.state += self.G[:, at] @ before


class OwnGrams(Correlations):
    """A Gram for every output, ``(k, k, P)`` with the outputs last; it grows with the rows."""

    def __init__(self, problem, penalty):
        super().__init__(problem, penalty)
        self.G = np.empty((0, 0, problem.shape[1]))
        self.tables = [Columns(part) for part in problem.parts]

    def too_large(self, more):
        """Whether the Grams would become larger than `LARGEST`."""
        return (len(self.rows) + more) ** 2 * self.problem.shape[1] > LARGEST

    def extend(self, rows):
        """Take more rows in."""
        if not len(rows):
            return
        old, self.rows = len(self.rows), np.concatenate([self.rows, rows])
        k = len(self.rows)
        G = np.empty((k, k, self.problem.shape[1]))
        G[:old, :old] = self.G
        side = np.empty((self.problem.shape[1], k, len(rows)))
        for table in self.tables:
            side[table.part.columns] = table.sides(self.rows, rows)
        G[:, old:] = np.moveaxis(side, 0, -1)
        G[old:, :old] = np.swapaxes(G[:old, old:], 0, 1)
        self.G = G

    def sweep(self, zeros):
        """One epoch over all rows; over those that are not zero where ``zeros`` is 0."""
        from polytask.ops.kernels import own_grams

        step = own_grams.sweep_entries if self.entries else own_grams.sweep_rows
        step(self.G, self.state, self.W, self.cut, zeros)


class Columns:
    """Columns of one part's table, kept once however many outputs it has."""

    def __init__(self, part):
        self.part = part
        self.Z = None

    def sides(self, rows, new):
        """Grams ``(P, k, new)`` of all rows with the new ones, which are the last of them."""
        if isinstance(self.part, GramPart):
            return self.part.G[:, rows[:, None], new]
        A = self.part.A
        Z = _centred(self.part, new, A.sum(axis=1))
        self.Z = Z if self.Z is None else np.hstack([self.Z, Z])
        return np.stack([self._side(Z, A[:, p]) for p in range(A.shape[1])])

    def _side(self, new, weight):
        side = self.Z.T @ (weight[:, None] * new)
        total = weight.sum()
        if self.part.fit_intercept and total > 0:
            # small where the columns are already near their means: nothing is lost
            side -= np.outer(weight @ self.Z, weight @ new) / total
        return side


def _centred(part, rows, weight):
    """Columns ``(n, k)`` of a table, scaled, about their means under weights ``(n,)``."""
    Z = np.array(part.X[:, rows], order="F")
    if part.fit_intercept:
        Z -= (weight / max(weight.sum(), np.finfo(np.float64).tiny)) @ Z
    return Z if part.std is None else Z / part.std[rows]
