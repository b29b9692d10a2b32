"""The one door for everything that ``fit`` takes."""

import narwhals.stable.v2 as nw
import numpy as np

from polytask.door.arrays import column_labels, from_arrays
from polytask.door.checks import empty_tasks, weights
from polytask.errors import DataError, TaskError, require
from polytask.kinds.infer import resolve
from polytask.tasks import Tasks


def of(
    X,
    y=None,
    *,
    tasks=None,
    sample_weight=None,
    task_column=None,
    kinds=None,
    feature_names=None,
    allow_empty=False,
):
    """A table from any of the forms in which ``fit`` takes data.

    Parameters
    ----------
    X : Tasks, or inputs (n, d)
        A `Tasks` passes through; nothing else may come with it.
    y : (n,) or (n, T)
        One task; a column per task with NaN for a gap; or, with ``tasks`` or ``task_column``, one
        label per line.
    tasks : (n,), optional
        Name of the task of every line (long form).
    task_column : str or int, optional
        The column of X that names the task of every line.
    sample_weight : (n,), or (n, T) where y has that shape
    kinds : as in `from_arrays`

    Examples
    --------
    >>> of([[1.0], [2.0], [3.0]], [1, 2, 3], tasks=["a", "b", "a"]).n_labels.tolist()
    [2, 1]
    """
    if isinstance(X, Tasks):
        require(
            y is None and tasks is None and sample_weight is None,
            "A Tasks brings its labels and weights. Found y, tasks or sample_weight beside it.",
            DataError,
        )
        return X
    X, names = task_names(X if hasattr(X, "shape") else np.asarray(X), task_column, tasks)
    require(y is not None, "fit requires y to be passed, but the target y is None.", DataError)
    if names is None:
        columns = getattr(y, "columns", None)
        own = [str(c) for c in columns] if columns is not None else _series_name(y)
        values = np.asarray(y)
        own = own if values.ndim == 2 or own is None else own[:1]
        return from_arrays(
            X,
            values,
            names=own,
            kinds=kinds,
            feature_names=feature_names,
            weight=sample_weight,
            allow_empty=allow_empty,
        )
    return _long(X, y, names, sample_weight, kinds, feature_names)


def task_names(X, task_column, tasks):
    """Inputs without the task column, and the name of the task of every line ``(n,)`` or None."""
    require(
        task_column is None or tasks is None,
        f"The task of a line comes from tasks= or from task_column={task_column!r}, not both.",
        DataError,
    )
    if task_column is None:
        return X, None if tasks is None else as_names(tasks)
    X, column = _take_column(X, task_column)
    return X, as_names(column)


def as_names(values):
    """Task names as text: 3, 3.0 and "3" are one name."""
    values = np.asarray(values)
    if values.dtype.kind == "O":
        values = np.array([_plain(v) for v in values], dtype=object)
    if values.dtype.kind == "f":
        whole = values == np.floor(values)
        return np.array([str(int(v)) if w else str(v) for v, w in zip(values, whole, strict=True)])
    return values.astype(str)


def _plain(value):
    if isinstance(value, (float, np.floating)) and value == np.floor(value):
        return str(int(value))
    return str(value)


def _take_column(X, column):
    if not isinstance(X, np.ndarray) and hasattr(X, "columns"):
        frame = nw.from_native(X, eager_only=True)
        name = frame.columns[column] if isinstance(column, int) else column
        require(
            name in frame.columns,
            f"task_column={column!r} is not among the columns {list(frame.columns)[:8]}.",
            DataError,
        )
        return frame.drop(name).to_native(), frame[name].to_numpy()
    X = X if hasattr(X, "tocsc") else np.asarray(X)
    require(
        isinstance(column, (int, np.integer)) and -X.shape[1] <= column < X.shape[1],
        f"task_column={column!r} needs to be a position in 0..{X.shape[1] - 1}, as X has no names.",
        DataError,
    )
    keep = np.delete(np.arange(X.shape[1]), column)
    if hasattr(X, "tocsc"):
        X = X.tocsc()
        return X[:, keep], X[:, [column]].toarray().ravel()
    inputs = X[:, keep]
    return inputs.astype(np.float64) if inputs.dtype.kind == "O" else inputs, X[:, column]


def _long(X, y, names, sample_weight, kinds, feature_names):
    y = np.asarray(y)
    y = y.ravel() if y.ndim == 2 and y.shape[1] == 1 else y
    n = X.shape[0]
    require(
        y.shape == (n,) and names.shape == (n,),
        f"Long form needs a label and a task name per line, shape ({n},). Found y {y.shape}, "
        f"tasks {names.shape}.",
        DataError,
    )
    table = from_arrays(X, np.zeros(n), feature_names=feature_names)
    weight = weights(sample_weight, n, 1)[0]
    # one label column has one kind: its classes are those of all tasks together
    common = None if isinstance(kinds, dict) else resolve(kinds, y, "y")
    labels = []
    for name in ordered(names):
        rows = np.flatnonzero(names == name)
        wanted = kinds.get(name) if isinstance(kinds, dict) else common
        w = None if weight is None else weight[rows]
        labels.append(column_labels(y[rows], name, wanted, w, rows))
    empty_tasks(labels, allowed=False)
    return Tasks(table.X, labels, inputs=table.inputs)


def ordered(names):
    """Distinct names, numbers by value and before text: the order does not depend on the rows."""
    distinct = np.unique(names).tolist()
    return sorted(distinct, key=lambda name: (_number(name) is None, _number(name) or 0.0, name))


def _number(name):
    try:
        value = float(name)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _series_name(y):
    name = getattr(y, "name", None)
    return None if name is None or not isinstance(name, str) else [name]


def check_known(names, known):
    """Refuse tasks that were not there when the model was fitted.

    Raises
    ------
    TaskError
        Naming the unknown task and the choices; a column of broken numbers is told apart, because
        it is an identifier that went through a scaler.
    """
    strange = [name for name in ordered(names) if name not in known]
    if not strange:
        return
    scaled = all(_number(k) is not None for k in known) and any("." in s for s in strange)
    hint = (
        "The task column looks scaled; keep it out of the scaler."
        if scaled
        else "Fit with it, or use adapt()."
    )
    shown = ", ".join(map(repr, list(known)[:8])) + (", ..." if len(known) > 8 else "")
    raise TaskError(f"Unknown task {strange[0]!r}. Known: {shown}. {hint}")
