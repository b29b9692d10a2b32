"""Coordinate descent on sparse columns: its cost is that of the numbers that are there.

The state ``R (n + 1, P)`` has the unweighted residuals, but for its last row: that is what the
intercepts have moved since, and is added to all rows. Columns are ``data, index, starts`` as in
a CSC matrix; their means count as taken out.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled
from polytask.ops.kernels.steps import step


@compiled
def correlate(data, index, column, weight, mean, total, R, z):
    """Add the correlations of one column with the residuals to ``z (P,)``.

    >>> R, z = np.array([[1.0], [-1.0], [0.0]]), np.zeros(1)
    >>> data, index, column = np.array([2.0]), np.array([0]), np.array([0, 1])
    >>> correlate(data, index, column, np.ones(2), 1.0, 2.0, R, z)
    >>> z
    array([2.])
    """
    for e in range(column[0], column[1]):
        value = data[e] * weight[index[e]]
        for p in range(len(z)):
            z[p] += value * R[index[e], p]
    for p in range(len(z)):
        z[p] += mean * total * R[-1, p]


@compiled
def sweep(data, index, columns, weight, mean, total, R, W, starts, bend, cut, ridge, form, zeros):
    """Minimise the squared loss plus price over one block of columns after another.

    As in `one_gram`, with the residuals in place of the correlations; ``weight (n,)`` of the rows,
    ``mean (k,)`` of the columns under them, ``total`` their sum. Blocks at zero are passed over
    where ``zeros`` is 0.
    """
    P = W.shape[1]
    largest = 0
    for b in range(len(starts) - 1):
        largest = max(largest, starts[b + 1] - starts[b])
    z, new, h = np.empty((largest, P)), np.empty((largest, P)), np.empty(P)
    for b in range(len(starts) - 1):
        first, m = starts[b], starts[b + 1] - starts[b]
        before = 0.0
        for i in range(m):
            for p in range(P):
                before += W[first + i, p] * W[first + i, p]
        if before == 0.0 and zeros == 0:
            continue
        h[:] = bend[b]
        for i in range(m):
            j = first + i
            for p in range(P):
                z[i, p] = bend[b] * W[j, p]
            correlate(data, index, columns[j : j + 2], weight, mean[j], total, R, z[i])
        kept = step(form, z[:m], h, cut[b], ridge[b], np.sqrt(before), new[:m])
        if not kept and before == 0.0:
            continue
        for i in range(m):
            j = first + i
            for p in range(P):
                move = new[i, p] - W[j, p]
                W[j, p] = new[i, p]
                new[i, p] = move
                R[-1, p] += mean[j] * move
            for e in range(columns[j], columns[j + 1]):
                for p in range(P):
                    R[index[e], p] -= data[e] * new[i, p]
