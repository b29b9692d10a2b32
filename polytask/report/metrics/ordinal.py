"""Metrics of one task whose labels are levels in order."""

import numpy as np

from polytask.ops import agreement
from polytask.report.metrics.metric import Undefined, present


def quadratic_kappa(y, level, weight=None):
    """Cohen's kappa with quadratic weights: 1 where all is right, 0 as good as chance.

    Parameters
    ----------
    y, level : arrays (n,) of level numbers
    weight : array (n,), >= 0, optional

    Raises
    ------
    Undefined
        If labels and predictions are one and the same level everywhere.

    References
    ----------
    Cohen. Weighted kappa. Psychological Bulletin 70, 1968.

    Examples
    --------
    >>> quadratic_kappa([0, 1, 2, 2], [0, 1, 2, 1])
    0.8
    """
    value = agreement.quadratic_kappa(*present(y, level, weight))
    if np.isnan(value):
        raise Undefined("one level only, in labels and predictions")
    return value


def mae_of_levels(y, level, weight=None):
    """By how many levels the predictions are off on average.

    Examples
    --------
    >>> mae_of_levels([0, 1, 2, 2], [0, 1, 2, 1])
    0.25
    """
    y, level, weight = present(y, level, weight)
    return float(np.average(np.abs(y - level), weights=weight))
