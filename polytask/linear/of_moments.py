"""From sufficient statistics to a `Problem`: the fit that needs no rows."""

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.constant import is_priced, statistics_with_ones, without_ones
from polytask.linear.form import check, gram_bytes
from polytask.linear.gram_part import GramPart
from polytask.linear.problem import Problem
from polytask.ops.memory import available


def of_moments(moments, fits, outputs, factor, *, scale, fit_intercept):
    """The problem of `Moments` under weights ``factor`` ``(T,)``, ``omega_t / n_t``.

    Raises
    ------
    UnsupportedError
        If a task has another loss than the squared one, which alone has sufficient statistics.
    TooLargeError
        If the memory that is left does not hold what a solver makes of them.
    """
    for task, fit in zip(moments.tasks, fits):
        require(
            fit.name == "squared",
            f"Moments carry squared losses. Task {task.name!r} is {task.kind.name} and has "
            f"{type(fit).__name__}. Take datafit=Squared(), or fit on the rows.",
            UnsupportedError,
        )
    memory = gram_bytes(len(moments.sums.weight), moments.n_features)
    check(memory, available(), f"statistics of {moments!r}")
    std = moments.std if scale else None
    part = _part(moments.sums, np.asarray(outputs.task), factor, std)
    d, constant = moments.n_features, is_priced(fit_intercept)
    if constant or not fit_intercept:
        total = moments.sums.weight[moments.sums.place] * factor[np.asarray(outputs.task)]
        part = statistics_with_ones(part, total[: len(part.G)])
    if constant:
        d, std = d + 1, None if std is None else np.append(std, 1.0)
    elif not fit_intercept:
        part = without_ones(part)
    return Problem((part,), outputs, d, std, constant, memory=memory)


def _part(sums, task, factor, std):
    """Statistics of every output about its means, weighed as in the objective."""
    one = len(sums.weight) == 1 and len(set(factor)) == 1
    each, weight = factor[task], sums.weight[sums.place]
    rows, f = (np.zeros(1, dtype=int), factor[:1]) if one else (sums.place, each)
    G, C, x_mean = sums.G[rows] * f[:, None, None], (each[:, None] * sums.C).T, sums.x_mean[rows]
    size = float(each @ (sums.yy + weight * sums.y_mean**2))
    if std is not None:
        G, C, x_mean = G / np.outer(std, std), C / std[:, None], x_mean / std
    eps = float(np.finfo(np.float64).eps)
    columns = np.arange(len(task))
    return GramPart(columns, G, C, each * sums.yy, x_mean, sums.y_mean, eps * size)
