"""Rows that may be split: the price of a dirty model, for coordinate descent."""

from dataclasses import dataclass

import numpy as np

from polytask.linear.penalties.blocks import COLUMNS, LARGEST, LENGTH, Blocks
from polytask.ops.infimal import clip_level_ball, clip_level_largest

# The numbers by which `ops.kernels.steps` knows them.
SPLIT_LENGTH, SPLIT_LARGEST = 3, 4
SPLITS = {LENGTH: SPLIT_LENGTH, LARGEST: SPLIT_LARGEST}


@dataclass(frozen=True, eq=False)
class MixedBlocks(Blocks):
    """``sum_j min over b + s = W_j of cut |b| + own |s|_1``, every row by itself.

    ``norm`` is `SPLIT_LENGTH` or `SPLIT_LARGEST`, what is measured of b; ``ridge`` holds ``own``,
    the second number of a row.

    Examples
    --------
    >>> both = mixed(Blocks.of(LENGTH, 1, cut=1.0), Blocks.of(COLUMNS, 1, cut=0.75))
    >>> round(both.value(np.array([[3.0, 4.0]])), 3), both.score(np.array([[0.0, 1.5]]))
    (4.984, array([2.]))
    """

    def on(self, blocks):
        one = super().on(blocks)
        return MixedBlocks(one.norm, one.starts, one.rows, one.cut, one.ridge)

    def value(self, W):
        W = W[W.any(axis=1)]  # half of a working set may be at zero, where nothing is paid
        if not len(W):
            return 0.0
        cut, own = float(self.cut[0]), float(self.ridge[0])
        level = clip_level_ball if self.norm == SPLIT_LENGTH else clip_level_largest
        m = level(W, own / cut)
        B = np.clip(W, -m, m)
        if self.norm == SPLIT_LENGTH:
            rows = np.sqrt(np.einsum("jp,jp->j", B, B))
        else:
            rows = np.abs(B).max(axis=1)
        return cut * float(rows.sum()) + own * float(np.abs(W - B).sum())

    def dual(self, V):
        if self.norm == SPLIT_LENGTH:
            rows = self._lengths(V)
        else:
            rows = np.abs(V).sum(axis=1)
        return np.maximum(rows, np.abs(V).max(axis=1, initial=0) * self.cut / self.ridge)

    def reach(self, squares, P):
        most = 1.0 if self.norm == SPLIT_LENGTH else np.sqrt(P)
        return np.sqrt(self._in_order(squares)) * np.maximum(most, self.cut / self.ridge)

    def feasible(self, V):
        return float(1 / max(self.score(V).max(initial=1.0), 1.0))

    def conjugate(self, V):
        return 0.0


def mixed(rows, entries):
    """The sum of two prices, as one of a split; None where its rows have no exact step.

    Parameters
    ----------
    rows : Blocks or None
        Of a `LENGTH` or the `LARGEST` entry of every row.
    entries : Blocks or None
        Of the `COLUMNS` of every row. Both with one price for all, and without a ridge.
    """
    for one in (rows, entries):
        if one is None or not one.single or one.ridge.any() or np.ptp(one.cut) > 0:
            return None
    if rows.norm not in SPLITS or entries.norm != COLUMNS or min(rows.cut[0], entries.cut[0]) <= 0:
        return None
    return MixedBlocks(SPLITS[rows.norm], rows.starts, rows.rows, rows.cut, entries.cut)
