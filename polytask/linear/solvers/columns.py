"""Columns of a table that a working set needs: kept once, however many outputs read them."""

from abc import ABC, abstractmethod

import numpy as np
from scipy import sparse

from polytask.linear.gram_part import GramPart
from polytask.linear.table_part import TablePart
from polytask.ops.prox import TINY


def readable(problem):
    """Whether the parts of a problem are statistics or tables, whose columns can be read."""
    return all(isinstance(part, (GramPart, TablePart)) for part in problem.parts)


def columns_of(part):
    """The columns of one part of a problem, none of them taken yet."""
    if isinstance(part, GramPart):
        return GramColumns(part)
    return SparseColumns(part) if sparse.issparse(part.X) else DenseColumns(part)


class GramColumns:
    """Sufficient statistics: nothing is kept but the numbers of the columns."""

    def __init__(self, part):
        self.part, self.rows = part, np.empty(0, dtype=np.int64)

    def extend(self, rows):
        """Take more columns in."""
        self.rows = np.concatenate([self.rows, rows])

    def grams(self, weights):
        """Grams ``(P, k, k)`` of all columns; their weights are in them already."""
        return self.part.G[:, self.rows[:, None], self.rows]

    def slopes(self, point):
        """Minus the gradient ``(k, P)`` of the loss at a point."""
        return -point.gradient[self.rows]

    def sides(self, rows, new):
        """Grams ``(P, k, new)`` of all rows with the new ones, which are the last of them."""
        G = self.part.G
        whole = len(new) == G.shape[1] and np.array_equal(rows, np.arange(len(rows)))
        return G if whole else G[:, rows[:, None], new]


class TableColumns(ABC):
    """Columns of a table, in the order in which they came.

    Attributes
    ----------
    chunks : list of (array or sparse matrix (n, k))
        As many columns as came together.
    """

    def __init__(self, part):
        self.part, self.chunks = part, []

    @abstractmethod
    def _taken(self, rows):
        """Columns in the form in which they are kept."""

    @abstractmethod
    def _weighted(self, chunk, weight):
        """Columns whose rows are multiplied by weights ``(n,)``."""

    @abstractmethod
    def _product(self, chunk, new):
        """The Gram ``(k, m)`` of columns with weighted ones, as an array."""

    @abstractmethod
    def _sums(self, chunk, weight):
        """Weighted sums ``(k,)`` of columns."""

    def sides(self, rows, new):
        """Grams ``(P, k, new)`` of all rows with the new ones, which are the last of them."""
        # read again whenever rows come: kept columns would be as large as the Grams
        self.chunks = [self._taken(rows[: -len(new)]), self._taken(new)]
        found = np.stack([self.side(len(rows), weight) for weight in self.part.A.T])
        self.chunks = []
        return found

    def extend(self, rows):
        """Take more columns in."""
        self.chunks.append(self._taken(rows))

    def grams(self, weights):
        """Grams ``(P, k, k)`` of all columns under weights ``(n, P)``."""
        k = sum(one.shape[1] for one in self.chunks)
        return np.stack([self._gram(k, weight) for weight in weights.T])

    def slopes(self, point):
        """Minus the gradient ``(k, P)`` of the loss at a point."""
        # weighted residuals sum to zero beside an intercept: means do not matter
        R = self.part.A * point.residual
        return np.vstack([chunk.T @ R for chunk in self.chunks])

    def side(self, k, weight):
        """The Gram ``(k, m)`` of all columns with the last chunk, under weights ``(n,)``."""
        out = np.empty((k, self.chunks[-1].shape[1]))
        self._side(len(self.chunks) - 1, weight, out)
        return out

    def _gram(self, k, weight):
        G, end = np.empty((k, k)), 0
        for last, chunk in enumerate(self.chunks):
            start, end = end, end + chunk.shape[1]
            self._side(last, weight, G[:end, start:end])
            G[start:end, :start] = G[:start, start:end].T
        return G

    def _side(self, last, weight, out):
        """The Gram of the chunks up to number ``last`` with that one, means taken out."""
        new = self._weighted(self.chunks[last], weight)
        start = 0
        for chunk in self.chunks[: last + 1]:
            at = slice(start, start + chunk.shape[1])
            out[at] = self._product(chunk, new)
            start = at.stop
        total = weight.sum()
        if self.part.fit_intercept and total > 0:
            # small where the columns are already near their means: nothing is lost
            means = [self._sums(chunk, weight) for chunk in self.chunks[: last + 1]]
            out -= np.outer(np.concatenate(means), means[-1]) / total


class DenseColumns(TableColumns):
    """Columns copied about their means, scaled."""

    def sides(self, rows, new):
        if self.part.A.shape[1] > 1:
            return super().sides(rows, new)
        # one output: the means are its own, and the roots of the weights go with the columns
        weight = self.part.A[:, 0]
        Z = centred(self.part, rows, weight)
        Z *= np.sqrt(weight)[:, None]
        # a matrix times itself is half the work: numpy sees that it is the same
        return (Z.T @ (Z if len(new) == len(rows) else Z[:, -len(new) :]))[None]

    def _taken(self, rows):
        return centred(self.part, rows, self.part.A.sum(axis=1))

    def _weighted(self, chunk, weight):
        return weight[:, None] * chunk

    def _product(self, chunk, new):
        return chunk.T @ new

    def _sums(self, chunk, weight):
        return weight @ chunk


class SparseColumns(TableColumns):
    """Columns as they are, scaled: their means are taken out of the Grams."""

    def _taken(self, rows):
        return scaled(self.part, rows)

    def _weighted(self, chunk, weight):
        return chunk.multiply(weight[:, None]).tocsc()

    def _product(self, chunk, new):
        return (chunk.T @ new).toarray()

    def _sums(self, chunk, weight):
        return chunk.T @ weight


def centred(part, rows, weight):
    """Columns ``(n, k)`` of a dense table, scaled, about their means under weights ``(n,)``."""
    Z = np.array(part.X[:, rows], order="F")
    if part.fit_intercept:
        Z -= (weight / max(weight.sum(), TINY)) @ Z
    return Z if part.std is None else Z / part.std[rows]


def scaled(part, rows):
    """Columns ``(n, k)`` of a sparse table, scaled, by columns."""
    Z = sparse.csc_array(part.X[:, rows])
    return Z if part.std is None else sparse.csc_array(Z @ sparse.diags_array(1 / part.std[rows]))
