"""Metrics of one task whose labels are numbers."""

import numpy as np

from polytask.errors import require
from polytask.report.metrics.metric import Undefined, present


def mse(y, prediction, weight=None):
    """Mean squared error, in squared units of the label.

    Examples
    --------
    >>> mse([1, 2], [1, 4])
    2.0
    """
    y, prediction, weight = present(y, prediction, weight)
    return float(np.average((y - prediction) ** 2, weights=weight))


def rmse(y, prediction, weight=None):
    """Root of the mean squared error, in units of the label.

    Examples
    --------
    >>> rmse([1, 2, 3], [1, 2, 6])
    1.7320508075688772
    """
    return float(np.sqrt(mse(y, prediction, weight)))


def mae(y, prediction, weight=None):
    """Mean absolute error, in units of the label.

    Examples
    --------
    >>> mae([1, 2, 3], [1, 2, 6])
    1.0
    """
    y, prediction, weight = present(y, prediction, weight)
    return float(np.average(np.abs(y - prediction), weights=weight))


def pinball_loss(y, prediction, weight=None, *, level=0.5):
    """Error of a predicted quantile: ``q (y - f)`` above it and ``(1 - q) (f - y)`` below, a mean.

    Parameters
    ----------
    y, prediction : arrays (n,)
    weight : array (n,), >= 0, optional
    level : float in (0, 1)
        q: at 1/2 it is half the mean absolute error.

    References
    ----------
    Koenker, Bassett. Regression quantiles. Econometrica 46, 1978.

    Examples
    --------
    >>> pinball_loss([1, 2], [0, 4], level=0.75)
    0.625
    """
    require(0 < level < 1, f"pinball_loss needs level in (0, 1). Found level={level}.")
    y, prediction, weight = present(y, prediction, weight)
    over = y - prediction
    each = np.maximum(level * over, (level - 1) * over)
    return float(np.average(each, weights=weight))


def r2(y, prediction, weight=None):
    """Coefficient of determination ``1 - SSE / SST``, SST around the mean of these labels.

    Raises
    ------
    Undefined
        If the labels are all equal: there is nothing to explain.

    Examples
    --------
    >>> r2([1, 2, 3], [1, 2, 2])
    0.5
    """
    y, prediction, weight = present(y, prediction, weight)
    total = sum_of_squares(y, weight)
    if total == 0:
        raise Undefined("one label only" if len(y) == 1 else "all labels are equal")
    return float(1 - weight @ (y - prediction) ** 2 / total)


def sum_of_squares(y, weight):
    """``sum_i w_i (y_i - mean)^2``, exactly 0 where all labels are equal."""
    if np.all(y == y[0]):
        return 0.0
    return float(weight @ (y - np.average(y, weights=weight)) ** 2)


def standardised_squared(y, prediction, weight, spread):
    """Mean squared error in units of the variance of the task's training labels."""
    return mse(y, prediction, weight) / (spread**2 or 1.0)


def standardised_absolute(y, prediction, weight, spread):
    """Mean absolute error in units of the standard deviation of the task's training labels."""
    return mae(y, prediction, weight) / (spread or 1.0)
