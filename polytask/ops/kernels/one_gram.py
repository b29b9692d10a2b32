"""Coordinate descent where all outputs have one Gram: a step per row, or per entry.

``W (k, P)`` are coefficients, ``G (k, k)`` the Gram of their columns and ``C (k, P)`` the
correlations with the residuals; W and C are changed in place, and C stays ``C0 - G (W - W0)``.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled


@compiled
def sweep_rows(G, C, W, cut, passes):
    """Minimise ``|residual|^2 / 2 + cut sum_j |W[j, :]|_2`` over one row after another.

    >>> C, W = np.array([[3.0, 4.0]]), np.zeros((1, 2))
    >>> sweep_rows(np.array([[2.0]]), C, W, 1.0, 1)
    >>> W
    array([[1.2, 1.6]])
    """
    k, P = W.shape
    move = np.empty(P)
    for _ in range(passes):
        for j in range(k):
            g = G[j, j]
            length = 0.0
            for p in range(P):
                move[p] = C[j, p] + g * W[j, p]
                length += move[p] * move[p]
            length = np.sqrt(length)
            share = (1.0 - cut / length) / g if length > cut and g > 0.0 else 0.0
            moved = False
            for p in range(P):
                move[p] = share * move[p] - W[j, p]
                moved |= move[p] != 0.0
            if moved:
                for p in range(P):
                    W[j, p] += move[p]
                if share == 0.0:
                    W[j, :] = 0.0
                for i in range(k):
                    for p in range(P):
                        C[i, p] -= G[j, i] * move[p]


@compiled
def sweep_entries(G, C, W, cut, passes):
    """Minimise ``|residual|^2 / 2 + cut sum |W|`` over one entry after another.

    >>> C, W = np.array([[3.0, 0.5]]), np.zeros((1, 2))
    >>> sweep_entries(np.array([[2.0]]), C, W, 1.0, 1)
    >>> W
    array([[1., 0.]])
    """
    k, P = W.shape
    move = np.empty(P)
    for _ in range(passes):
        for j in range(k):
            g = G[j, j]
            moved = False
            for p in range(P):
                z = C[j, p] + g * W[j, p]
                new = 0.0
                if g > 0.0 and abs(z) > cut:
                    new = (z - cut if z > 0.0 else z + cut) / g
                move[p] = new - W[j, p]
                W[j, p] = new
                moved |= move[p] != 0.0
            if moved:
                for i in range(k):
                    for p in range(P):
                        C[i, p] -= G[j, i] * move[p]
