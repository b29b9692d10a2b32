"""Rows that are no vectors: sentences, pairs of sentences, pictures, with labels at positions."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from polytask.errors import DataError, ParameterError, TaskError, require
from polytask.kinds.positions import Tagging
from polytask.task import Task


@dataclass(frozen=True, eq=False)
class Positions:
    """What `Tasks` is for tables, for rows that have a label at each of their positions.

    Attributes
    ----------
    X : sequence of n rows
        A sentence is a tuple of str, a pair a tuple of two sentences, a picture an array.
    tasks : tuple of T Task
    labels : dict of task name -> sequence of n arrays, or array (n, ...)
        Codes of the task's kind, one per position of the row, or one per row; NaN is a gap.
    groups : array (n,) or None
        What belongs together in a split, such as a document.

    Raises
    ------
    DataError
        If a task has not one array of labels per row; names the task.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask.kinds.positions import Tagging
    >>> from polytask.task import Task
    >>> pos = Task("pos", Tagging(("noun", "verb")))
    >>> X = (("birds", "sing"), ("sleep",))
    >>> data = Positions(X, (pos,), {"pos": [np.array([0.0, 1]), np.array([1.0])]})
    >>> data
    Positions: 2 rows, 1 task
      pos  tagging, 2 classes, 3 labels
    >>> data.take([1]).X
    (('sleep',),)
    """

    X: Any
    tasks: tuple
    labels: dict[str, Any]
    groups: np.ndarray | None = None

    def __post_init__(self):
        for task in self.tasks:
            found = len(self.labels.get(task.name, ()))
            require(
                found == len(self.X),
                f"Task {task.name!r} needs labels for each of the {len(self.X)} rows. "
                f"Found labels for {found}.",
                DataError,
            )

    @property
    def names(self):
        """The names of the tasks, a tuple."""
        return tuple(task.name for task in self.tasks)

    @property
    def n_rows(self):
        """Number of rows."""
        return len(self.X)

    @property
    def n_tasks(self):
        """Number of tasks."""
        return len(self.tasks)

    @property
    def n_labels(self):
        """Number of labels of every task, an array (T,)."""
        there = (~np.isnan(self.flat(name)) for name in self.names)
        # a label may be several numbers
        return np.array([(one if one.ndim == 1 else one.all(axis=1)).sum() for one in there])

    def __getitem__(self, name):
        """The labels of a task, row by row.

        Raises
        ------
        TaskError
            If there is no such task.
        """
        require(
            name in self.labels, f"The tasks are {list(self.names)}. Found {name!r}.", TaskError
        )
        return self.labels[name]

    def task(self, name):
        """The `Task` of this name."""
        self[name]
        return next(task for task in self.tasks if task.name == name)

    def flat(self, name):
        """All labels of a task one after the other, float64."""
        rows = self[name]
        if isinstance(rows, np.ndarray):
            return rows.ravel()
        return np.concatenate(rows) if rows else np.empty(0)

    def decoded(self, name):
        """The labels of a task of words as they were written, a tuple per sentence.

        Examples
        --------
        >>> from polytask.kinds.positions import Tagging
        >>> from polytask.task import Task
        >>> rain = Task("rain", Tagging(("no", "yes")))
        >>> Positions((("a", "b"),), (rain,), {"rain": [np.array([1.0, 0])]}).decoded("rain")
        [('yes', 'no')]
        """
        return [tuple(row) for row in self.task(name).kind.decode(self[name])]

    def take(self, rows):
        """The same with these rows only: numbers ``(k,)``, or a mask ``(n,)``."""
        rows = np.asarray(rows)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        return replace(
            self,
            X=_taken(self.X, rows),
            labels={name: _taken(self.labels[name], rows) for name in self.names},
            groups=None if self.groups is None else self.groups[rows],
        )

    def keep(self, *names):
        """The same with these tasks only.

        Raises
        ------
        TaskError
            If one of them is not there.
        """
        tasks = tuple(self.task(name) for name in names)
        return replace(self, tasks=tasks, labels={name: self.labels[name] for name in names})

    def split(self, test=0.25, *, seed=0, by="row"):
        """A training and a test part, cut by row, or by group.

        Parameters
        ----------
        test : float in (0, 1)
            Share of the rows, or of the groups.
        seed : int
        by : {"row", "group"}

        Returns
        -------
        (Positions, Positions)

        Raises
        ------
        ParameterError
            If ``by`` is neither, or there are no groups.
        """
        require(
            by == "row" or (by == "group" and self.groups is not None),
            f"split needs by='row', or by='group' where rows have groups. Found by={by!r}.",
            ParameterError,
        )
        units = np.arange(self.n_rows) if by == "row" else np.unique(self.groups)
        drawn = np.random.default_rng(seed).permutation(units)[: round(test * len(units))]
        chosen = np.isin(np.arange(self.n_rows) if by == "row" else self.groups, drawn)
        return self.take(~chosen), self.take(chosen)

    def __repr__(self):
        sizes = [_many(self.n_rows, "row"), _many(self.n_tasks, "task")]
        lines = [f"Positions: {', '.join(sizes)}"]
        for task, count in zip(self.tasks, self.n_labels, strict=True):
            classes = f", {len(task.kind.classes)} classes" if task.kind.classes else ""
            lines.append(f"  {task.name}  {task.kind.name}{classes}, {count:,} labels")
        return "\n".join(lines)


def tagged(X, tags, groups=None):
    """Sentences with what every word is; the classes are those that occur.

    Parameters
    ----------
    X : list of n sentences, tuples of str
    tags : dict of task name -> list of n tuples of str
    groups : array (n,), optional

    Returns
    -------
    Positions

    Examples
    --------
    >>> tagged([("Go", "now")], {"pos": [("VB", "RB")]}).task("pos").kind.classes
    ('RB', 'VB')
    """
    labels, tasks = {}, []
    for name, rows in tags.items():
        classes = tuple(sorted({tag for row in rows for tag in row}))
        code = {tag: float(i) for i, tag in enumerate(classes)}
        labels[name] = [np.array([code[tag] for tag in row]) for row in rows]
        tasks.append(Task(name, Tagging(classes)))
    return Positions(tuple(X), tuple(tasks), labels, groups)


def _many(count, word):
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _taken(rows, which):
    if isinstance(rows, np.ndarray):
        return rows[which]
    return type(rows)(rows[i] for i in which)
