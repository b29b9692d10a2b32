"""Metrics of how rows are ordered within their queries."""

import numpy as np

from polytask.errors import require
from polytask.ops import gain
from polytask.report.metrics.metric import Undefined, present


def ndcg(y, score, weight=None, *, groups, k=None):
    """Normalised discounted cumulated gain, the mean over queries that have a relevant row.

    Gains ``2^y - 1``, discounts ``1 / log2(place + 1)``. Rows with equal scores share their places,
    so that the order of the rows changes nothing; a weight is how often a row stands in its list.

    Parameters
    ----------
    y : array (n,) of relevances, >= 0
    score : array (n,)
    weight : array (n,), >= 0, optional
    groups : array (n,)
        The query of every row.
    k : int >= 1, optional
        How many places count; default: all.

    Raises
    ------
    Undefined
        If no query has a relevant row.

    Notes
    -----
    scikit-learn's ``ndcg_score`` has gains ``y``, counts a query without a relevant row as 0, and
    takes queries of one length only.

    References
    ----------
    Järvelin, Kekäläinen. Cumulated gain-based evaluation of IR techniques. ACM TOIS 20, 2002.

    Examples
    --------
    >>> round(ndcg([1, 0, 0, 2], [0.1, 0.9, 0.5, 0.7], groups=["a", "a", "b", "b"]), 4)
    0.8155
    """
    require(k is None or k >= 1, f"ndcg needs k >= 1. Found k={k}.")
    counts = np.ones(len(y), bool) if weight is None else np.asarray(weight) > 0
    y, score, weight = present(y, score, weight)
    value = gain.ndcg(y, score, np.asarray(groups)[counts], weight, k=k)
    if np.isnan(value):
        raise Undefined("no query has a relevant row")
    return value


def ndcg_at_10(y, score, weight=None, *, groups):
    """As `ndcg`, of the first ten places.

    Examples
    --------
    >>> ndcg_at_10([0, 1], [0.1, 0.9], groups=["a", "a"])
    1.0
    """
    return ndcg(y, score, weight, groups=groups, k=10)
