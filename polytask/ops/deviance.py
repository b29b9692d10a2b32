"""How far means are from counts."""

import numpy as np
from scipy.special import xlogy


def poisson_deviance(y, mean, weight=None):
    """Mean Poisson deviance ``2 (y log(y / m) - y + m)``; infinite where m is 0 and y is not.

    >>> poisson_deviance(np.array([0.0, 2.0]), np.array([1.0, 2.0]))
    1.0
    """
    y, mean = np.asarray(y, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    with np.errstate(divide="ignore"):
        each = 2 * (xlogy(y, y) - xlogy(y, mean) - y + mean)
    return float(np.average(np.maximum(each, 0.0), weights=weight))
