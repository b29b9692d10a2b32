"""Prices that are sums over blocks of rows: what coordinate descent moves at a time."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from polytask.ops.prox import TINY

# Norms of a block (m, P), with the numbers by which `ops.kernels.steps` knows them.
LENGTH, COLUMNS, LARGEST = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Blocks:
    """``sum_b cut_b |W[b, :]| + ridge_b / 2 |W[b, :]|_F^2`` over blocks b of rows of W ``(k, P)``.

    What a penalty that ties no two blocks says of itself (`Penalty.in_blocks`), and all that
    `BlockDescent` and `BlockNewton` need to know: the step of a block, and the dual.

    Attributes
    ----------
    norm : int
        `LENGTH` of the whole block, sum of the lengths of its `COLUMNS` (for single rows: of the
        sizes of its entries), or, for single rows only, its `LARGEST` entry.
    starts : int array (B + 1,)
        Where blocks begin in ``rows``.
    rows : int array (k,)
        Rows of W, block by block.
    cut, ridge : array (B,)

    Examples
    --------
    >>> price = Blocks.of(LENGTH, 3, cut=0.5)
    >>> price.value(np.array([[3.0, 4.0], [0.0, 0.0], [0.0, 1.0]]))
    3.0
    >>> price.on(np.array([2])).value(np.array([[0.0, 1.0]]))
    0.5
    """

    norm: int
    starts: np.ndarray
    rows: np.ndarray
    cut: np.ndarray
    ridge: np.ndarray

    @classmethod
    def of(cls, norm, d, *, cut, ridge=0.0):
        """Every row by itself; ``cut`` and ``ridge`` are numbers or arrays ``(d,)``."""
        each = (np.array(np.broadcast_to(value, d), dtype=np.float64) for value in (cut, ridge))
        return cls(norm, np.arange(d + 1), np.arange(d), *each)

    @classmethod
    def of_groups(cls, norm, label, *, cut):
        """Features with one label ``(d,)``, from 0 on, are a block; ``cut`` by label."""
        starts = np.concatenate([[0], np.cumsum(np.bincount(label, minlength=len(cut)))])
        return cls(norm, starts, np.argsort(label, kind="stable"), cut, np.zeros(len(cut)))

    def __len__(self):
        return len(self.cut)

    @cached_property
    def single(self):
        """Whether every block is one row."""
        return len(self.rows) == len(self)

    @cached_property
    def _ordered(self):
        return np.array_equal(self.rows, np.arange(len(self.rows)))

    def on(self, blocks):
        """These blocks alone, in this order; their rows are counted from 0."""
        size = np.diff(self.starts)[blocks]
        starts = np.concatenate([[0], np.cumsum(size)])
        rows = np.arange(starts[-1])
        return Blocks(self.norm, starts, rows, self.cut[blocks], self.ridge[blocks])

    def members(self, blocks):
        """The rows of these blocks, one block after the other."""
        if self.single:
            return self.rows[blocks]
        return np.concatenate(
            [np.empty(0, dtype=np.int64)]
            + [self.rows[self.starts[b] : self.starts[b + 1]] for b in blocks]
        )

    def used(self, W):
        """Which blocks of W ``(k, P)`` are not zero, a mask ``(B,)``."""
        return self._sum(W.any(axis=1).astype(np.float64)) > 0

    def value(self, W):
        """The price of W ``(k, P)``."""
        if self.norm == LENGTH:
            size = self._lengths(W)
        elif self.norm == COLUMNS:
            size = self._column_lengths(W).sum(axis=1)
        else:
            size = self._in_order(np.abs(W).max(axis=1, initial=0))
        price = float(self.cut @ size)
        if self.ridge.any():
            price += 0.5 * float(self.ridge @ self._squares(W))
        return price

    def dual(self, V):
        """The dual norm of every block of V ``(k, P)``, which is compared with its cut."""
        if self.norm == LENGTH:
            return self._lengths(V)
        if self.norm == COLUMNS:
            return self._column_lengths(V).max(axis=1, initial=0)
        return self._in_order(np.abs(V).sum(axis=1))

    def reach(self, squares, P):
        """The largest `dual` norms ``(B,)`` of ``Z' R`` over all R ``(n, P)`` of length 1.

        Parameters
        ----------
        squares : array (k,)
            Squared lengths of the columns of Z.
        P : int
            Outputs.
        """
        size = np.sqrt(self._sum(squares))
        return np.sqrt(P) * size if self.norm == LARGEST else size

    def score(self, V):
        """The dual norms as shares of their cuts: above 1 a block that is zero wants to move."""
        return self.dual(V) / np.maximum(self.cut, TINY)

    def feasible(self, V):
        """The largest factor in [0, 1] by which the conjugate at V becomes finite."""
        dual, strict = self.dual(V), self.ridge == 0
        share = self.cut[strict] / np.maximum(np.maximum(dual[strict], self.cut[strict]), TINY)
        return float(share.min(initial=1.0))

    def conjugate(self, V):
        """``max_W <V, W> - value(W)`` for V that `feasible` did not have to shrink."""
        if not self.ridge.any():
            return 0.0
        size = self._column_lengths(V) if self.norm == COLUMNS else self._lengths(V)[:, None]
        beyond = np.maximum(size - self.cut[:, None], 0) ** 2
        return float(np.sum(beyond.sum(axis=1) / (2 * np.maximum(self.ridge, TINY))))

    def _in_order(self, values):
        return values if self._ordered else values[self.rows]

    def _sum(self, values):
        """Sums ``(B,)`` of one number per row."""
        values = self._in_order(values)
        return values if self.single else np.add.reduceat(values, self.starts[:-1])

    def _squares(self, W):
        return self._sum(np.einsum("jp,jp->j", W, W))

    def _lengths(self, W):
        return np.sqrt(self._squares(W))

    def _column_lengths(self, W):
        if self.single:
            return np.abs(self._in_order(W))
        return np.sqrt(np.add.reduceat(self._in_order(W * W), self.starts[:-1], axis=0))
