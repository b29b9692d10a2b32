"""Sufficient statistics of squared losses: all that a fit needs of the rows, however many."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.errors import DataError, TaskError, require
from polytask.inputs import needed
from polytask.linear.datafits import Squared
from polytask.linear.form import check, gram_bytes
from polytask.ops.memory import available
from polytask.ops.scale import Scale
from polytask.ops.sums import Columns, Sums
from polytask.tasks import Tasks

SQUARED = Squared()
# Numbers in a block of rows that is centred at a time (4 MB): it stays in a cache.
BLOCK = 2**19


@dataclass(frozen=True, eq=False)
class Moments:
    """What squared losses need to know of a table, in memory that does not grow with its rows.

    Tables too long for the memory come in chunks, each is turned into moments, and moments are
    added: ``Moments.of(X1, Y1) + Moments.of(X2, Y2)`` are those of both, whether the parts come
    from files, folds or machines. ``LinearModel(...).fit(moments)`` is then the fit on all rows,
    with any penalty, intercept, scaling and task weights, at a cost without n.

    Tasks that share all rows and weights have one Gram ``(d, d)``; with gaps, or rows of their own,
    one each: ``8 T d^2`` bytes.

    Attributes
    ----------
    tasks : tuple of T Task
    feature_names : tuple of d str
    n_labels : int array (T,)
    n_rows : int
    sums : Sums
        Weighted squares about the means, one target per output of every task.
    columns : Columns
        Mean and square of every input, a row weighed once however many labels it has: what
        scaling divides by.

    Notes
    -----
    Means and squares are merged pairwise, so that neither far means nor millions of chunks cost
    digits; only means and centred squares are ever added.

    References
    ----------
    Chan, Golub, LeVeque. Algorithms for computing the sample variance: analysis and
    recommendations. The American Statistician 1983.

    Examples
    --------
    >>> from polytask.linear import L21, LinearModel, Moments
    >>> first, second = [[0.0, 1.0], [1.0, 0.0]], [[2.0, 1.0], [3.0, 0.0]]
    >>> moments = Moments.of(first, [[0, 1], [2, 3]]) + Moments.of(second, [[4, 5], [6, 7]])
    >>> moments
    Moments: 4 rows, 2 inputs, 2 tasks, one Gram
    >>> LinearModel(L21(0.5)).fit(moments).coef_.round(3)
    array([[1.717, 0.   ],
           [1.717, 0.   ]])
    """

    tasks: tuple
    feature_names: tuple
    n_labels: np.ndarray
    n_rows: int
    sums: Sums
    columns: Columns

    # -- doors ------------------------------------------------------------------------------

    @classmethod
    def of(cls, X, y=None, *, tasks=None, sample_weight=None, kinds=None):
        """The moments of one table, in any form that ``fit`` takes; a task may be empty in it.

        The table is read in blocks: a memory-mapped or float32 one is never copied as a whole.

        Parameters
        ----------
        X : Tasks, or array or sparse matrix (n, d)
        y : array (n,) or (n, T), NaN where a label is missing
        tasks : sequence (n,) of names, optional
        sample_weight : array (n,) or (n, T), optional
        kinds : as in ``Tasks.from_arrays``, optional
        """
        options = {} if isinstance(X, Tasks) else {"kinds": kinds, "allow_empty": True}
        data = Tasks.of(X, y, tasks=tasks, sample_weight=sample_weight, **options)
        require(
            not needed(data),
            "Moments need inputs of numbers. Found categories or gaps. Encode them with "
            "polytask.inputs.Encoder, learned once for all chunks.",
            DataError,
        )
        sums, columns = _gathered(data)
        return cls(data.tasks, data.feature_names, data.n_labels, data.n_rows, sums, columns)

    @classmethod
    def of_chunks(cls, chunks):
        """The moments of all chunks of an iterable, one in memory at a time.

        Parameters
        ----------
        chunks : iterable of Tasks, (X, y) or (X, y, sample_weight)
            See `polytask.door.chunks` for those of files.

        Raises
        ------
        DataError
            If there is no chunk, or chunks differ in their columns.
        """
        total, kinds = None, None
        for chunk in chunks:
            table = (chunk,) if isinstance(chunk, Tasks) else chunk[:2]
            weight = chunk[2] if len(table) == 2 and len(chunk) > 2 else None
            part = cls.of(*table, sample_weight=weight, kinds=kinds)
            total = part if total is None else total + part
            kinds = total.kinds_by_name
        require(total is not None, "Expected at least one chunk. Found none.", DataError)
        return total

    # -- facts ------------------------------------------------------------------------------

    @property
    def names(self):
        """Names of the tasks, in order."""
        return tuple(task.name for task in self.tasks)

    @property
    def kinds(self):
        """The kinds of the tasks, in order."""
        return tuple(task.kind for task in self.tasks)

    @property
    def kinds_by_name(self):
        """The kind of every task, by its name: a later chunk is read alike."""
        return {task.name: task.kind for task in self.tasks}

    @property
    def n_features(self):
        """Number of input columns."""
        return len(self.feature_names)

    @property
    def has_names(self):
        """Whether an input column is called otherwise than by its position: x0, x1, ..."""
        return any(name != f"x{j}" for j, name in enumerate(self.feature_names))

    @property
    def n_tasks(self):
        """Number of tasks."""
        return len(self.tasks)

    @property
    def shared(self):
        """True where all tasks have the same rows with the same weights: one Gram."""
        return len(self.sums.weight) == 1

    @property
    def weight(self):
        """Sum of the weights of every task's labels ``(T,)``."""
        return np.broadcast_to(self.sums.weight, (self.n_tasks,))

    @property
    def nbytes(self):
        """Bytes in all Grams and cross products."""
        return sum(part.nbytes for part in vars(self.sums).values())

    @property
    def std(self):
        """Standard deviation of every input ``(d,)``; 1 where it does not vary."""
        one = self.columns
        variance = one.square / max(one.weight, np.finfo(np.float64).tiny)
        return Scale.deviation(one.mean, variance, self.n_rows)

    def __repr__(self):
        grams = "one Gram" if self.shared else f"{self.n_tasks} Grams"
        size = f"{self.n_rows:,} rows, {self.n_features} inputs, {self.n_tasks} tasks"
        return f"Moments: {size}, {grams}"

    # -- sums -------------------------------------------------------------------------------

    def __add__(self, other):
        """The moments of both tables; tasks are known by name, and either may have more."""
        if not isinstance(other, Moments):
            return NotImplemented
        tasks = _union(self, other)
        alike = self.shared and other.shared and self.names == other.names
        owner = np.repeat(np.arange(len(tasks)), _widths(tasks))
        sums = Sums.empty(np.zeros_like(owner) if alike else owner, self.n_features)
        count, columns = np.zeros(len(tasks), dtype=np.int64), Columns.empty(self.n_features)
        for one in (self, other):
            at = np.array([[task.name for task in tasks].index(name) for name in one.names])
            count[at] += one.n_labels
            columns.absorb(one.columns)
            targets = np.concatenate([np.flatnonzero(owner == t) for t in at])
            sums.absorb(*one._parts(alike, at), targets)
        n_rows = self.n_rows + other.n_rows
        return Moments(tasks, self.feature_names, count, n_rows, sums, columns)

    def _parts(self, alike, at):
        """Sums in the form of the result, and the places that they take there."""
        if alike:
            return self.sums, np.zeros(1, dtype=np.int64)
        own = np.repeat(np.arange(self.n_tasks), _widths(self.tasks))
        return self.sums.spread(own) if self.shared else self.sums, at


def _widths(tasks):
    return [SQUARED.width(task.kind) for task in tasks]


def _union(a, b):
    """The tasks of both, those of ``a`` first; what has one name must be one thing."""
    require(
        a.feature_names == b.feature_names,
        f"Moments are added over the same input columns. Found {_some(a)} and {_some(b)}.",
        DataError,
    )
    kinds = a.kinds_by_name
    for task in b.tasks:
        mine = kinds.get(task.name, task.kind)
        require(
            mine == task.kind,
            f"Task {task.name!r} is {mine} in one part and {task.kind} in another. Say what it "
            "is with kinds=, classes of all parts included.",
            TaskError,
        )
    return a.tasks + tuple(task for task in b.tasks if task.name not in kinds)


def _some(moments):
    names = moments.feature_names
    return f"{len(names)} ({', '.join(names[:5])}{', ...' if len(names) > 5 else ''})"


def _gathered(data):
    """Sums of a table, read in blocks of rows."""
    owner = np.repeat(np.arange(data.n_tasks), _widths(data.tasks))
    count = 1 if data.shared else data.n_tasks
    hint = "Sums of products need few features: select some, or map the rows and fit on those"
    check(gram_bytes(count, data.n_features), available(), f"moments of {data.n_tasks} tasks", hint)
    sums = Sums.empty(np.zeros_like(owner) if data.shared else owner, data.n_features)
    columns = Columns.empty(data.n_features)
    X = data.X.tocsr() if sparse.issparse(data.X) else data.X
    rows = max(64, BLOCK // max(data.n_tasks, 1 if X is not data.X else data.n_features))
    tasks = list(data)
    reach = np.array([(one.rows[0], one.rows[-1]) if one.n else (0, -1) for one in tasks])
    for start in range(0, data.n_rows, rows):
        at = slice(start, min(start + rows, data.n_rows))
        near = np.flatnonzero((reach[:, 0] < at.stop) & (reach[:, 1] >= at.start))
        Y, A, places = _block([(t, tasks[t]) for t in near.tolist()], at)
        targets = np.flatnonzero(np.isin(owner, places))
        if data.shared:
            A, places = A[:, :1], np.zeros(1, dtype=np.int64)
        sums.add_rows(X[at], Y, A, places=places, targets=targets)
        columns.add_rows(X[at], A.sum(axis=1) / np.maximum((A > 0).sum(axis=1), 1))
    return sums, columns


def _block(near, at):
    """Targets ``(b, q)`` and weights ``(b, k)`` of the k tasks with a label in these rows."""
    Y, A, places = [], [], []
    for t, one in near:
        low, high = np.searchsorted(one.rows, (at.start, at.stop))
        if low == high:
            continue
        here = one.rows[low:high] - at.start
        values = SQUARED.targets(one.y[low:high], one.task.kind)
        y, a = np.zeros((at.stop - at.start, values.shape[1])), np.zeros(at.stop - at.start)
        y[here], a[here] = values, 1.0 if one.weight is None else one.weight[low:high]
        Y.append(y)
        A.append(a)
        places.append(t)
    if not places:
        empty = np.zeros((at.stop - at.start, 0))
        return empty, empty, np.zeros(0, dtype=np.int64)
    return np.hstack(Y), np.column_stack(A), np.asarray(places)
