"""Metrics of one task whose labels are counts."""

import numpy as np

from polytask.ops import deviance
from polytask.report.metrics.metric import Undefined, present


def poisson_deviance(y, mean, weight=None):
    """Mean Poisson deviance, ``2 (y log(y / m) - y + m)``.

    Parameters
    ----------
    y : array (n,), >= 0
    mean : array (n,), > 0 where y is
    weight : array (n,), >= 0, optional

    Raises
    ------
    Undefined
        If a predicted mean is negative, or zero where there was a count.

    Examples
    --------
    >>> poisson_deviance([0, 2], [1, 2])
    1.0
    """
    y, mean, weight = present(y, mean, weight)
    if np.any(mean < 0):
        raise Undefined("a predicted mean below zero")
    if np.any((mean == 0) & (y > 0)):
        raise Undefined("a predicted mean of zero where there was a count")
    return deviance.poisson_deviance(y, mean, weight)
