"""Restrictions whose state are the residuals of a table: rows are fewer than features."""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.linalg.blas import dgemm

from polytask.linear.penalties.blocks import Blocks
from polytask.linear.solvers.columns import centred, scaled
from polytask.linear.solvers.restricted import Restricted, bends
from polytask.linear.table_part import TablePoint
from polytask.ops.linalg import column_means

# Columns whose Gram stays in the first cache and whose products are still dense ones.
BLOCK = 32
# Passes over a block whose columns were read once: they cost little beside the reading.
PASSES = 3


class Chunk(NamedTuple):
    """Columns ``Z (n, m)`` that are read together, their Gram, curvature and price."""

    Z: np.ndarray
    G: np.ndarray
    bend: np.ndarray
    price: Blocks


class Residuals(Restricted):
    """The state is the weighted residual ``(n, P)``; columns are copied once, centred and scaled.

    Every chunk of columns is one product, coordinate descent on its Gram, and one product back:
    the iterates are those of descent on single columns, at the speed of dense products.
    """

    def __init__(self, problem, price):
        super().__init__(problem, price)
        (self.part,) = problem.parts
        self.root = np.sqrt(self.part.A[:, 0])
        self.chunks = []

    def _extend(self, blocks, rows):
        for some in cut(self.all, blocks):
            price = self.all.on(some)
            Z = centred(self.part, self.all.members(some), self.root**2)
            Z *= self.root[:, None]
            G = np.ascontiguousarray(Z.T @ Z)
            self.chunks.append(Chunk(Z, G, bends(price, G[:, :, None])[:, 0], price))

    def _begin(self, point):
        self.state = np.asfortranarray(self.root[:, None] * point.residual)

    def point(self, W):
        if self.root.min() <= 0:
            return self.problem.at(W)
        return TablePoint(self.part, self.part.Y - self.state / self.root[:, None])

    def sweep(self, zeros):
        from polytask.ops.kernels import one_gram

        at = 0
        for Z, G, bend, price in self.chunks:
            W, C = self.W[at : at + Z.shape[1]], Z.T @ self.state
            at += Z.shape[1]
            before = W.copy()
            cuts = price.cut, price.ridge, price.norm
            one_gram.sweep(G, C, W, price.starts, bend, *cuts, PASSES)
            before -= W
            if before.any():
                self.state = dgemm(
                    1.0, Z, before.T, beta=1.0, c=self.state, trans_b=1, overwrite_c=1
                )

    def correlations(self):
        return np.vstack([chunk.Z.T @ self.state for chunk in self.chunks])

    def loss(self):
        flat = self.state.ravel(order="K")
        return 0.5 * float(flat @ flat)


def cut(price, blocks):
    """Blocks in runs of at most `BLOCK` rows; a larger one is alone."""
    size = np.diff(price.starts)[blocks]
    start, held = 0, 0
    for at, more in enumerate(size.tolist()):
        if held and held + more > BLOCK:
            yield blocks[start:at]
            start, held = at, 0
        held += more
    if held:
        yield blocks[start:]


class SparseResiduals(Restricted):
    """The state are the residuals ``(n, P)``, and below them what the intercepts have moved.

    Columns stay sparse and are never centred: an epoch costs what their numbers cost.
    """

    def __init__(self, problem, price):
        super().__init__(problem, price)
        (self.part,) = problem.parts
        self.weight = np.ascontiguousarray(self.part.A[:, 0])
        self.Z = sparse.csc_array((len(self.weight), 0))
        self.mean = self.bend = np.empty(0)

    def _extend(self, blocks, rows):
        Z, total = scaled(self.part, rows), self.weight.sum()
        mean = np.zeros(len(rows))
        if self.part.fit_intercept and total > 0:
            mean = column_means(Z, self.weight / total)
        self.bend = np.concatenate([self.bend, self._bends(blocks, Z, mean, total)])
        self.mean = np.concatenate([self.mean, mean])
        self.Z = sparse.csc_array(sparse.hstack([self.Z, Z], format="csc"))

    def _bends(self, blocks, Z, mean, total):
        price = self.all.on(blocks)
        if price.single:
            square = Z.multiply(Z).T @ self.weight
            return np.maximum(square - total * mean**2, 0.0)
        out = np.empty(len(price))
        for b, (start, end) in enumerate(zip(price.starts[:-1], price.starts[1:])):
            one, m = Z[:, start:end], mean[start:end]
            G = (one.T @ one.multiply(self.weight[:, None])).toarray() - total * np.outer(m, m)
            out[b] = max(np.linalg.eigvalsh(G)[-1] * (1 + 1e-12), 0.0)
        return out

    def _begin(self, point):
        self.state = np.vstack([point.residual, np.zeros((1, self.W.shape[1]))])

    def _residual(self):
        return self.state[:-1] + self.state[-1]

    def sweep(self, zeros):
        from polytask.ops.kernels import sparse_columns

        table = self.Z.data, self.Z.indices, self.Z.indptr
        total = self.weight.sum()
        if self.part.fit_intercept and total > 0:
            # the best intercepts again: extrapolation makes much of what rounding has left
            self.state[-1] -= self.weight @ self._residual() / total
        moments = self.weight, self.mean, total
        price = self.price
        cuts = price.cut, price.ridge, price.norm
        sparse_columns.sweep(
            *table, *moments, self.state, self.W, price.starts, self.bend, *cuts, zeros
        )

    def correlations(self):
        R = self.weight[:, None] * self._residual()
        return self.Z.T @ R - np.outer(self.mean, R.sum(axis=0))

    def loss(self):
        return 0.5 * float(np.sum(self.weight[:, None] * self._residual() ** 2))
