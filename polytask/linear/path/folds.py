"""Errors of a path on held-out rows, fold by fold, with the work that folds share done once."""

from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from polytask.errors import DataError, require
from polytask.linear.gram_part import GramPart
from polytask.linear.moments import Moments
from polytask.linear.path.judges import ByMoments, ByRows, squared_errors
from polytask.linear.path.walk import walk
from polytask.report.parallel import results
from polytask.report.plan import given
from polytask.report.run import lacks

# Folds are solved to a tolerance so much looser. On 14 problems (sparse and low-rank penalties, d
# from 40 to 400) mean errors moved by at most 0.4 % of their standard error, and no choice moved.
LOOSER = 10


@dataclass(frozen=True, eq=False)
class Errors:
    """What the held-out rows say of K candidates in F folds.

    Attributes
    ----------
    overall : array (F, K)
        What the choice compares.
    tasks : array (F, K, T)
        Error of every task; NaN where a fold has no label of it, or cannot learn it.
    """

    overall: np.ndarray
    tasks: np.ndarray


def deal(data, folds, *, by, seed):
    """Pairs (training rows, test rows): dealt here, before any work, or given.

    Rows without a label are in no part: they change nothing.
    """
    if not isinstance(folds, int | np.integer):
        return given(data, list(folds))
    kept = np.flatnonzero(data.row_weight > 0)
    table = data.take(kept)
    # in an order that follows from the labels: permuting tasks moves no row
    table = table.keep(*(one.task.name for one in sorted(table, key=_content)))
    pairs = table.folds(int(folds), seed=seed, by=by)
    pairs = [(kept[train], kept[test]) for train, test in pairs if len(train) and len(test)]
    require(
        len(pairs) > 1,
        f"Cross-validation needs two folds with rows or more. Found n_samples={len(kept)} rows "
        f"with labels for {folds} folds. Take fewer folds, or more rows.",
        DataError,
    )
    return pairs


def _content(labels):
    return labels.n, labels.rows.tobytes(), labels.y.tobytes()


def errors(model, data, problem, pairs, lines, criterion, *, n_jobs=None):
    """The `Errors` of the candidates of ``lines`` (lists of Penalty), line by line.

    One piece of work is a fold, with all its lines. Where sufficient statistics are the smaller
    form, those of every fold are made once: a training part is the sum of the others', and squared
    errors on the held-out part come from its own, so that no row is read twice.
    """
    model = clone(model).set_params(tol=LOOSER * model.tol)
    tables = _moments(data, problem, pairs)
    by_rows = not squared_errors(criterion)
    pieces = []
    for pair, (train, test) in zip(pairs, tables, strict=True):
        rows = (data, *pair) if by_rows or test is None else None
        pieces.append((model, rows, train, test, lines, criterion))
    found = dict(results(_fold, pieces, n_jobs=n_jobs))
    overall, tasks = zip(*(found[f] for f in range(len(pairs))), strict=True)
    return Errors(np.array(overall), np.array(tasks))


def _moments(data, problem, pairs):
    """`Moments` of every training and held-out part where they serve, else a pair of None."""
    numbers = all(kind.name == "regression" for kind in data.kinds)
    if not (numbers and all(isinstance(part, GramPart) for part in problem.parts)):
        return [(None, None)] * len(pairs)
    tests = [Moments.of(data.take(test)) for _, test in pairs]
    if not _dealt_once(data, pairs):
        return [(Moments.of(data.take(train)), own) for (train, _), own in zip(pairs, tests)]
    return [
        (reduce(add, (part for g, part in enumerate(tests) if g != f)), own)
        for f, own in enumerate(tests)
    ]


def _dealt_once(data, pairs):
    """Whether every labelled row is held out once and trains all other folds."""
    labelled = np.flatnonzero(data.row_weight > 0)
    tests = np.sort(np.concatenate([test for _, test in pairs]))
    whole = all(len(train) + len(test) == len(labelled) for train, test in pairs)
    return whole and np.array_equal(tests, labelled)


def _fold(model, rows, train, test, lines, criterion):
    # one thread in every worker: another number of threads would sum in another order, so that
    # n_jobs would change the last digits
    with threadpool_limits(1):
        if rows is None:
            problem = model._problem(train)
            judge = ByMoments(train, test, problem)
        else:
            data, *parts = rows
            table, held_out = (data.take(part) for part in parts)
            known = [one.task.name for one in table if not lacks(one)]
            if not known:
                count = sum(map(len, lines))
                return np.full(count, np.nan), np.full((count, data.n_tasks), np.nan)
            if len(known) < data.n_tasks:
                table, train = table.keep(*known), None
            problem = model._problem(table if train is None else train)
            judge = ByRows(model, data.names, table, held_out, problem, criterion)
        found = [judge(point) for line in lines for point in walk(model, problem, line)]
    overall, tasks = zip(*found, strict=True)
    return np.array(overall), np.array(tasks)
