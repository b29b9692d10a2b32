"""The columns that stand for a task among the inputs of another one."""

import numpy as np
from scipy import sparse
from sklearn.base import clone

from polytask.independent import Independent

METAS = ("cv", "train", "true")
WAYS = ("predict_proba", "predict")


def fit_stage(estimator, data, X, name):
    """The estimator for one task on the inputs X ``(n, .)``: a fitted `Independent`."""
    inner = None if estimator is None else clone(estimator)
    return Independent(inner).fit(data.with_(X=X, inputs=None).keep(name))


def beside(X, *columns):
    """The table X, dense or sparse, with these columns ``(n, k)`` at its right."""
    if not columns:
        return X
    if sparse.issparse(X):
        return sparse.hstack([X, *map(sparse.csr_array, columns)], "csr")
    return np.column_stack([X, *columns])


def columns_of(kind, outputs, way):
    """Columns ``(n, k)`` from the outputs of a task: a number, or one per class but the first.

    ``way`` says what stands for a class: its probability, or 1 for the likeliest and 0.
    """
    if kind.classes is None:
        return outputs[:, None]
    if way == "predict":
        outputs = _hot(outputs.argmax(axis=1), len(kind.classes))
    return outputs[:, 1:]


def training_columns(stage, data, X, name, model):
    """Columns ``(n, k)`` of a task for the training rows of the tasks after it.

    Parameters
    ----------
    stage : the fitted `Independent` of the task
    data : Tasks
    X : table (n, .)
        The inputs of the stage.
    name : str
    model : Chain or Stacking
        Its ``meta``, ``cv``, ``chain_method`` and ``random_state`` are asked.

    Notes
    -----
    A row without a label of the task gets the prediction of the stage, which did not see it.
    """
    one, kind = data[name], data[name].task.kind
    columns = columns_of(kind, stage._outputs(X, name), model.chain_method)
    if model.meta == "true":
        columns[one.rows] = _true(kind, one.y)
    if model.meta == "cv":
        columns[one.rows] = _out_of_fold(data, X, name, model)
    return columns


def _true(kind, y):
    return y[:, None] if kind.classes is None else _hot(y.astype(int), len(kind.classes))[:, 1:]


def _hot(codes, k):
    return np.eye(k)[codes]


def _out_of_fold(data, X, name, model):
    """Columns ``(n_t, k)`` of the labelled rows, each by a fit that did not see its fold."""
    rows = data[name].rows
    table = data.with_(X=X, inputs=None).keep(name).take(rows)
    kind, found = table.kinds[0], None
    for train, test in _folds(table, model):
        stage = fit_stage(model.estimator, table.take(train), table.X[train], name)
        part = columns_of(kind, stage._outputs(table.X[test], name), model.chain_method)
        found = np.zeros((len(rows), part.shape[1])) if found is None else found
        found[test] = part
    return found


def _folds(table, model):
    if not isinstance(model.cv, int):
        return model.cv.split(table.X, table[table.names[0]].y, table.groups)
    k = max(2, min(model.cv, table.n_rows))
    pairs = table.folds(k, seed=model.random_state or 0)
    # take() keeps the order of the table
    return [(np.sort(train), np.sort(test)) for train, test in pairs]
