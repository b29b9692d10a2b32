"""Coordinate descent where all outputs have one Gram: an exact step per block of rows.

``W (k, P)`` are coefficients, ``G (k, k)`` the Gram of their columns and ``C (k, P)`` the
correlations with the residuals; W and C are changed in place, and C stays ``C0 - G (W - W0)``.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled
from polytask.ops.kernels.steps import LENGTH, step


@compiled
def sweep(G, C, W, starts, bend, cut, ridge, form, passes):
    """Minimise ``|residual|^2 / 2 + price`` over one block of rows after another.

    Block b has the rows from ``starts[b]`` to ``starts[b + 1]``; ``bend`` (blocks,) is the largest
    curvature inside it.

    >>> C, W = np.array([[3.0, 4.0]]), np.zeros((1, 2))
    >>> one, none = np.ones(1), np.zeros(1)
    >>> sweep(np.array([[2.0]]), C, W, np.array([0, 1]), 2 * one, one, none, 0, 1)
    >>> W
    array([[1.2, 1.6]])
    """
    k, P = W.shape
    z, new, h = np.empty((k, P)), np.empty((k, P)), np.empty(P)
    for _ in range(passes):
        for b in range(len(starts) - 1):
            first, m = starts[b], starts[b + 1] - starts[b]
            g = bend[b]
            total = 0.0
            for i in range(m):
                for p in range(P):
                    z[i, p] = C[first + i, p] + g * W[first + i, p]
                    total += z[i, p] * z[i, p]
            if form == LENGTH:  # all curvatures are one: the length needs no search
                length = np.sqrt(total)
                below = g + ridge[b]
                kept = length > cut[b] and below > 0.0
                share = (1.0 - cut[b] / length) / below if kept else 0.0
                for i in range(m):
                    for p in range(P):
                        new[i, p] = share * z[i, p]
            else:
                h[:] = g
                step(form, z[:m], h, cut[b], ridge[b], 0.0, new[:m])
            for i in range(m):
                moved = False
                for p in range(P):
                    move = new[i, p] - W[first + i, p]
                    W[first + i, p] = new[i, p]
                    new[i, p] = move
                    moved |= move != 0.0
                if moved:
                    for j in range(k):
                        for p in range(P):
                            C[j, p] -= G[first + i, j] * new[i, p]
