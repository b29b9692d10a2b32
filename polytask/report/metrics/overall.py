"""Metrics over all tasks together: sums run over all tasks first, then one division."""

import numpy as np

from polytask.errors import DataError, require
from polytask.report.metrics.metric import Undefined, present
from polytask.report.metrics.regression import r2, sum_of_squares


def explained_variance_within_task(labels, predictions, weights=None):
    """Share of the variance inside the tasks that is explained, all tasks in one division.

    ``1 - sum_t sum_i w_ti (y_ti - p_ti)^2 / sum_t sum_i w_ti (y_ti - m_t)^2``, with m_t the mean
    of task t's *test* labels. Of the two definitions in circulation this is the strict one: what
    the differences between the tasks' means explain does not count.

    Parameters
    ----------
    labels, predictions : sequences of T arrays (n_t,)
        Tasks without a label add nothing.
    weights : sequence of T arrays (n_t,) or None, optional

    Raises
    ------
    Undefined
        If the labels of every task are equal.

    Examples
    --------
    >>> explained_variance_within_task([[1, 3], [11, 13]], [[1, 3], [12, 12]])
    0.5
    """
    parts = _parts(labels, predictions, weights)
    return _explained(parts, sum(sum_of_squares(y, w) for y, _, w in parts))


def explained_variance_pooled(labels, predictions, weights=None):
    """Share of the variance of all labels together that is explained.

    As `explained_variance_within_task`, with the mean of *all* test labels in the place of each
    task's own: a constant per task already scores above 0 where the tasks' means differ.

    Examples
    --------
    >>> round(explained_variance_pooled([[1, 3], [11, 13]], [[1, 3], [12, 12]]), 4)
    0.9808
    """
    parts = _parts(labels, predictions, weights)
    y, w = np.concatenate([p[0] for p in parts]), np.concatenate([p[2] for p in parts])
    return _explained(parts, sum_of_squares(y, w))


def mean_r2(labels, predictions, weights=None):
    """Mean over the tasks of each task's own R²; tasks without one are left out.

    Examples
    --------
    >>> mean_r2([[1, 3], [11, 13]], [[1, 3], [12, 12]])
    0.5
    """
    values = []
    for y, p, w in _parts(labels, predictions, weights):
        try:
            values.append(r2(y, p, w))
        except Undefined:
            continue
    if not values:
        raise Undefined("no task has an R²")
    return float(np.mean(values))


def overall_rmse(labels, predictions, weights=None):
    """Root of the mean squared error over all labels of all tasks.

    Examples
    --------
    >>> overall_rmse([[1, 3], [11, 13]], [[1, 3], [12, 15]])
    1.118033988749895
    """
    parts = _parts(labels, predictions, weights)
    return float(np.sqrt(_errors(parts) / sum(w.sum() for _, _, w in parts)))


def _parts(labels, predictions, weights):
    weights = [None] * len(labels) if weights is None else weights
    require(
        len(labels) == len(predictions) == len(weights),
        f"Expected as many predictions and weights as labels ({len(labels)} tasks). "
        f"Found {len(predictions)} and {len(weights)}.",
        DataError,
    )
    parts = []
    for y, prediction, weight in zip(labels, predictions, weights):
        try:
            parts.append(present(y, prediction, weight))
        except Undefined:
            continue
    if not parts:
        raise Undefined("no label")
    return parts


def _errors(parts):
    return sum(float(w @ (y - p) ** 2) for y, p, w in parts)


def _explained(parts, total):
    if total == 0:
        raise Undefined("all labels are equal")
    return float(1 - _errors(parts) / total)
