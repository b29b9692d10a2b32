"""From a `Tasks` to a `Problem`: which datafit for which task, and which form is the fast one."""

import numpy as np

from polytask.linear.constant import (
    PENALISED,
    is_priced,
    statistics_with_ones,
    table_with_ones,
    times,
)
from polytask.linear.datafits_of import check_labels, check_names, datafits_of
from polytask.linear.form import form_of, together
from polytask.linear.gram_part import GramPart
from polytask.linear.moments import Moments
from polytask.linear.of_moments import of_moments
from polytask.linear.outputs import Outputs
from polytask.linear.problem import Problem
from polytask.linear.table_part import TablePart
from polytask.linear.task_weights import factors, weights
from polytask.ops.scale import Scale


def build(data, *, datafit="auto", fit_intercept=True, scale=False, task_weight="equal"):
    """The problem of a table of tasks.

    Sufficient statistics stand for the rows of tasks with squared loss where they are smaller;
    X is never copied per task: tasks of one table share its products, and rows that belong to one
    task each are put side by side once.

    Parameters
    ----------
    data : Tasks or Moments
    datafit : "auto", Datafit, or dict of task name -> Datafit or "auto"
        "auto" is the loss of each task's kind, also of tasks that a dict does not name.
    fit_intercept : bool or "penalised"
        Whether an intercept is free; or a coefficient of a column of ones, the last row of W.
    scale : bool
    task_weight : {"equal", "size"}, mapping or array (T,)

    Returns
    -------
    Problem

    Raises
    ------
    TooLargeError
        If neither form fits into the memory that is left; before it is spent.
    """
    check_names(data.tasks, datafit)
    fits = datafits_of(data.tasks, datafit)
    outputs = Outputs.of(data.tasks, fits)
    if isinstance(data, Moments):
        factor = factors(data.names, data.weight, task_weight)
        return of_moments(data, fits, outputs, factor, scale=scale, fit_intercept=fit_intercept)
    check_labels(data, fits)
    std = Scale.of(data.X, data.row_weight).std if scale else None
    a = weights(data, task_weight)
    rules = {"std": std, "fit_intercept": fit_intercept}
    squared = np.array([fit.name == "squared" for fit in fits])
    form = form_of(data, squared, np.asarray(outputs.task), alike=_alike(data, a))
    parts = []
    for chosen, maker in ((squared & form.grams, _grams), (~(squared & form.grams), _tables)):
        if chosen.any():
            parts += maker(data, fits, outputs, a, np.flatnonzero(chosen), rules)
    d, std, constant = _columns(data.n_features, std, fit_intercept)
    return Problem(tuple(parts), outputs, d, std, constant, data.X.dtype.name, form.memory)


def _columns(d, std, fit_intercept):
    """Number of rows of W, what their columns are divided by, and whether the last is of ones."""
    if not is_priced(fit_intercept):
        return d, std, False
    return d + 1, None if std is None else np.append(std, 1.0), True


def _grams(data, fits, outputs, a, chosen, rules):
    columns = np.flatnonzero(np.isin(outputs.task, chosen))
    tasks = list(data)
    targets = [fits[t].targets(tasks[t].y, tasks[t].task.kind) for t in chosen]
    if together(data):
        tables = [(_stretch(tasks[0].rows), np.hstack(targets), a[chosen[0]])]
    else:
        rows = [_stretch(tasks[t].rows) for t in chosen]
        tables = list(zip(rows, targets, [a[t] for t in chosen]))
    part = GramPart.of(columns, data.X, tables, **rules)
    owner = np.searchsorted(chosen, np.asarray(outputs.task)[columns])
    unlike, priced = together(data) and not _alike(data, a), is_priced(rules["fit_intercept"])
    if not unlike and not priced:
        return [part]
    total = np.array([a[t].sum() for t in chosen])[owner]
    part = times(part, total / total[0]) if unlike else part
    return [statistics_with_ones(part, total[: len(part.G)])] if priced else [part]


def _alike(data, a):
    """Whether all tasks have the same rows and count the same: then they have one Hessian."""
    return together(data) and all(one[0] == a[0][0] for one in a)


def _stretch(rows):
    """Rows as a slice where they stand together, so that reading them copies nothing."""
    if len(rows) and rows.item(-1) - rows.item(0) + 1 == len(rows):
        return slice(rows.item(0), rows.item(-1) + 1)
    return rows


def _tables(data, fits, outputs, a, chosen, rules):
    tasks = list(data)
    labels = sum(tasks[t].n for t in chosen)
    if is_priced(rules["fit_intercept"]):
        _, std, _ = _columns(data.n_features, rules["std"], PENALISED)
        data = data.with_(X=table_with_ones(data.X), inputs=None)
        rules = {"std": std, "fit_intercept": False}
    if not together(data) and labels <= data.n_rows:
        return [_own_table(data, fits, outputs, a, t, rules) for t in chosen]
    return [_one_table(data, fits, outputs, a, chosen, rules)]


def _own_table(data, fits, outputs, a, t, rules):
    """The rows of one task, where rows belong to one task each."""
    one = data[data.names[t]]
    X, y, _ = data.table(one.task.name)
    columns = outputs.columns(t)
    Y = fits[t].targets(y, one.task.kind)
    rows, blocks = _stretch(one.rows), [(fits[t], np.arange(len(columns)))]
    within = (data.X, rows.start) if isinstance(rows, slice) else None
    return TablePart(columns, X, Y, a[t][:, None], blocks, within=within, **rules)


def _one_table(data, fits, outputs, a, chosen, rules):
    """All rows for all these tasks, with weight zero where a label is missing."""
    columns = np.concatenate([outputs.columns(t) for t in chosen])
    tasks = list(data)
    Y = np.zeros((data.n_rows, len(columns)))
    alike = _alike(data, a)
    A = np.zeros((data.n_rows, 1 if alike else len(columns)))
    places, start = [], 0
    for t in chosen:
        one, at = tasks[t], np.arange(start, start + len(outputs.columns(t)))
        Y[np.ix_(one.rows, at)] = fits[t].targets(one.y, one.task.kind)
        A[np.ix_(one.rows, [0] if alike else at)] = a[t][:, None]
        places.append((fits[t], at))
        start += len(at)
    return TablePart(columns, data.X, Y, A, _blocks(places), **rules)


def _blocks(places):
    """Outputs of one separate loss go together; a coupled loss takes its tasks one by one."""
    blocks, together = [], {}
    for fit, at in places:
        if fit.separate:
            together.setdefault(fit, []).append(at)
        else:
            blocks.append((fit, at))
    return [(fit, np.concatenate(ats)) for fit, ats in together.items()] + blocks
