"""Spectral water filling: how a fixed sum of variances is given to singular values."""

from functools import lru_cache

import numpy as np


def water_levels(size, low, high, total, shift=0.0):
    """``clip(nu size - shift, low, high)`` with the nu for which the sum is ``total``.

    They are the smallest of ``sum size_i^2 / (level_i + shift)`` over levels between ``low`` and
    ``high`` with that sum. Sizes of zero stay at ``low``; what they leave of the total is free.

    Parameters
    ----------
    size : array (k,), >= 0
    low, high : float
    total : float
        Between ``k low`` and ``k high``.
    shift : float, >= 0

    Examples
    --------
    >>> water_levels(np.array([3.0, 1.0, 1.0]), 1.0, 4.0, 6.0)
    array([3.6, 1.2, 1.2])
    """
    levels = np.full(len(size), low)
    seen = size > 0
    if not seen.any() or high <= low:
        return levels
    s = size[seen]
    room = total - low * (len(size) - len(s))
    kinks = np.sort(np.concatenate([(low + shift) / s, (high + shift) / s]))
    sums = np.array([np.clip(nu * s - shift, low, high).sum() for nu in kinks])
    after = int(np.searchsorted(sums, room))
    if after == len(kinks):
        levels[seen] = high
        return levels
    before = max(after - 1, 0)
    rise = sums[after] - sums[before]
    share = (room - sums[before]) / rise if rise > 0 else 0.0
    nu = kinks[before] + np.clip(share, 0, 1) * (kinks[after] - kinks[before])
    levels[seen] = np.clip(nu * s - shift, low, high)
    return levels


@lru_cache(maxsize=16)
def complement(T):
    """An orthonormal basis ``(T, T - 1)`` of the vectors that sum to zero.

    >>> complement(2).round(6) * [[1.0], [-1.0]] * np.sign(complement(2)[0])
    array([[0.707107],
           [0.707107]])
    """
    Q = np.linalg.svd(np.ones((T, 1)))[0][:, 1:]
    Q.setflags(write=False)
    return Q
