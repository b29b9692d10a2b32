"""From sufficient statistics to a `Problem`: the fit that needs no rows."""

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.gram_part import GramPart
from polytask.linear.problem import Problem


def of_moments(moments, fits, outputs, factor, *, scale, fit_intercept):
    """The problem of `Moments` under weights ``factor`` ``(T,)``, ``omega_t / n_t``.

    Raises
    ------
    UnsupportedError
        If a task has another loss than the squared one, which alone has sufficient statistics.
    """
    for task, fit in zip(moments.tasks, fits):
        require(
            fit.name == "squared",
            f"Moments carry squared losses. Task {task.name!r} is {task.kind.name} and has "
            f"{type(fit).__name__}. Take datafit=Squared(), or fit on the rows.",
            UnsupportedError,
        )
    std = moments.std if scale else None
    part = _part(moments.sums, np.asarray(outputs.task), factor, std, fit_intercept)
    return Problem((part,), outputs, moments.n_features, std)


def _part(sums, task, factor, std, fit_intercept):
    one = len(sums.weight) == 1 and len(set(factor)) == 1
    each = factor[task]
    weight, x_mean, y_mean = sums.weight[sums.place], sums.x_mean[sums.place], sums.y_mean
    C, yy = sums.C, sums.yy
    rows, f = (np.zeros(1, dtype=int), factor[:1]) if one else (sums.place, each)
    G = sums.G[rows] * f[:, None, None]
    size = each @ (yy + weight * y_mean**2)
    if not fit_intercept:
        C = C + (weight * y_mean)[:, None] * x_mean
        yy = yy + weight * y_mean**2
        side = np.sqrt(f * sums.weight[rows])[:, None] * sums.x_mean[rows]
        G += side[:, :, None] * side[:, None, :]
        x_mean, y_mean = np.zeros_like(x_mean), np.zeros_like(y_mean)
    C, x_mean = (each[:, None] * C).T, x_mean[: len(G)]
    if std is not None:
        G, C, x_mean = G / np.outer(std, std), C / std[:, None], x_mean / std
    eps = float(np.finfo(np.float64).eps)
    columns = np.arange(len(task))
    return GramPart(columns, G, C, each * yy, x_mean, y_mean, eps * float(size))
