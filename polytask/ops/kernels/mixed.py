"""The exact step of one row whose price is a sum's: the cheapest split into a row and entries.

The row w ``(P,)`` has curvature ``h (P,)`` and is driven by ``z (P,)``. The step minimises
``sum_p h_p w_p^2 / 2 - z_p w_p + min over b + s = w of cut |b| + own |s|_1``, where ``|b|`` is the
length of b, or its largest entry. At the minimum ``w = (z - v) / h`` for the v next to z, in the
metric ``1 / h``, among those with entries within ``own`` and dual norm within ``cut``; it follows
from one multiplier, which is found by Newton's steps inside a bracket.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled

# Steps on the multiplier; six or seven are usual, and bisection alone ends at rounding.
STEPS = 100
EXACT = 1e-14


@compiled
def split_length(z, h, cut, own, new):
    """The step with the length of the shared part; whether it is not zero.

    >>> new = np.empty(2)
    >>> split_length(np.array([3.0, 4.0]), np.ones(2), 1.0, 9.0, new), new
    (True, array([2.4, 3.2]))
    """
    inside, low, high, total, least = 0.0, 0.0, 0.0, 0.0, np.inf
    for p in range(len(z)):
        if h[p] > 0.0:
            inside += min(abs(z[p]), own) ** 2
            total += z[p] * z[p]
            least = min(least, h[p])
    mu = 0.0
    if inside > cut * cut:
        high = (np.sqrt(total) / cut - 1.0) / least
        for _ in range(STEPS):
            square, slope = 0.0, 0.0
            for p in range(len(z)):
                if h[p] > 0.0:
                    below = 1.0 + mu * h[p]
                    v = abs(z[p]) / below
                    if v < own:
                        square += v * v
                        slope += v * v * h[p] / below
                    else:
                        square += own * own
            if abs(square - cut * cut) <= EXACT * cut * cut:
                break
            if square > cut * cut:
                low = mu
            else:
                high = mu
            # f = square**-1/2 is nearly straight: a step of Newton's on f = 1 / cut
            step = (np.sqrt(square) / cut - 1.0) * square / slope if slope > 0.0 else np.inf
            mu += step
            if not low < mu < high:
                mu = 0.5 * (low + high)
            if high - low <= EXACT * high:
                break
    kept = False
    for p in range(len(z)):
        v = min(abs(z[p]) / (1.0 + mu * h[p]), own)
        size = (abs(z[p]) - v) / h[p] if h[p] > 0.0 else 0.0
        kept |= size > 0.0
        new[p] = size if z[p] > 0.0 else -size
    return kept


@compiled
def split_largest(z, h, cut, own, new):
    """The step with the largest entry of the shared part; whether it is not zero.

    >>> new = np.empty(3)
    >>> split_largest(np.array([3.0, -2.0, 0.5]), np.ones(3), 1.0, 9.0, new), new
    (True, array([ 2. , -2. ,  0.5]))
    """
    inside, low, high = 0.0, 0.0, 0.0
    for p in range(len(z)):
        if h[p] > 0.0:
            inside += min(abs(z[p]), own)
            high = max(high, abs(z[p]) / h[p])
    mu = 0.0
    if inside > cut:
        for _ in range(STEPS):
            reached, slope = 0.0, 0.0
            for p in range(len(z)):
                if h[p] > 0.0:
                    v = abs(z[p]) - mu * h[p]
                    if v >= own:
                        reached += own
                    elif v > 0.0:
                        reached += v
                        slope += h[p]
            if abs(reached - cut) <= EXACT * cut:
                break
            if reached > cut:
                low = mu
            else:
                high = mu
            mu += (reached - cut) / slope if slope > 0.0 else np.inf
            if not low < mu < high:
                mu = 0.5 * (low + high)
            if high - low <= EXACT * high:
                break
    kept = False
    for p in range(len(z)):
        v = min(max(abs(z[p]) - mu * h[p], 0.0), own)
        size = (abs(z[p]) - v) / h[p] if h[p] > 0.0 else 0.0
        kept |= size > 0.0
        new[p] = size if z[p] > 0.0 else -size
    return kept
