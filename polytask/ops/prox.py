"""Proximal steps: what a penalty does to a matrix of coefficients."""

import numpy as np

# Divisor that keeps a zero row zero without a warning.
TINY = np.finfo(np.float64).tiny


def soft_threshold(W, cut):
    """Move every entry of ``W`` towards zero by ``cut``; smaller ones become zero.

    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 2.,  0., -1.])
    """
    return W - np.clip(W, -cut, cut)


def row_lengths(W):
    """The length of every row of ``W`` ``(d, P)``, without a table of squares.

    >>> row_lengths(np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([5., 0.])
    """
    return np.sqrt(np.einsum("jp,jp->j", W, W))


def shrink_rows(W, cut):
    """Shorten every row of ``W`` ``(d, P)`` by ``cut``; shorter rows become zero.

    >>> shrink_rows(np.array([[3.0, 4.0], [0.3, 0.4]]), 1.0)
    array([[2.4, 3.2],
           [0. , 0. ]])
    """
    length = row_lengths(W)
    return W * np.maximum(0, 1 - cut / np.maximum(np.maximum(length, cut), TINY))[:, None]


def squared_sum_cut(values, step):
    r"""The amount by which ``prox`` of ``step/2 (sum |s|)^2`` shortens every value ``s >= 0``.

    The step is ``s -> max(0, s - c)`` with ``c = step S_k / (1 + step k)``, where ``S_k`` sums the
    ``k`` largest values and ``k`` is the last index whose value stays positive.

    >>> squared_sum_cut(np.array([3.0, 1.0]), 1.0)
    1.5
    """
    largest = np.sort(values)[::-1]
    k = np.arange(1, len(largest) + 1)
    cut = step * np.cumsum(largest) / (1 + step * k)
    kept = np.flatnonzero(largest > cut)
    return float(cut[kept[-1]]) if len(kept) else 0.0
