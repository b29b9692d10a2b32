"""Cutting a table into training and test rows: a row, or a group, is never on both sides.

`training_rows` and `folds` cut a `Tasks`; the dealers below them know plain arrays only and give a
list of folds, each an array of row numbers that is the test part.
"""

from itertools import pairwise

import numpy as np

from polytask.errors import DataError, ParameterError, require

WAYS = ("within", "row", "group", "time")


def training_rows(data, test, *, seed, by, masks):
    """Mask ``(n,)`` of the training rows of one split; see `Tasks.split`."""
    if masks is not None:
        mask = np.asarray(masks, dtype=bool)
        found = mask.shape
        require(
            found == (data.n_rows,),
            f"A split mask needs shape ({data.n_rows},). Found {found}.",
            DataError,
        )
        return mask
    require(0 < test < 1, f"split needs test in (0, 1). Found test={test}.", ParameterError)
    by = way(data, by)
    if by == "time":
        rows = last(data.time, test)
    else:
        # a test share of 1/4 is one fold of 4; another share is so many folds of 100
        parts = round(1 / test) if np.isclose(round(1 / test), 1 / test) else 100
        parts = max(2, min(parts, data.n_rows))
        dealt = _deal(data, parts, by, np.random.default_rng(seed))
        rows = np.concatenate(dealt[: max(1, round(test * parts))])
    return ~_mask(data.n_rows, rows)


def folds(data, k, *, repeats, seed, by):
    """List of (training rows, test rows); see `Tasks.folds`."""
    require(k >= 2, f"folds needs k >= 2. Found k={k}.", ParameterError)
    by = way(data, by)
    if by == "time":
        return by_time(data.time, k)
    rng = np.random.default_rng(seed)
    dealt = [rows for _ in range(repeats) for rows in _deal(data, k, by, rng)]
    return [(np.flatnonzero(~_mask(data.n_rows, rows)), np.sort(rows)) for rows in dealt]


def way(data, by):
    """How to cut: what was asked for, else by group where the table has groups, else within."""
    by = by or ("within" if data.groups is None else "group")
    require(by in WAYS, f"A split is by one of {WAYS}. Found {by!r}.", ParameterError)
    for word, column in (("group", data.groups), ("time", data.time)):
        require(
            by != word or column is not None,
            f"A split by {word} needs a column of {word}s. Found none. Name it at the door "
            f"({word}=..., or groups=... for arrays).",
            DataError,
        )
    return by


def _deal(data, k, by, rng):
    if by == "group":
        return by_group(data.groups, k, rng)
    if by == "row":
        return at_random(data.n_rows, k, rng)
    return within(_strata(data), data.n_rows, k, rng)


def _strata(data):
    """Rows of every task by stratum: classes, events and censored rows, or all."""
    out = []
    for one in data:
        out += [one.rows[mask] for mask in one.task.kind.strata(one.y)]
    return out


def _mask(n, rows):
    mask = np.zeros(n, dtype=bool)
    mask[rows] = True
    return mask


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
    fold_of[rest] = _fill(room, len(rest))
    return [np.flatnonzero(fold_of == fold) for fold in range(k)]


def _neediest(need, room, rng):
    # need first, then room in the fold, then a coin: without the coin fold 0 gets every odd row
    open_ = np.flatnonzero(room > 1e-9)
    best = open_[need[open_] >= need[open_].max() - 1e-9]
    if len(best) > 1:
        best = best[room[best] >= room[best].max() - 1e-9]
    return best[0] if len(best) == 1 else best[rng.integers(len(best))]


def _fill(room, count):
    """A fold for each of ``count`` rows without a column, so that the folds end equally full."""
    folds = np.empty(count, dtype=np.int64)
    for i in range(count):
        folds[i] = np.argmax(room)
        room[folds[i]] -= 1
    return folds


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
        for start, stop in pairwise(cuts)
    ]


def last(time, share):
    """The rows of the last ``share`` of the time ``(n,)``; equal times stay together."""
    moments, code = np.unique(time, return_inverse=True)
    counts = np.cumsum(np.bincount(code))
    start = min(np.searchsorted(counts, counts[-1] * (1 - share) - 1e-9) + 1, len(moments) - 1)
    return np.flatnonzero(code >= start)
