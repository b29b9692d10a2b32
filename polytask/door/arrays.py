"""Tables from arrays: shared inputs with a matrix of labels, or a data set per task."""

import numpy as np
from scipy import sparse
from sklearn.utils import check_array

from polytask.door.checks import empty_tasks, input_columns, weights
from polytask.errors import DataError, require
from polytask.kinds.infer import resolve
from polytask.labels import Labels
from polytask.task import Task
from polytask.tasks import Tasks


def from_arrays(
    X,
    Y,
    *,
    names=None,
    kinds=None,
    feature_names=None,
    weight=None,
    groups=None,
    time=None,
    descriptors=None,
    allow_empty=False,
):
    """A table from shared inputs and a column of labels per task.

    Parameters
    ----------
    X : array or sparse matrix (n, d)
    Y : array (n,) or (n, T)
        NaN (or None) where a label is missing.
    names : sequence of T str, optional
        Default ``y0``, ``y1``, ...
    kinds : str, Kind or dict by task name, optional
        Default: inferred from the labels.
    feature_names : sequence of d str, optional
    weight : array (n,) or (n, T), optional
        Not negative; zero says the label is not there.
    groups, time : arrays (n,), optional
    descriptors : Descriptors, optional
    allow_empty : bool
        Whether a task without a label may pass.

    Returns
    -------
    Tasks

    Raises
    ------
    DataError, TaskError
        Naming the task and the column.

    Examples
    --------
    >>> Y = [[1, 0], [2, 1]]
    >>> from_arrays([[0.0], [1.0]], Y, names=["size", "ripe"], kinds={"ripe": "binary"})
    Tasks: 2 rows, 1 inputs, 2 tasks
      size: regression, labels 2 of 2 (100%)
      ripe: binary, labels 2 of 2 (100%)
    """
    X = _inputs(X)
    columns = _columns(Y, X.shape[0])
    names = tuple(names) if names is not None else tuple(f"y{t}" for t in range(len(columns)))
    require(
        len(names) == len(columns),
        f"Expected {len(columns)} task names, one per label column. Found {len(names)}.",
        DataError,
    )
    W = weights(weight, X.shape[0], len(columns))
    labels = [
        column_labels(values, str(name), _wanted(kinds, name), w)
        for values, name, w in zip(columns, names, W, strict=True)
    ]
    empty_tasks(labels, allow_empty or descriptors is not None)
    inputs = input_columns(feature_names, X.shape[1])
    return Tasks(X, labels, inputs=inputs, groups=groups, time=time, descriptors=descriptors)


def stack(sets, *, kinds=None, feature_names=None, descriptors=None, allow_empty=False):
    """A table from separate data sets, one below the other; each row belongs to one task.

    Parameters
    ----------
    sets : dict of name -> (X_t (n_t, d), y_t (n_t,)) or (X_t, y_t, weight_t)
    kinds, feature_names, descriptors, allow_empty
        As in `from_arrays`.

    Examples
    --------
    >>> stack({"a": ([[1.0], [2.0]], [1, 2]), "b": ([[3.0]], [4])}).n_labels.tolist()
    [2, 1]
    """
    require(len(sets) > 0, "stack needs a data set. Found none.", DataError)
    parts = {str(name): _part(str(name), *one) for name, one in sets.items()}
    widths = {name: part[0].shape[1] for name, part in parts.items()}
    require(
        len(set(widths.values())) == 1,
        f"Stacked data sets need the same columns. Found widths {widths}.",
        DataError,
    )
    blocks = [part[0] for part in parts.values()]
    X = sparse.vstack(blocks, "csr") if sparse.issparse(blocks[0]) else np.concatenate(blocks)
    labels, start = [], 0
    for name, (block, y, w) in parts.items():
        rows = np.arange(start, start + block.shape[0])
        labels.append(column_labels(y, name, _wanted(kinds, name), w, rows))
        start += block.shape[0]
    empty_tasks(labels, allow_empty or descriptors is not None)
    inputs = input_columns(feature_names, X.shape[1])
    return Tasks(X, labels, inputs=inputs, descriptors=descriptors)


def column_labels(values, name, wanted=None, weight=None, rows=None):
    """Labels of one task from a column ``(n,)`` of any type."""
    kind = resolve(wanted, values, name)
    return Labels.of(Task(name, kind), kind.encode(values, name), weight, rows)


def _part(name, X, y, weight=None):
    X = _inputs(X)
    y = np.asarray(y)
    require(
        y.shape == (X.shape[0],),
        f"Task {name!r} needs a label per row, shape ({X.shape[0]},). Found {y.shape}.",
        DataError,
    )
    return X, y, weights(weight, X.shape[0], 1)[0]


def _inputs(X):
    table = isinstance(X, np.ndarray) or sparse.issparse(X)
    if table and X.dtype in (np.float32, np.float64) and X.ndim == 2:  # checked, never copied
        return check_array(X, accept_sparse=["csr", "csc"], dtype=None, input_name="X")
    return check_array(X, accept_sparse=["csr", "csc"], dtype="numeric", input_name="X") * 1.0


def _columns(Y, n):
    Y = Y if isinstance(Y, np.ndarray) else np.asarray(Y, dtype=object if _ragged(Y) else None)
    Y = Y.reshape(len(Y), -1) if Y.ndim == 1 else Y
    require(
        Y.ndim == 2 and len(Y) == n,
        f"Labels need shape ({n},) or ({n}, T). Found {Y.shape}.",
        DataError,
    )
    return list(Y.T)


def _ragged(Y):
    # a list with None among numbers becomes object by itself; text and numbers must not mix
    return any(isinstance(v, str) or v is None for row in Y for v in np.atleast_1d(row))


def _wanted(kinds, name):
    return kinds.get(name) if isinstance(kinds, dict) else kinds
