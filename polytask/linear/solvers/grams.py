"""Restrictions whose state are correlations, followed through Grams."""

import numpy as np

from polytask.linear.solvers.columns import columns_of
from polytask.linear.solvers.residuals import BLOCK, PASSES
from polytask.linear.solvers.restricted import Restricted, bends

# Numbers in all Grams of a working set (800 MB): beyond it they are not made.
LARGEST = 1e8
# Outputs whose Grams are written together: they fill a line of the cache.
LINE = 8


class Correlations(Restricted):
    """The state is minus the gradient ``(k, P)``."""

    def _begin(self, point):
        self.state = np.ascontiguousarray(-point.gradient[self.rows])
        self.origin = self.W.copy(), self.state.copy(), point.value

    def correlations(self):
        return self.state

    def loss(self):
        W, C, value = self.origin
        return value - 0.5 * float(np.vdot(C + self.state, self.W - W))


class OneGram(Correlations):
    """One Gram ``(k, k)`` for all outputs."""

    def _extend(self, blocks, rows):
        G = self.problem.parts[0].G[0]
        everything = len(self.rows) == len(G) and np.array_equal(self.rows, np.arange(len(G)))
        self.G = np.ascontiguousarray(G if everything else G[np.ix_(self.rows, self.rows)])
        self.bend = bends(self.price, self.G[:, :, None])[:, 0]

    def sweep(self, zeros):
        from polytask.ops.kernels import one_gram

        first = 0
        while first < len(self.price):
            last, at = _run(self.price.starts, first)
            here = slice(first, last)
            before, C = self.W[at].copy(), self.state[at].copy()
            one_gram.sweep(
                np.ascontiguousarray(self.G[at, at]),
                C,
                self.W[at],
                self.price.starts[first : last + 1] - at.start,
                self.bend[here],
                self.price.cut[here],
                self.price.ridge[here],
                self.price.norm,
                PASSES,
            )
            before -= self.W[at]
            if before.any():
                self.state += self.G[:, at] @ before
            first = last


def _run(starts, first):
    """The end of the blocks from ``first`` on with at most `BLOCK` rows, and their rows."""
    last = int(np.searchsorted(starts, starts[first] + BLOCK, side="right")) - 1
    last = max(last, first + 1)
    return last, slice(int(starts[first]), int(starts[last]))


class OwnGrams(Correlations):
    """A Gram for every output, ``(k, k, P)`` with the outputs last; it grows with the rows."""

    def __init__(self, problem, price):
        super().__init__(problem, price)
        self.G = np.empty((0, 0, problem.shape[1]))
        self.bend = np.empty((0, problem.shape[1]))
        self.tables = [columns_of(part) for part in problem.parts]

    def too_large(self, more):
        k = len(self.rows) + more * len(self.all.rows) / len(self.all)
        return k**2 * self.problem.shape[1] > LARGEST

    def _extend(self, blocks, rows):
        k = len(self.rows)
        old = k - len(rows)
        G = np.empty((k, k, self.problem.shape[1]))
        G[:old, :old] = self.G
        for columns, side in _together(self.tables, self.rows, rows):
            G[:, old:, columns] = np.moveaxis(side, 0, -1)
        G[old:, :old] = np.swapaxes(G[:old, old:], 0, 1)
        self.G = G
        new = bends(self.all.on(blocks), G[old:, old:])
        self.bend = np.concatenate([self.bend, new])

    def sweep(self, zeros):
        from polytask.ops.kernels import own_grams

        price = self.price
        cuts = price.cut, price.ridge, price.norm
        own_grams.sweep(self.G, self.state, self.W, price.starts, self.bend, *cuts, zeros)


def _together(tables, rows, new):
    """Columns of outputs and their sides ``(p, k, m)``, `LINE` outputs or more at a time."""
    columns, sides = [], []
    for table in tables:
        columns.extend(table.part.columns)
        found, m = table.sides(rows, new), len(table.part.columns)
        # outputs with one weight per row have one Gram
        sides.append(found if len(found) == m else np.repeat(found, m, axis=0))
        if len(columns) >= LINE or table is tables[-1]:
            yield _slice(columns), sides[0] if len(sides) == 1 else np.concatenate(sides)
            columns, sides = [], []


def _slice(columns):
    """Positions as a slice where they follow one another, for assignments that do not search."""
    first, last = columns[0], columns[-1] + 1
    return slice(first, last) if columns == list(range(first, last)) else columns
