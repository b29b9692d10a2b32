"""Fusion where the graph has a shape that is solved directly: a line, or every pair alike."""

from collections import deque

import numpy as np


def fuse_line(Z, cut):
    """``argmin_w |w - z|^2 / 2 + sum_p cut_p |w_p - w_p+1|`` for every row z of Z ``(d, P)``.

    Dynamic programming along the line: the slope of the best value left of a point is piecewise
    linear, and cutting it at ``cut`` is all that a step does. Time is linear in P.

    References
    ----------
    Johnson. A dynamic programming algorithm for the fused lasso and L0-segmentation. JCGS 2013.

    Examples
    --------
    >>> fuse_line(np.array([[1.0, 2.0, 9.0]]), np.array([1.0, 1.0]))
    array([[2., 2., 8.]])
    """
    moved = np.array([_line(row, cut.tolist()) for row in Z.tolist()])
    return moved.reshape(Z.shape)


def _line(z, cut):
    """One row. Kinks are (place, change of slope, change of offset) from left to right."""
    kinks, limits = deque(), []
    slope, low, high = 1.0, -z[0], -z[0]  # slope v + offset, at the left end and at the right
    for k, c in enumerate(cut):
        left, a, b = _cross(kinks, -c, slope, low, rightmost=False)
        kinks.appendleft((left, a, b + c))
        right, a, b = _cross(kinks, c, slope, high, rightmost=True)
        kinks.append((right, -a, c - b))
        limits.append((left, right))
        slope, low, high = 1.0, -c - z[k + 1], c - z[k + 1]
    best, _, _ = _cross(kinks, 0.0, slope, low, rightmost=False)
    answer = [best]
    for left, right in reversed(limits):
        answer.append(min(max(answer[-1], left), right))
    return answer[::-1]


def _cross(kinks, level, slope, offset, *, rightmost):
    """Where the rising slope reaches a level, from one end; kinks beyond it are dropped.

    From the right the leftmost kink stays: it was put there for a lower level.
    """
    a, b = slope, offset
    while len(kinks) > rightmost:
        place, da, db = kinks[-1] if rightmost else kinks[0]
        height = a * place + b
        if (height < level) if rightmost else (height > level):
            break
        a, b = (a - da, b - db) if rightmost else (a + da, b + db)
        kinks.pop() if rightmost else kinks.popleft()
    return (level - b) / a, a, b


def fuse_pairs(Z, cut):
    """``argmin_w |w - z|^2 / 2 + cut sum_{p<q} |w_p - w_q|`` for every row z of Z ``(d, P)``.

    The order of a row stays; in that order it is an isotonic regression.

    >>> fuse_pairs(np.array([[5.0, 0.0, 1.0]]), 1.0)
    array([[3. , 1.5, 1.5]])
    """
    P = Z.shape[1]
    order = np.argsort(Z, axis=1, kind="stable")
    shifted = np.take_along_axis(Z, order, axis=1) - cut * (2 * np.arange(P) - P + 1)
    W = np.empty_like(Z)
    np.put_along_axis(W, order, isotonic(shifted), axis=1)
    return W


def isotonic(Z):
    """The nearest rows that do not fall: the largest, over starts, of the smallest mean to ends.

    >>> isotonic(np.array([[3.0, 1.0, 2.0, 5.0]]))
    array([[2., 2., 2., 5.]])
    """
    P = Z.shape[1]
    sums = np.hstack([np.zeros((len(Z), 1)), np.cumsum(Z, axis=1)])
    first, last = np.arange(P)[:, None], np.arange(P)[None, :]
    length = np.maximum(last - first + 1, 1)
    means = (sums[:, None, 1:] - sums[:, :-1, None]) / length
    means = np.where(last >= first, means, np.inf)
    least = np.minimum.accumulate(means[:, :, ::-1], axis=2)[:, :, ::-1]
    return np.where(last >= first, least, -np.inf).max(axis=1)
