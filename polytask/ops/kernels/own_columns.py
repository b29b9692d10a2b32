"""Coordinate descent where every output has rows of its own, a stretch of the columns of a table.

``Z (D, N)`` holds columns as rows. Output p has the numbers from ``first[p]`` on in each of them,
and from ``ends[p - 1]`` to ``ends[p]`` in what has one number per label: weights and residuals.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled
from polytask.ops.kernels.steps import step


@compiled
def slope(row, first, ends, weighted, out):
    """Products of one column with weighted residuals, ``(P,)``.

    >>> out, row = np.empty(2), np.array([1.0, 2.0, 5.0])
    >>> slope(row, np.array([0, 2]), np.array([2, 3]), np.ones(3), out)
    >>> out
    array([3., 5.])
    """
    start = 0
    for p in range(len(ends)):
        r = weighted[start : ends[p]]
        x = row[first[p] : first[p] + len(r)]
        total = 0.0
        for i in range(len(r)):
            total += x[i] * r[i]
        out[p] = total
        start = ends[p]


@compiled
def slopes(Z, at, first, ends, weighted, out):
    """Products ``(k, P)`` of the columns ``at`` with weighted residuals."""
    for j in range(len(at)):
        slope(Z[at[j]], first, ends, weighted, out[j])


@compiled
def moments(Z, at, first, ends, weight, mean, square):
    """Weighted means and sums of squares ``(k, P)`` of the columns ``at``.

    >>> mean, square, Z = np.empty((1, 1)), np.empty((1, 1)), np.array([[1.0, 3.0]])
    >>> moments(Z, np.array([0]), np.array([0]), np.array([2]), np.ones(2), mean, square)
    >>> mean, square
    (array([[2.]]), array([[10.]]))
    """
    for j in range(len(at)):
        start = 0
        for p in range(len(ends)):
            a = weight[start : ends[p]]
            x = Z[at[j], first[p] : first[p] + len(a)]
            total, one, two = 0.0, 0.0, 0.0
            for i in range(len(a)):
                total += a[i]
                one += a[i] * x[i]
                two += a[i] * x[i] * x[i]
            mean[j, p] = one / total if total > 0.0 else 0.0
            square[j, p] = two
            start = ends[p]


@compiled
def sweep(Z, at, first, ends, weight, mean, unit, R, W, bend, cut, ridge, form, zeros):
    """Minimise the squared loss plus price over one row of W after another.

    Parameters
    ----------
    Z, at, first, ends
        Row j of W has column ``at[j]``.
    weight : array (N,)
    mean : array (k, P)
        Of the columns, taken out of them.
    unit : array (k,)
        What the columns are multiplied by.
    R : array (N,)
        Residuals; their weighted sums are zero where means are not. Changed in place, as W is.
    W : array (k, P)
    bend : array (k, P)
        Curvatures.
    cut, ridge : array (k,)
    form : int
        The norm, see `steps`.
    zeros : int
        Rows at zero are passed over where it is 0.
    """
    k, P = W.shape
    z, new, weighted = np.empty((1, P)), np.empty((1, P)), weight * R
    for j in range(k):
        before = 0.0
        for p in range(P):
            before += W[j, p] * W[j, p]
        if before == 0.0 and zeros == 0:
            continue
        row = Z[at[j]]
        slope(row, first, ends, weighted, z[0])
        for p in range(P):
            z[0, p] = unit[j] * z[0, p] + bend[j, p] * W[j, p]
        kept = step(form, z, bend[j], cut[j], ridge[j], np.sqrt(before), new)
        if not kept and before == 0.0:
            continue
        start = 0
        for p in range(P):
            move, about = unit[j] * (new[0, p] - W[j, p]), mean[j, p]
            W[j, p] = new[0, p]
            r, a, w = R[start : ends[p]], weight[start : ends[p]], weighted[start : ends[p]]
            x = row[first[p] : first[p] + len(r)]
            if move != 0.0:
                for i in range(len(r)):
                    moved = (x[i] - about) * move
                    r[i] -= moved
                    w[i] -= a[i] * moved
            start = ends[p]
