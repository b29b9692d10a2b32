"""From a model's outputs to the user's labels, in the shape in which the user asked."""

import warnings

import numpy as np
from scipy import sparse
from sklearn.utils import check_array
from sklearn.utils.multiclass import check_classification_targets

from polytask.door.arrays import from_arrays
from polytask.door.checks import weights
from polytask.door.of import ordered
from polytask.errors import DataError, UnsupportedError, require
from polytask.labels import Labels
from polytask.tasks import Tasks


def checked_labels(model, y):
    """Bare labels as scikit-learn wants them refused: none, complex, infinite, of a wrong shape."""
    require(
        y is not None,
        f"This {type(model).__name__} estimator requires y to be passed, but the target y is None.",
        DataError,
    )
    values = y if hasattr(y, "shape") else np.asarray(y)
    if getattr(values, "dtype", None) is not None and np.asarray(values).dtype.kind in "fc":
        # complex and infinite labels; gaps are meant
        check_array(
            np.asarray(values),
            ensure_2d=False,
            ensure_all_finite="allow-nan",
            input_name="y",
            allow_nd=True,
            ensure_min_samples=0,
        )
    require(
        np.ndim(values) in (1, 2),
        f"y needs shape (n,) or (n, T). Found shape {np.shape(values)}.",
        DataError,
    )
    if model._bare_kind == "class" and np.asarray(values).dtype.kind == "f":
        full = np.asarray(values)
        check_classification_targets(full[~np.isnan(full)])
    return values


def same_length(X, y):
    """Refuse labels that are not as many as the rows."""
    require(
        X.shape[0] == len(y),
        "Found input variables with inconsistent numbers of samples: "
        f"X has {X.shape[0]}, y has {len(y)}.",
        DataError,
    )


def classes(tasks, form):
    """``classes_`` as scikit-learn has it: an array for one label column, else a list of arrays."""
    found = [np.asarray(task.kind.classes) for task in tasks]
    same = all(np.array_equal(found[0], other) for other in found)
    return found[0] if form == "one" or (form == "long" and same) else found


def none(kind):
    """The outputs for no rows."""
    return np.zeros(0) if kind.classes is None else np.zeros((0, len(kind.classes)))


def predict(model, X, names):
    """Labels ``(n,)`` or ``(n, T)``."""
    if names is not None:
        return _by_line(model, X, names, lambda task, out: task.kind.decode(task.kind.predict(out)))
    found = _every(model, X)
    columns = [task.kind.decode(task.kind.predict(found[task.name])) for task in model.tasks_]
    return columns[0] if model._form == "one" else _side_by_side(columns)


def proba(model, X, names):
    """Probabilities: ``(n, K)``; ``(n, T)`` of the positive class where all tasks are binary."""
    for task in model.tasks_:
        require(
            task.kind.classes is not None,
            f"predict_proba needs classes. Task {task.name!r} is {task.kind.name}.",
            UnsupportedError,
        )
    if names is not None:
        _one_list_of_classes(model)
        return _by_line(model, X, names, lambda task, out: out)
    found = _every(model, X)
    if model._form == "one":
        return found[model.task_names_[0]]
    if all(task.kind.name == "binary" for task in model.tasks_):
        return np.column_stack([out[:, 1] for out in found.values()])
    return found


def _every(model, X):
    """The outputs of all tasks, a dict: at once where the model says how."""
    together = getattr(model, "_all", None)
    if together is not None:
        return together(X)
    return {task.name: model._outputs(X, task.name) for task in model.tasks_}


def _one_list_of_classes(model):
    lists = {task.kind.classes for task in model.tasks_}
    require(
        len(lists) == 1,
        "One table of probabilities needs the same classes in every task. Found "
        f"{len(lists)} lists of classes. Ask without tasks=: a dict by task name.",
        UnsupportedError,
    )


def _by_line(model, X, names, turn):
    require(
        len(names) == X.shape[0],
        f"tasks= needs a name per row, {X.shape[0]}. Found {len(names)}.",
        DataError,
    )
    model._known(names)
    known = {task.name: task for task in model.tasks_}
    out, parts = None, []
    for name in ordered(names):
        rows = np.flatnonzero(names == name)
        task = known.get(name, model.tasks_[0])
        parts.append((rows, turn(task, model._outputs(X[rows], name))))
    for rows, values in parts:
        if out is None:
            kind = np.result_type(*[v.dtype for _, v in parts])
            out = np.empty((X.shape[0], *values.shape[1:]), dtype=kind)
        out[rows] = values
    return np.zeros(0) if out is None else out


def _side_by_side(columns):
    kinds = {column.dtype.kind for column in columns}
    if kinds <= set("biuf") or len(kinds) == 1:
        return np.column_stack(columns)
    return np.column_stack([column.astype(object) for column in columns])


def relabelled(model, X, y, names, sample_weight):
    """A table of these answers with the tasks and the codes of the fitted model."""
    y = np.asarray(y)
    n = X.shape[0]
    if names is None:
        columns = y.reshape(n, -1)
        require(
            columns.shape[1] == len(model.tasks_),
            f"Expected labels of {len(model.tasks_)} tasks. Found {columns.shape[1]} columns.",
            DataError,
        )
        W = weights(sample_weight, n, columns.shape[1])
        labels = [
            Labels.of(task, _codes(task, columns[:, t]), W[t])
            for t, task in enumerate(model.tasks_)
        ]
    else:
        w = weights(sample_weight, n, 1)[0]
        labels = []
        for task in model.tasks_:
            rows = np.flatnonzero(names == task.name)
            part = None if w is None else w[rows]
            labels.append(Labels.of(task, _codes(task, y.ravel()[rows]), part, rows))
    table = X if sparse.issparse(X) else from_arrays(X, np.zeros(n)).X
    return Tasks(table, labels)


def _codes(task, values):
    if task.kind.classes is not None and np.asarray(values).dtype.kind != "f":
        # a class that was never seen is a wrong answer, not an error of the user
        known = np.isin(values, np.asarray(task.kind.classes))
        codes = np.full(len(values), -1.0)
        codes[known] = task.kind.encode(np.asarray(values)[known], task.name)
        return codes
    return task.kind.encode(values, task.name)


def mean_score(model, data):
    """Mean of the kinds' scores over the tasks with labels; NaN tasks are named and left out."""
    outputs = model.predict_each(data)
    scores = {
        one.task.name: one.task.kind.score(
            one.y, outputs[one.task.name], one.weight, **queries(data, one)
        )
        if one.n
        else float("nan")
        for one in data
        if one.task.name in outputs
    }
    undefined = [name for name, score in scores.items() if np.isnan(score)]
    if undefined:
        warnings.warn(
            f"No score for tasks with too few labels: {undefined[:5]}.", UserWarning, stacklevel=3
        )
    defined = [score for score in scores.values() if not np.isnan(score)]
    return float(np.mean(defined)) if defined else float("nan")


def queries(data, labels):
    """``groups=`` of the labelled rows for kinds that are judged within groups, else nothing."""
    return {"groups": data.groups[labels.rows]} if labels.task.kind.grouped else {}


class Reader:
    """Answers one question about many tasks, and computes nothing twice.

    For models whose outputs of a task go through something that others need too: they write
    ``_answering(X)``, which gives a function from the name of a task to its outputs.
    """

    def __init__(self, model):
        self.tasks_, self.task_names_, self._form = model.tasks_, model.task_names_, model._form
        self._known, self._answering = model._known, model._answering
        self._seen = {}

    def _outputs(self, X, name):
        if id(X) not in self._seen:
            # the table is kept with its answers, so that no other can take its id
            self._seen[id(X)] = X, self._answering(X)
        return self._seen[id(X)][1](name)
