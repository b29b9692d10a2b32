"""How well scores order times that are partly censored."""

import numpy as np

# Pairs that are compared at once (32 MB of comparisons).
PAIRS = 1 << 22


def concordance(time, risk, weight=None):
    """Harrell's concordance: how often the row with the earlier event has the higher risk.

    Pairs count in which one row has an event and the other is seen longer, or is censored at that
    very time; equal risks count half, a pair counts by the product of its weights.

    Parameters
    ----------
    time : array (n,)
        ``+time`` of an event, ``-time`` where censored.
    risk : array (n,)
    weight : array (n,), optional

    Returns
    -------
    float
        NaN where no two rows can be compared.

    References
    ----------
    Harrell, Califf, Pryor, Lee, Rosati. Evaluating the yield of medical tests. JAMA 1982.

    Examples
    --------
    >>> concordance(np.array([1.0, 2.0, -3.0]), np.array([0.9, 0.1, 0.5]))  # (1,2) (1,3), not (2,3)
    0.6666666666666666
    """
    time, risk = np.asarray(time, dtype=np.float64), np.asarray(risk, dtype=np.float64)
    weight = np.ones(len(time)) if weight is None else np.asarray(weight, dtype=np.float64)
    event, when = time > 0, np.abs(time)
    right = total = 0.0
    for rows in _parts(np.flatnonzero(event & (weight > 0)), len(time)):
        t, r = when[rows, None], risk[rows, None]
        later = ((when > t) | ((when == t) & ~event)) * weight
        total += weight[rows] @ later.sum(axis=1)
        right += weight[rows] @ np.sum(later * ((r > risk) + 0.5 * (r == risk)), axis=1)
    return float(right / total) if total > 0 else float("nan")


def _parts(rows, n):
    size = max(PAIRS // max(n, 1), 1)
    return np.split(rows, range(size, len(rows), size))
