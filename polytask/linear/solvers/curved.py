"""A quadratic model of any loss that curves, on some blocks of rows of W.

`CurvedGrams` for tasks with own rows, sparse tables and sufficient statistics: a Gram of the whole
working set for every output. `CurvedRows` for one dense table: Grams of chunks of columns only.
"""

from abc import abstractmethod
from typing import NamedTuple

import numpy as np
from scipy import sparse

from polytask.linear.gram_part import GramPart
from polytask.linear.penalties.blocks import Blocks
from polytask.linear.solvers.columns import centred
from polytask.linear.solvers.grams import OwnGrams
from polytask.linear.solvers.residuals import PASSES, cut
from polytask.linear.solvers.restricted import Restricted, bends
from polytask.ops.prox import TINY

# Curvature that a row keeps where its loss is flat, as a share of the largest there is.
LEAST = 1e-2


def curved(problem, price):
    """The empty model of a problem's loss, in the form that its parts make the fastest.

    Parameters
    ----------
    problem : Problem
    price : Blocks
        Of all features.
    """
    first, *rest = problem.parts
    dense = not (rest or isinstance(first, GramPart) or sparse.issparse(first.X))
    return (CurvedRows if dense else CurvedGrams)(problem, price)


class Curved(Restricted):
    """A restriction whose loss is a quadratic model."""

    @abstractmethod
    def slopes(self, point):
        """Minus the gradient ``(k, P)`` of the loss itself, on these rows."""

    def gap(self, W, point):
        """The duality gap at W ``(d, P)`` if there were no other rows."""
        V, here = self.slopes(point), W[self.rows]
        share = self.price.feasible(V)
        proved = point.dual(share) - self.price.conjugate(share * V)
        return point.value + self.price.value(here) - proved


class CurvedGrams(Curved, OwnGrams):
    """A Gram ``(k, k)`` for every output."""

    def _extend(self, blocks, rows):
        for table in self.tables:
            table.extend(rows)

    def _begin(self, point):
        k, P = len(self.rows), self.problem.shape[1]
        self.G, self.state = np.empty((k, k, P)), self.slopes(point)
        for table, one in self._each(point):
            grams = table.grams(curvatures(one))
            self.G[:, :, table.part.columns] = np.moveaxis(grams, 0, -1)
        self.bend = bends(self.price, self.G)
        self.origin = self.W.copy(), self.state.copy(), point.value

    def slopes(self, point):
        out = np.empty((len(self.rows), self.problem.shape[1]))
        for table, one in self._each(point):
            out[:, table.part.columns] = table.slopes(one)
        return out

    def _each(self, point):
        several = len(self.tables) > 1
        return zip(self.tables, [one for _, one in point.points] if several else [point])


class Columns(NamedTuple):
    """Columns ``Z (n, m)`` that are read together, and their price."""

    Z: np.ndarray
    price: Blocks


class Bent(NamedTuple):
    """What a chunk of columns needs for one model: Grams, curvatures, and weighted means."""

    G: np.ndarray
    bend: np.ndarray
    mean: np.ndarray


class CurvedRows(Curved):
    """The state is what the model has moved the outputs by, ``(n, P)``."""

    def __init__(self, problem, price):
        super().__init__(problem, price)
        (self.part,) = problem.parts
        self.chunks: list[Columns] = []

    def _extend(self, blocks, rows):
        weight = self.part.A.sum(axis=1)
        for some in cut(self.all, blocks):
            Z = centred(self.part, self.all.members(some), weight)
            self.chunks.append(Columns(Z, self.all.on(some)))

    def _begin(self, point):
        self.curvature = curvatures(point)
        self.slope = self.part.A * point.residual
        self.state = np.zeros_like(self.slope)
        self.before, self.pull, self.value = self.W.copy(), self.slopes(point), point.value
        self.bent = [self._bent(chunk) for chunk in self.chunks]

    def _bent(self, chunk):
        Z, B = chunk.Z, self.curvature
        G = np.stack([(Z * one[:, None]).T @ Z for one in B.T], axis=-1)
        mean = np.zeros((Z.shape[1], B.shape[1]))
        if self.part.fit_intercept:
            total = np.maximum(B.sum(axis=0), TINY)
            mean = Z.T @ B / total
            G -= total * mean[:, None] * mean
        return Bent(G, bends(chunk.price, G), mean)

    def sweep(self, zeros):
        from polytask.ops.kernels import own_grams

        at, left = 0, self.slope - self.curvature * self.state
        passes = PASSES if len(self.chunks) > 1 else 1
        for (Z, price), (G, bend, mean) in zip(self.chunks, self.bent):
            W, C = self.W[at : at + Z.shape[1]], Z.T @ left
            at += Z.shape[1]
            before = W.copy()
            cuts = price.cut, price.ridge, price.norm
            for last in range(passes):
                own_grams.sweep(G, C, W, price.starts, bend, *cuts, int(zeros or last == 0))
            before -= W
            if before.any():
                moved = np.sum(mean * before, axis=0) - Z @ before
                self.state += moved
                left -= self.curvature * moved

    def slopes(self, point):
        R = self.part.A * point.residual
        return np.vstack([chunk.Z.T @ R for chunk in self.chunks])

    def correlations(self):
        left = self.slope - self.curvature * self.state
        return np.vstack([chunk.Z.T @ left for chunk in self.chunks])

    def loss(self):
        bent = 0.5 * float(np.sum(self.curvature * self.state**2))
        return self.value - float(np.vdot(self.pull, self.W - self.before)) + bent


def curvatures(point):
    """Weighted second derivatives ``(n, P)`` of the loss."""
    if isinstance(point.part, GramPart):
        return None
    out = np.empty_like(point.F)
    for fit, at, Y, F, A in point.blocks():
        bend = fit.second(Y, F, A)
        if fit.flat:
            bend = np.maximum(bend, LEAST * fit.curvature)
        out[:, at] = bend * A
    return out
