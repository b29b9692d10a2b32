"""What makes tasks from tasks, and what all of them need: labels, copies of rows, maps."""

from abc import ABC, abstractmethod

import numpy as np
from scipy import sparse

from polytask.errors import DataError, require
from polytask.kinds import Binary
from polytask.labels import Labels
from polytask.slot import Slot
from polytask.task import Task


class Auxiliary(Slot, ABC):
    """Makes more tasks for a table: ``auxiliary(tasks)`` is the table with them.

    The labels that are given stay as they are, at the rows where they are; new tasks have the role
    "auxiliary". New rows, where there are any, stand below the given ones.
    """

    @abstractmethod
    def __call__(self, tasks):
        """The table with more tasks, as `Tasks`."""


def binary(name, rows, y):
    """A binary auxiliary task at these rows."""
    return _labels(name, Binary(), rows, y)


def like(name, kind, rows, y):
    """An auxiliary task of a kind that is known."""
    return _labels(name, kind, rows, y)


def _labels(name, kind, rows, y):
    return Labels(Task(name, kind, "auxiliary"), rows, np.asarray(y, dtype=np.float64))


def enough(y, least):
    """Whether both sides of a yes-or-no label ``(n,)`` have this many rows."""
    positive = np.count_nonzero(y)
    return min(positive, len(y) - positive) >= least


def hidden(X, features):
    """X ``(n, d)`` with these columns at zero."""
    keep = np.ones(X.shape[1], dtype=X.dtype)
    keep[list(features)] = 0
    if sparse.issparse(X):
        seen = (X @ sparse.diags_array(keep)).tocsr()
        seen.eliminate_zeros()
        return seen
    return X * keep


def below(tasks, copies):
    """The table with copies of rows below: ``copies`` is ``[(rows, X (len(rows), d)), ...]``.

    A copy is in the group of its row, and at its time, so that a split by group or by time does not
    tear them apart.
    """
    tables = [tasks.X, *(X for _, X in copies)]
    rows = np.concatenate([np.arange(tasks.n_rows), *(rows for rows, _ in copies)])
    return tasks.with_(
        X=sparse.vstack(tables, format="csr") if sparse.issparse(tasks.X) else np.vstack(tables),
        groups=None if tasks.groups is None else tasks.groups[rows],
        time=None if tasks.time is None else tasks.time[rows],
    )


def halves(d, seed):
    """All features ``0 .. d - 1`` dealt at random into two maps."""
    order = np.random.default_rng(seed).permutation(d)
    cut = (d + 1) // 2
    return tuple(np.sort(order[:cut]).tolist()), tuple(np.sort(order[cut:]).tolist())


def check_maps(maps, d, word):
    """Refuse maps of features that are empty, overlap, or name a column that is not there."""
    for one in maps:
        require(
            len(one) and min(one) >= 0 and max(one) < d,
            f"{word} needs groups of features between 0 and {d - 1}. Found {tuple(one)[:8]}.",
            DataError,
        )
    every = [j for one in maps for j in one]
    require(
        len(every) == len(set(every)),
        f"{word} needs every feature in one group at most. Found one in two of them.",
        DataError,
    )


def check_counts(auxiliary, **counts):
    """Refuse options that are no whole numbers from their smallest value on."""
    for name, smallest in counts.items():
        value = getattr(auxiliary, name)
        require(
            isinstance(value, int | np.integer) and value >= smallest,
            f"{type(auxiliary).__name__} needs a whole number {name} >= {smallest}. "
            f"Found {name}={value!r}.",
        )


def made(tasks, labels, advice):
    """The table with these labels; refused where none came out."""
    require(
        labels,
        f"No auxiliary problem has enough rows on both sides. {advice}",
        DataError,
    )
    return tasks.add(*labels)
