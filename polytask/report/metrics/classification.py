"""Metrics of one task whose labels are classes."""

import numpy as np

from polytask.report.metrics.metric import present
from polytask.report.metrics.ranking import one_class

TINY = np.finfo(np.float64).eps  # as scikit-learn clips probabilities


def log_loss(y, probabilities, weight=None):
    """Mean of ``-log p(the row's class)``, in nats.

    Parameters
    ----------
    y : array (n,) of class codes 0 ... K - 1
    probabilities : array (n, K), rows sum to one
    weight : array (n,), >= 0, optional

    Examples
    --------
    >>> round(log_loss([0, 1], [[0.5, 0.5], [0.2, 0.8]]), 4)
    0.4581
    """
    y, probabilities, weight = present(y, probabilities, weight)
    p = np.clip(probabilities, TINY, 1 - TINY)
    p = p / p.sum(axis=1, keepdims=True)
    own = p[np.arange(len(y)), y.astype(np.int64)]
    return float(-np.average(np.log(own), weights=weight))


def accuracy(y, label, weight=None):
    """Share of the rows whose class was met; ``label`` are class codes ``(n,)``.

    Examples
    --------
    >>> accuracy([0, 1, 1, 2], [0, 1, 2, 2])
    0.75
    """
    y, label, weight = present(y, label, weight)
    return float(np.average(y == label, weights=weight))


def balanced_accuracy(y, label, weight=None):
    """Mean over the classes present of the share that was met.

    Raises
    ------
    Undefined
        If there is one class only.

    Examples
    --------
    >>> balanced_accuracy([0, 0, 0, 1], [0, 0, 0, 0])
    0.5
    """
    y, label, weight = present(y, label, weight)
    one_class(y)
    met = [np.average(label[y == c] == c, weights=weight[y == c]) for c in np.unique(y)]
    return float(np.mean(met))


def f1(y, label, weight=None):
    """Harmonic mean of precision and recall of class 1; 0 where nothing was found.

    Raises
    ------
    Undefined
        If there is one class only.

    Examples
    --------
    >>> f1([0, 1, 1, 0], [0, 1, 0, 0]) == 2 / 3
    True
    """
    y, label, weight = present(y, label, weight)
    one_class(y)
    hit = weight @ ((y == 1) & (label == 1))
    return float(2 * hit / (weight @ (y == 1) + weight @ (label == 1)))
