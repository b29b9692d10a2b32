"""All splits of a comparison, outer and inner, drawn before any work starts."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import DataError, ParameterError, require


@dataclass(frozen=True, eq=False)
class Split:
    """One outer split with the inner folds of its training part.

    Attributes
    ----------
    number : int
    train, test : int64 arrays
        Rows of the table, increasing.
    inner : tuple of (train, test) pairs
        Rows *of the training part*; empty where there is no inner cross-validation.
    fraction : float
        Share of the training part that is used: 1 but for a curve of training sizes.
    """

    number: int
    train: np.ndarray
    test: np.ndarray
    inner: tuple = ()
    fraction: float = 1.0


def draw(data, *, folds=5, repeats=1, splits=None, by=None, inner=5, seed=0, curve=()):
    """The splits of a comparison: the same for every model, whatever the number of workers.

    Parameters
    ----------
    data : Tasks
    folds, repeats : int
        Of cross-validation, where ``splits`` is None.
    splits : list of (train, test), optional
        Row numbers or masks of given splits.
    by : {"within", "row", "group", "time"}, optional
        How rows are dealt, in outer and inner folds alike; see `Tasks.folds`.
    inner : int or None
        Inner folds; None or 0 for none.
    seed : int
    curve : sequence of floats in (0, 1]
        Shares of the training part to try as well. Smaller parts lie inside larger ones.

    Returns
    -------
    list of Split
        Those with the whole training part first.

    Raises
    ------
    DataError
        If a row, or a group, is on both sides of a given split.
    """
    outer = given(data, splits) if splits is not None else None
    outer = outer or data.folds(folds, repeats=repeats, seed=seed, by=by)
    outer = [(train, test) for train, test in outer if len(train) and len(test)]
    shares = [1.0, *sorted({float(s) for s in curve} - {1.0})]
    require(min(shares) > 0, f"A curve needs shares in (0, 1]. Found {list(curve)}.")
    require(max(shares) <= 1, f"A curve needs shares in (0, 1]. Found {list(curve)}.")
    return [
        _with_inner(data, number, train, test, share=share, by=by, inner=inner, seed=seed)
        for share in shares
        for number, (train, test) in enumerate(outer)
    ]


def _with_inner(data, number, train, test, *, share, by, inner, seed):
    state = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
    train = _part(data, train, share, by, state)
    folds = inner_folds(data.take(train), inner, by=by, seed=state)
    return Split(number, train, np.sort(test), folds, share)


def inner_folds(train, inner, *, by, seed):
    """Inner folds ``((train, test), ...)`` of a training part; none where ``inner`` is 0 or None.

    A fold without a test row (fewer groups or moments than folds) is left out.
    """
    if not inner:
        return ()
    folds = train.folds(inner, seed=seed, by=by)
    return tuple((a, b) for a, b in folds if len(a) and len(b))


def _part(data, train, share, by, seed):
    """A share of the training rows: whole groups, the latest times, or rows of every task."""
    train = np.sort(train)
    if share == 1:
        return train
    if by == "time":
        return train[np.sort(np.argsort(data.time[train], kind="stable")[-_count(train, share) :])]
    rank = np.random.default_rng(seed).permutation(len(train))
    if data.groups is not None and by in (None, "group"):
        return train[_whole_groups(data.groups[train], rank, share)]
    return train[_of_every_task(data.take(train), rank, share)]


def _count(rows, share):
    return max(1, round(share * len(rows)))


def _whole_groups(groups, rank, share):
    names, code = np.unique(groups, return_inverse=True)
    first = np.full(len(names), len(rank))
    np.minimum.at(first, code, rank)
    chosen = np.argsort(first)[: _count(names, share)]
    return np.isin(code, chosen)


def _of_every_task(train, rank, share):
    # a row stays when it is early among the rows of the task that has it rarest: with shared
    # rows this is a plain share of the rows, with separate data sets a share of each
    keep = np.zeros(train.n_rows, dtype=bool)
    open_rows = np.ones(train.n_rows, dtype=bool)
    for labels in sorted(train, key=lambda one: one.n):
        rows = labels.rows[open_rows[labels.rows]]
        if not len(rows):
            continue
        keep[rows[np.argsort(rank[rows])[: _count(rows, share)]]] = True
        open_rows[rows] = False
    return keep


def given(data, splits):
    """Given splits as pairs of increasing row numbers, checked.

    Raises
    ------
    DataError
        If a part is empty, has a row that is not in the table, or if a row or a group is in both.
    """
    require(len(splits) > 0, "splits needs a pair (train, test) or more. Found none.")
    return [_checked(data, k, *_pair(k, pair)) for k, pair in enumerate(splits)]


def _pair(number, pair):
    try:
        train, test = pair
    except (TypeError, ValueError):
        raise ParameterError(
            f"Split {number} needs two parts, (train, test). Found {type(pair).__name__}. "
            "Give row numbers or masks of both."
        ) from None
    return train, test


def _checked(data, number, train, test):
    train, test = _rows(data, number, train), _rows(data, number, test)
    both = np.intersect1d(train, test)
    require(
        not len(both),
        f"Split {number} needs training and test rows apart. Found {len(both)} rows in both, "
        f"{both.tolist()[:1]} first. Take them out of one part.",
        DataError,
    )
    if data.groups is not None:
        shared = np.intersect1d(data.groups[train], data.groups[test])
        require(
            not len(shared),
            f"Split {number} needs whole groups on one side. Found {len(shared)} groups on both, "
            f"{shared.tolist()[:1]} first. Move them, or name no groups.",
            DataError,
        )
    return train, test


def _rows(data, number, part):
    part = np.asarray(part)
    rows = np.flatnonzero(part) if part.dtype == bool else np.unique(part.astype(np.int64))
    fits = part.shape == (data.n_rows,) if part.dtype == bool else True
    inside = len(rows) and rows[0] >= 0 and rows[-1] < data.n_rows
    require(
        bool(fits and inside),
        f"Split {number} needs rows of this table, 0 to {data.n_rows - 1}, or masks of that "
        f"length. Found a part of shape {part.shape} that is empty or outside.",
        DataError,
    )
    return rows
