"""The labels of one task, and what is known of a column of inputs or of a task."""

from dataclasses import dataclass, replace

import numpy as np

from polytask.errors import DataError, require
from polytask.task import Task


@dataclass(frozen=True, eq=False)
class Labels:
    """Which rows of the table carry a label of this task, and the labels.

    Attributes
    ----------
    task : Task
    rows : int64 array (n_t,)
        Positions in the table, increasing.
    y : float64 array (n_t,)
        Codes of the task's kind, without gaps.
    weight : float64 array (n_t,) or None
        Positive; None means one each.
    """

    task: Task
    rows: np.ndarray
    y: np.ndarray
    weight: np.ndarray | None = None

    @property
    def n(self):
        """Number of labels."""
        return len(self.rows)

    @property
    def w(self):
        """Weights ``(n_t,)``; ones where none were given."""
        return np.ones(self.n) if self.weight is None else self.weight

    def pick(self, mask):
        """The labels at these positions or of this mask ``(n_t,)``."""
        weight = None if self.weight is None else self.weight[mask]
        return replace(self, rows=self.rows[mask], y=self.y[mask], weight=weight)

    def moved(self, rows):
        """The same labels at other row numbers ``(n_t,)``."""
        return replace(self, rows=rows)

    @classmethod
    def of(cls, task, codes, weight=None, rows=None):
        """Labels from codes ``(n,)`` with NaN for a gap; a weight of zero is a gap too."""
        here = ~np.isnan(codes)
        if weight is not None:
            here &= weight > 0
        at = np.flatnonzero(here)
        rows = at if rows is None else np.asarray(rows, dtype=np.int64)[at]
        return cls(task, rows, codes[at], None if weight is None else weight[at])


@dataclass(frozen=True)
class Input:
    """A column of inputs: its name, and the levels of a categorical one (codes in the table)."""

    name: str
    levels: tuple | None = None


@dataclass(frozen=True, eq=False)
class Descriptors:
    """What is known of the tasks themselves: one row per task.

    Attributes
    ----------
    names : tuple of k str
    values : float64 array (T, k)
    """

    names: tuple[str, ...]
    values: np.ndarray

    def __post_init__(self):
        values = np.asarray(self.values, dtype=np.float64)
        require(
            values.ndim == 2 and values.shape[1] == len(self.names),
            f"Descriptors need values of shape (T, {len(self.names)}). Found {values.shape}.",
            DataError,
        )
        object.__setattr__(self, "names", tuple(map(str, self.names)))
        object.__setattr__(self, "values", values)
