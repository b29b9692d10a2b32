"""Cutting a table into training and test rows: a row, or a group, is never on both sides.

Every function takes what it needs of a table as plain arrays and gives a list of folds, each an
array of row numbers that is the test part.
"""

import numpy as np


def at_random(n, k, rng):
    """Deal ``n`` rows into ``k`` folds at random."""
    return np.array_split(rng.permutation(n), k)


def within(columns, n, k, rng):
    """Deal rows so that every column of ``columns`` (lists of row numbers) is dealt evenly.

    A column holds the rows with a label of one task, or of one class of one task. The rarest
    column is dealt first, a row goes where its rarest column lacks most.

    References
    ----------
    Sechidis, Tsoumakas, Vlahavas. On the stratification of multi-label data. ECML PKDD 2011.
    """
    columns = [rng.permutation(rows) for rows in columns if 0 < len(rows) < n]
    columns.sort(key=len)
    fold_of = np.full(n, -1)
    room = np.full(k, n / k)
    for rows in columns:
        placed = fold_of[rows]
        have = np.bincount(placed[placed >= 0], minlength=k)
        need = len(rows) / k - have
        for row in rows[placed < 0]:
            fold = _neediest(need, room, rng)
            fold_of[row] = fold
            need[fold] -= 1
            room[fold] -= 1
    rest = rng.permutation(np.flatnonzero(fold_of < 0))
    for row, fold in zip(rest, _deal(room, len(rest)), strict=True):
        fold_of[row] = fold
    return [np.flatnonzero(fold_of == fold) for fold in range(k)]


def _neediest(need, room, rng):
    # need first, then room in the fold, then a coin: without the coin fold 0 gets every odd row
    open_ = np.flatnonzero(room > 1e-9)
    best = open_[need[open_] >= need[open_].max() - 1e-9]
    if len(best) > 1:
        best = best[room[best] >= room[best].max() - 1e-9]
    return best[0] if len(best) == 1 else best[rng.integers(len(best))]


def _deal(room, count):
    k = len(room)
    order, left = [], room.copy()
    for _ in range(count):
        fold = int(np.argmax(left))
        order.append(fold)
        left[fold] -= 1
    return np.array(order, dtype=np.int64) if count else np.zeros(0, dtype=np.int64) % k


def by_group(groups, k, rng):
    """Deal whole groups ``(n,)`` into ``k`` folds of about the same number of rows."""
    names, code, size = np.unique(groups, return_inverse=True, return_counts=True)
    order = rng.permutation(len(names))
    order = order[np.argsort(-size[order], kind="stable")]
    load, fold_of = np.zeros(k), np.zeros(len(names), dtype=np.int64)
    for group in order:
        fold = int(np.argmin(load))
        fold_of[group] = fold
        load[fold] += size[group]
    return [np.flatnonzero(fold_of[code] == fold) for fold in range(k)]


def by_time(time, k):
    """``k`` pairs (rows before, rows of the next stretch); equal times stay together."""
    moments, code = np.unique(time, return_inverse=True)
    counts = np.cumsum(np.bincount(code))
    cuts = np.searchsorted(counts, counts[-1] * np.arange(1, k + 1) / (k + 1), side="left") + 1
    cuts = np.append(cuts, len(moments))
    return [
        (np.flatnonzero(code < start), np.flatnonzero((code >= start) & (code < stop)))
        for start, stop in zip(cuts[:-1], cuts[1:], strict=True)
    ]


def last(time, share):
    """The rows of the last ``share`` of the time ``(n,)``; equal times stay together."""
    moments, code = np.unique(time, return_inverse=True)
    counts = np.cumsum(np.bincount(code))
    start = min(np.searchsorted(counts, counts[-1] * (1 - share) - 1e-9) + 1, len(moments) - 1)
    return np.flatnonzero(code >= start)
