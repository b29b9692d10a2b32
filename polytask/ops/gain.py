"""Discounted cumulated gain: how good the top of a ranked list is."""

import numpy as np


def ndcg(y, score, groups, weight=None, *, k=None, gain="exponential"):
    """Mean over queries of the cumulated gain of the first ``k`` rows, over the best possible.

    ``DCG = sum over places i <= k of gain / log2(i + 1)``, gain ``2^y - 1`` (or ``y``). Rows with
    equal scores share their places: each has the mean of their discounts. A weight is how often a
    row stands in its list. Queries without a relevant row have no value and are left out.

    Parameters
    ----------
    y : array (n,), >= 0
    score : array (n,)
    groups : array (n,)
        The query of every row.
    weight : array (n,), optional
    k : int, optional
        Default: the whole list.
    gain : {"exponential", "linear"}

    Returns
    -------
    float
        NaN where no query has a relevant row.

    References
    ----------
    Järvelin, Kekäläinen. Cumulated gain-based evaluation of IR techniques. ACM TOIS 20, 2002.
    McSherry, Najork. Computing information retrieval performance measures efficiently in the
    presence of tied scores. ECIR 2008.

    Examples
    --------
    >>> round(ndcg([3, 0, 1], [0.1, 0.2, 0.3], [0, 0, 0]), 4)
    0.5897
    """
    y, score = np.asarray(y, dtype=np.float64), np.asarray(score, dtype=np.float64)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    _, query = np.unique(np.asarray(groups), return_inverse=True)
    gains = np.exp2(y) - 1 if gain == "exponential" else y
    best = _cumulated(gains, gains, query, weight, k)
    found = _cumulated(gains, score, query, weight, k)
    counts = best > 0
    return float(np.mean(found[counts] / best[counts])) if counts.any() else float("nan")


def _cumulated(gains, score, query, weight, k):
    """Cumulated gain ``(q,)`` of lists in the order of their scores."""
    order = np.lexsort((-score, query))
    q, s, w = query[order], score[order], weight[order]
    new = np.append(True, (q[1:] != q[:-1]) | (s[1:] != s[:-1]))
    tie = np.cumsum(new) - 1
    mass = np.bincount(tie, w)
    gain = np.bincount(tie, w * gains[order])
    owner = q[new]
    # where the places of a tie begin and end, counted from the top of its own list
    end = np.cumsum(mass)
    first = np.searchsorted(owner, owner)
    end = end - np.append(0.0, end)[first]
    share = _discounts(end, k) - _discounts(end - mass, k)
    each = np.divide(gain * share, mass, out=np.zeros_like(mass), where=mass > 0)
    return np.bincount(owner, each, minlength=int(query.max()) + 1)


def _discounts(places, k):
    """Sum of ``1 / log2(i + 1)`` over the first ``places``, linear between whole numbers."""
    places = np.maximum(places if k is None else np.minimum(places, k), 0.0)
    last = int(np.ceil(places.max(initial=0.0)))
    sums = np.append(0.0, np.cumsum(1 / np.log2(np.arange(2, last + 2))))
    return np.interp(places, np.arange(last + 1), sums)
