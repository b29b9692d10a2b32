"""From a `Tasks` to a `Problem`: which datafit for which task, and which form is the fast one."""

import numpy as np

from polytask.errors import ParameterError, require
from polytask.linear.datafits import BY_NAME, Datafit
from polytask.linear.gram_part import GramPart
from polytask.linear.moments import Moments
from polytask.linear.of_moments import of_moments
from polytask.linear.outputs import Outputs
from polytask.linear.problem import Problem
from polytask.linear.table_part import TablePart
from polytask.ops.prox import TINY
from polytask.ops.scale import Scale

# How much larger than their rows the Grams of separate tasks may be: all Grams are multiplied at
# once, tables task by task, which is 50 times slower on Computer survey (12 rows, 13 columns).
MOST_GRAM = 4


def build(data, *, datafit="auto", fit_intercept=True, scale=False, task_weight="equal"):
    """The problem of a table of tasks.

    Sufficient statistics stand for the rows of tasks with squared loss where they are smaller;
    X is never copied per task: tasks of one table share its products, and rows that belong to one
    task each are put side by side once.

    Parameters
    ----------
    data : Tasks or Moments
    datafit : "auto" or Datafit
        "auto" is the loss of each task's kind.
    fit_intercept, scale : bool
    task_weight : {"equal", "size"}

    Returns
    -------
    Problem
    """
    fits = datafits_of(data.kinds, datafit)
    outputs = Outputs.of(data.tasks, fits)
    if isinstance(data, Moments):
        factor = factors(data.names, data.weight, task_weight)
        return of_moments(data, fits, outputs, factor, scale=scale, fit_intercept=fit_intercept)
    std = Scale.of(data.X, data.row_weight).std if scale else None
    a = weights(data, task_weight)
    rules = {"std": std, "fit_intercept": fit_intercept}
    squared = np.array([fit.name == "squared" for fit in fits])
    grams = _grams_are_smaller(data, squared)
    parts = []
    for chosen, maker in ((squared & grams, _grams), (~(squared & grams), _tables)):
        if chosen.any():
            parts += maker(data, fits, outputs, a, np.flatnonzero(chosen), rules)
    return Problem(tuple(parts), outputs, data.n_features, std)


def datafits_of(kinds, datafit):
    """A datafit per task, from the tasks' kinds."""
    require(
        datafit == "auto" or isinstance(datafit, Datafit),
        f"datafit needs to be 'auto' or a datafit such as Squared(). Found {datafit!r}.",
        ParameterError,
    )
    return [BY_NAME[kind.loss] if datafit == "auto" else datafit for kind in kinds]


def weights(data, task_weight):
    """Weight ``(n_t,)`` of every label in the objective, a list by task."""
    size = np.array([one.n if one.weight is None else one.weight.sum() for one in data])
    factor = factors(data.names, size, task_weight)
    return [_times(one, f) for one, f in zip(data, factor.tolist())]


def factors(names, size, task_weight):
    """``omega_t / n_t`` for every task ``(T,)``, from the sums of its labels' weights ``size``."""
    require(
        task_weight in ("equal", "size"),
        f"task_weight needs to be 'equal' or 'size'. Found {task_weight!r}.",
        ParameterError,
    )
    if task_weight == "size":
        return np.full(len(size), max(np.count_nonzero(size), 1) / max(size.sum(), TINY))
    return 1 / np.where(size > 0, size, 1.0)


def _times(labels, factor):
    """Weights ``(n_t,)`` of labels in the objective."""
    return np.full(labels.n, factor) if labels.weight is None else labels.weight * factor


def _grams_are_smaller(data, squared):
    """Whether Grams are the smaller work for the tasks with squared loss."""
    if data.shared:
        return data.n_rows >= data.n_features
    labels = data.n_labels[squared].sum() if squared.any() else 0
    # holes in one table: its rows are multiplied once for all tasks, so that Grams gain less
    most = MOST_GRAM if labels <= data.n_rows else 1
    return most * labels >= squared.sum() * data.n_features


def _grams(data, fits, outputs, a, chosen, rules):
    columns = np.flatnonzero(np.isin(outputs.task, chosen))
    tasks = list(data)
    targets = [fits[t].targets(tasks[t].y, tasks[t].task.kind) for t in chosen]
    if data.shared:
        tables = [(slice(0, data.n_rows), np.hstack(targets), a[chosen[0]])]
    else:
        rows = [_stretch(tasks[t].rows) for t in chosen]
        tables = list(zip(rows, targets, [a[t] for t in chosen]))
    return [GramPart.of(columns, data.X, tables, **rules)]


def _stretch(rows):
    """Rows as a slice where they stand together, so that reading them copies nothing."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows):
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def _tables(data, fits, outputs, a, chosen, rules):
    tasks = list(data)
    labels = sum(tasks[t].n for t in chosen)
    if not data.shared and labels <= data.n_rows:
        return [_own_table(data, fits, outputs, a, t, rules) for t in chosen]
    return [_one_table(data, fits, outputs, a, chosen, rules)]


def _own_table(data, fits, outputs, a, t, rules):
    """The rows of one task, where rows belong to one task each."""
    one = data[data.names[t]]
    X, y, _ = data.table(one.task.name)
    columns = outputs.columns(t)
    Y = fits[t].targets(y, one.task.kind)
    return TablePart(columns, X, Y, a[t][:, None], [(fits[t], np.arange(len(columns)))], **rules)


def _one_table(data, fits, outputs, a, chosen, rules):
    """All rows for all these tasks, with weight zero where a label is missing."""
    columns = np.concatenate([outputs.columns(t) for t in chosen])
    tasks = list(data)
    Y = np.zeros((data.n_rows, len(columns)))
    A = np.zeros((data.n_rows, 1 if data.shared else len(columns)))
    places, start = [], 0
    for t in chosen:
        one, at = tasks[t], np.arange(start, start + len(outputs.columns(t)))
        Y[np.ix_(one.rows, at)] = fits[t].targets(one.y, one.task.kind)
        A[np.ix_(one.rows, [0] if data.shared else at)] = a[t][:, None]
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
