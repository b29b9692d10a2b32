"""One table with holes: the only form in which data reaches a model."""

import hashlib
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy import sparse

from polytask import splits
from polytask.errors import DataError, TaskError, require
from polytask.labels import Descriptors, Input

# Rows that are looked at together.
BLOCK = 8192


class Tasks:
    """A table of inputs and, per task, the labels of the rows that have one.

    Shared inputs with missing labels and a separate data set per task are the same thing: a task is
    a list of row numbers and the labels for them. Nothing is copied per task, and no gap is filled.

    Parameters
    ----------
    X : array or CSR/CSC matrix (n, d)
    labels : sequence of Labels, one per task
    inputs : sequence of Input, optional
        Names of the columns of X; without them ``x0``, ``x1``, ...
    groups, time : arrays (n,), optional
        For splits: rows of one group stay together; time orders rows.
    descriptors : Descriptors, optional
        One row per task.

    Examples
    --------
    >>> import numpy as np
    >>> data = Tasks.from_arrays([[1.0], [2.0], [3.0]], [[1, 5], [2, np.nan], [3, 7]])
    >>> data.names, data.n_labels.tolist()
    (('y0', 'y1'), [3, 2])
    >>> data["y1"].rows
    array([0, 2])
    """

    def __init__(self, X, labels, *, inputs=None, groups=None, time=None, descriptors=None):
        self.X = X
        self._labels = {one.task.name: one for one in labels}
        self.inputs = tuple(inputs or (Input(f"x{j}") for j in range(X.shape[1])))
        self.groups = _column(groups, X.shape[0], "groups")
        self.time = _column(time, X.shape[0], "time")
        self.descriptors = descriptors
        self._check(labels)

    def _check(self, labels):
        names = [one.task.name for one in labels]
        twice = sorted({name for name in names if names.count(name) > 1}) if names else []
        require(not twice, f"Task names must differ. Found {twice} more than once.", TaskError)
        require(names, "A table needs a task. Found none. Name the label columns.", TaskError)
        require(
            len(self.inputs) == self.n_features,
            f"Expected {self.n_features} input names. Found {len(self.inputs)}.",
            DataError,
        )
        lone = [one.task.name for one in labels if one.task.kind.grouped and self.groups is None]
        require(
            not lone,
            f"Tasks of ranking need the query of every row: group=... (groups= for arrays). Found "
            f"none for {lone[:5]}. If all rows are one query, give one group.",
            DataError,
        )
        if self.descriptors is not None:
            found = len(self.descriptors.values)
            require(
                found == len(names),
                f"Descriptors need a row per task ({len(names)}). Found {found}.",
                DataError,
            )

    # -- doors ------------------------------------------------------------------------------

    @classmethod
    def from_arrays(cls, X, Y, **options):
        """Inputs ``(n, d)`` and labels ``(n,)`` or ``(n, T)``; see `polytask.door.arrays`."""
        from polytask.door.arrays import from_arrays

        return from_arrays(X, Y, **options)

    @classmethod
    def stack(cls, sets, **options):
        """Separate data sets ``{name: (X_t, y_t)}``, one below the other; see `polytask.door`."""
        from polytask.door.arrays import stack

        return stack(sets, **options)

    @classmethod
    def from_frame(cls, frame, targets, **options):
        """A pandas, polars or Arrow table, wide or long; see `polytask.door.frame`."""
        from polytask.door.frame import from_frame

        return from_frame(frame, targets, **options)

    @classmethod
    def of(cls, X, y=None, **options):
        """The one door for everything that ``fit`` takes; see `polytask.door.of`."""
        from polytask.door.of import of

        return of(X, y, **options)

    # -- facts ------------------------------------------------------------------------------

    @property
    def n_rows(self):
        """Number of rows."""
        return self.X.shape[0]

    @property
    def n_features(self):
        """Number of input columns."""
        return self.X.shape[1]

    @property
    def n_tasks(self):
        """Number of tasks."""
        return len(self._labels)

    @property
    def names(self):
        """Names of the tasks, in order."""
        return tuple(self._labels)

    @property
    def tasks(self):
        """The tasks, in order."""
        return tuple(one.task for one in self)

    @property
    def kinds(self):
        """The kinds of the tasks, in order."""
        return tuple(one.task.kind for one in self)

    @cached_property
    def has_gaps(self):
        """Whether an input is missing; looked at once, because a table never changes."""
        if sparse.issparse(self.X):
            return False
        # in blocks: a mask of the whole table would be an eighth of it
        starts = range(0, self.n_rows, BLOCK)
        return any(bool(np.isnan(self.X[start : start + BLOCK]).any()) for start in starts)

    @cached_property
    def has_categories(self):
        """Whether an input column has categories."""
        return any(column.levels is not None for column in self.inputs)

    @cached_property
    def feature_names(self):
        """Names of the input columns."""
        return tuple(column.name for column in self.inputs)

    @cached_property
    def n_labels(self):
        """Labels per task ``(T,)``."""
        return np.array([len(one.rows) for one in self])

    def __iter__(self):
        return iter(self._labels.values())

    def __len__(self):
        return self.n_tasks

    def __getitem__(self, name):
        if name not in self._labels:
            raise TaskError(f"Unknown task {name!r}. Known: {_some(self.names)}.")
        return self._labels[name]

    def __contains__(self, name):
        return name in self._labels

    def __repr__(self):
        head = f"Tasks: {self.n_rows:,} rows, {self.n_features} inputs, {self.n_tasks} tasks"
        lines = [
            f"  {one.task.name}: {one.task.kind.name}, labels {one.n:,} of {self.n_rows:,}"
            f" ({one.n / max(self.n_rows, 1):.0%})"
            for one in list(self)[:10]
        ]
        more = [f"  ... and {self.n_tasks - 10} more"] if self.n_tasks > 10 else []
        return "\n".join([head, *lines, *more])

    @cached_property
    def shared(self):
        """True where every row carries every label, with one weight: the fast path."""
        first, *rest = self
        full = all(one.n == self.n_rows for one in self)
        return full and all(_same(first.weight, one.weight) for one in rest)

    @cached_property
    def row_weight(self):
        """Weight of a row ``(n,)`` however many labels it has: the mean of its labels' weights."""
        total, count = np.zeros(self.n_rows), np.zeros(self.n_rows)
        for one in self:
            total[one.rows] += one.w
            count[one.rows] += 1
        return total / np.maximum(count, 1)

    @cached_property
    def Y(self):
        """Labels ``(n, T)`` as codes, NaN where there is none."""
        return self._matrix(lambda one: one.y, np.nan)

    @cached_property
    def W(self):
        """Weights ``(n, T)``, 0 where there is no label."""
        return self._matrix(lambda one: one.w, 0.0)

    def _matrix(self, values, empty):
        out = np.full((self.n_rows, self.n_tasks), empty)
        for t, one in enumerate(self):
            out[one.rows, t] = values(one)
        return out

    def table(self, name):
        """Inputs ``(n_t, d)``, labels ``(n_t,)`` and weights ``(n_t,)`` of one task.

        The inputs are the table itself, not a copy, where the task labels every row, and a view of
        it where its rows stand together.
        """
        one = self[name]
        return self._inputs_of(one.rows), one.y, one.w

    def _inputs_of(self, rows):
        if len(rows) == self.n_rows:
            return self.X
        if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
            return self.X[rows[0] : rows[-1] + 1]
        return self.X[rows]

    def checksum(self):
        """A sha256 over inputs, labels, weights and names: the same data give the same text."""
        digest = hashlib.sha256()
        parts = (
            (self.X.data, self.X.indices, self.X.indptr) if sparse.issparse(self.X) else (self.X,)
        )
        for part in parts:
            digest.update(np.ascontiguousarray(part).tobytes())
        for one in self:
            digest.update(repr((one.task, self.feature_names)).encode())
            for part in (one.rows, one.y, one.w):
                digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()

    # -- other tables -----------------------------------------------------------------------

    def with_(self, **parts):
        """The same table with these of ``X, labels, inputs, groups, time, descriptors`` changed."""
        same = {
            "X": self.X,
            "labels": tuple(self),
            "inputs": self.inputs,
            "groups": self.groups,
            "time": self.time,
            "descriptors": self.descriptors,
        } | parts
        return Tasks(same.pop("X"), same.pop("labels"), **same)

    def take(self, rows):
        """The table of these rows (numbers or a mask); a task may end with no label.

        Rows keep the order of the table, whatever the order of ``rows``.
        """
        rows = np.asarray(rows)
        keep = np.zeros(self.n_rows, dtype=bool)
        keep[rows] = True
        place = np.cumsum(keep) - 1
        labels = [one.pick(keep[one.rows]) for one in self]
        rows = np.flatnonzero(keep)
        return self.with_(
            X=self._inputs_of(rows),
            labels=[one.moved(place[one.rows]) for one in labels],
            groups=None if self.groups is None else self.groups[rows],
            time=None if self.time is None else self.time[rows],
        )

    def keep(self, *names):
        """Only these tasks, in this order; the rows stay."""
        positions = [self.names.index(self[name].task.name) for name in names]
        known = self.descriptors
        return self.with_(
            labels=[self[name] for name in names],
            descriptors=known and Descriptors(known.names, known.values[positions]),
        )

    def add(self, *labels):
        """The table with more tasks, given as `Labels`."""
        return self.with_(labels=(*self, *labels), descriptors=None)

    def main(self, *names):
        """These tasks are wanted for themselves, the others help."""
        for name in names:
            self[name]
        roles = {True: "main", False: "auxiliary"}
        return self.with_(
            labels=[
                replace(one, task=replace(one.task, role=roles[one.task.name in names]))
                for one in self
            ]
        )

    # -- splits -----------------------------------------------------------------------------

    def split(self, test=0.25, *, seed=0, by=None, masks=None):
        """Training and test table; no row, and no group, is in both.

        Parameters
        ----------
        test : float in (0, 1)
            Share of the rows in the test part.
        seed : int
        by : {"within", "row", "group", "time"}, optional
            ``within``: every task, and every class of a task, is cut in this proportion; ``row``:
            at random; ``group``: whole groups; ``time``: the last rows are the test. Default:
            ``group`` where the table has groups, else ``within``.
        masks : bool array (n,), optional
            True for a training row; then nothing else is asked.

        Returns
        -------
        train, test : Tasks
        """
        train = splits.training_rows(self, test, seed=seed, by=by, masks=masks)
        return self.take(train), self.take(~train)

    def folds(self, k=5, *, repeats=1, seed=0, by=None):
        """Folds of cross-validation: a list of (training rows, test rows), ``repeats * k`` long.

        ``by`` as in `split`; by time, training rows are always earlier than test rows, and there is
        one repeat.
        """
        return splits.folds(self, k, repeats=repeats, seed=seed, by=by)


def _same(a, b):
    return a is b or (a is not None and b is not None and np.array_equal(a, b))


def _column(values, n, name):
    if values is None:
        return None
    values = np.asarray(values)
    require(
        values.shape == (n,),
        f"{name} needs one value per row, shape ({n},). Found {values.shape}.",
        DataError,
    )
    return values


def _some(names, most=8):
    shown = ", ".join(map(repr, names[:most]))
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
