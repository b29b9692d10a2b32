"""Metrics of how a task's rows are ordered by a score."""

import numpy as np

from polytask.errors import require
from polytask.ops.concordance import concordance
from polytask.report.metrics.metric import Undefined, present


def auc(y, score, weight=None):
    """Area under the ROC curve: how often a positive row stands above a negative one.

    ``P(s+ > s-) + P(s+ = s-) / 2`` over pairs of a positive and a negative row, by weight.

    Parameters
    ----------
    y : array (n,) of 0 and 1
    score : array (n,)
        Larger for class 1.
    weight : array (n,), >= 0, optional

    Raises
    ------
    Undefined
        If there is one class only.

    Examples
    --------
    >>> auc([0, 1, 1], [0.2, 0.2, 0.9])
    0.75
    """
    positive, negative = _masses(y, score, weight)
    below = np.cumsum(negative[::-1])[::-1] - negative
    return float(positive @ (below + negative / 2) / (positive.sum() * negative.sum()))


def average_precision(y, score, weight=None):
    """Mean of the precision over the positive rows, from the highest score downwards.

    ``sum_k (R_k - R_(k-1)) P_k`` over the distinct scores, without interpolation.

    Raises
    ------
    Undefined
        If there is one class only.

    Examples
    --------
    >>> round(average_precision([0, 1, 1], [0.5, 0.2, 0.9]), 4)
    0.8333
    """
    positive, negative = _masses(y, score, weight)
    found = np.cumsum(positive)
    return float(positive @ (found / (found + np.cumsum(negative))) / positive.sum())


def precision_at_k(y, score, weight=None, *, k=10):
    """Share of positive rows among the ``k`` with the highest scores.

    Rows with equal scores at the border count by their share, so that the order of the rows
    changes nothing. With weights, the ``k`` are units of weight.

    Raises
    ------
    Undefined
        If there are fewer than ``k`` rows, or one class only.

    Examples
    --------
    >>> precision_at_k([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], k=2)
    0.5
    """
    require(k > 0, f"precision_at_k needs k > 0. Found k={k}.")
    positive, negative = _masses(y, score, weight)
    mass = positive + negative
    if mass.sum() < k:
        raise Undefined(f"{mass.sum():g} labels, fewer than k={k}")
    taken = np.clip(k - (np.cumsum(mass) - mass), 0, mass)
    return float((taken / mass) @ positive / k)


def concordance_index(y, risk, weight=None):
    """How often, of two rows, the one with the earlier event has the higher risk: Harrell's C.

    Parameters
    ----------
    y : array (n,)
        ``+time`` of an event, ``-time`` of a censored row; see `polytask.kinds.Survival`.
    risk : array (n,)
        Larger is sooner.
    weight : array (n,), >= 0, optional

    Raises
    ------
    Undefined
        If no two rows can be compared.

    Examples
    --------
    >>> concordance_index([1, 2, -3], [0.9, 0.5, 0.1])
    1.0
    """
    value = concordance(*present(y, risk, weight))
    if np.isnan(value):
        raise Undefined("no event with a row that is seen longer")
    return value


def _masses(y, score, weight):
    """Weight of the positive and of the negative rows at each distinct score, highest first."""
    y, score, weight = present(y, score, weight)
    one_class(y)
    _, at = np.unique(-score, return_inverse=True)
    total = np.bincount(at, weight)
    positive = np.bincount(at, weight * (y == 1), minlength=len(total))
    return positive, total - positive


def one_class(y):
    """Raise `Undefined` where all labels are of one class."""
    if np.all(y == y[0]):
        raise Undefined("one class only")
