"""From arrays of a file to a table of tasks."""

import numpy as np

from polytask.kinds import Binary, Regression
from polytask.labels import Input, Labels
from polytask.task import Task
from polytask.tasks import Tasks


def shared(X, Y, names, *, kind=None, inputs=None, groups=None, time=None):
    """One table X ``(n, d)`` for all tasks, codes ``Y (n, T)`` with NaN for a gap.

    ``kind`` is one for all; default regression. ``inputs`` are names or `Input` values.
    """
    kind = kind or Regression()
    labels = [
        Labels.of(Task(str(name), kind), np.ascontiguousarray(column, dtype=np.float64))
        for name, column in zip(names, Y.T, strict=True)
    ]
    return Tasks(X, labels, inputs=named(inputs), groups=groups, time=time)


def separate(X, y, task, names, *, kind=None, inputs=None, groups=None, time=None):
    """Every row ``(n, d)`` belongs to one task: ``task (n,)`` is a position in ``names``."""
    kind = kind or Regression()
    labels = []
    for t, name in enumerate(names):
        rows = np.flatnonzero(task == t)
        labels.append(Labels(Task(str(name), kind), rows, np.asarray(y, dtype=np.float64)[rows]))
    return Tasks(X, labels, inputs=named(inputs), groups=groups, time=time)


def one_vs_rest(X, y, classes, word, *, inputs=None):
    """A binary task per class: is ``y (n,)`` this one, or another?"""
    Y = np.asarray(y)[:, None] == np.asarray(classes)[None, :]
    names = [f"{word} {value}" for value in classes]
    return shared(X, Y.astype(np.float64), names, kind=Binary(), inputs=inputs)


def named(inputs):
    """`Input` columns from names or `Input` values; None stays None."""
    if inputs is None:
        return None
    return [one if isinstance(one, Input) else Input(str(one)) for one in inputs]


def consecutive(**sizes):
    """Rows of parts that stand one after the other, by name.

    Examples
    --------
    >>> consecutive(train=2, test=1)
    {'train': array([0, 1]), 'test': array([2])}
    """
    ends = np.cumsum(list(sizes.values())).tolist()
    return {name: rows(end - sizes[name], end) for name, end in zip(sizes, ends, strict=True)}


def rows(start, stop):
    """Row numbers from ``start`` to before ``stop``."""
    return np.arange(start, stop, dtype=np.int64)
