"""Coordinate descent where every output has its own Gram: an exact step per block of rows.

``G (k, k, P)`` holds the Grams with the outputs last, so that the update of a row is one stretch
of memory. ``W (k, P)`` are coefficients and ``C (k, P)`` the correlations with the residuals; both
are changed in place, and C stays ``C0 - G (W - W0)``.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled
from polytask.ops.kernels.steps import step


@compiled
def sweep(G, C, W, starts, bend, cut, ridge, form, zeros):
    """Minimise ``sum_p w_p' G_p w_p / 2 - c_p' w_p + price`` over one block after another.

    Block b has the rows from ``starts[b]`` to ``starts[b + 1]``; ``bend`` (blocks, P) is the
    largest curvature inside it. Blocks at zero are passed over where ``zeros`` is 0.

    >>> G, C, W = np.array([[[2.0, 2.0]]]), np.array([[3.0, 4.0]]), np.zeros((1, 2))
    >>> sweep(G, C, W, np.array([0, 1]), G[0], np.ones(1), np.zeros(1), 0, 1)
    >>> W
    array([[1.2, 1.6]])
    """
    k, P = W.shape
    z, new = np.empty((k, P)), np.empty((k, P))
    for b in range(len(starts) - 1):
        first, m = starts[b], starts[b + 1] - starts[b]
        before = 0.0
        for i in range(m):
            for p in range(P):
                before += W[first + i, p] * W[first + i, p]
        if before == 0.0 and zeros == 0:
            continue
        for i in range(m):
            for p in range(P):
                z[i, p] = C[first + i, p] + bend[b, p] * W[first + i, p]
        kept = step(form, z[:m], bend[b], cut[b], ridge[b], np.sqrt(before), new[:m])
        if not kept and before == 0.0:
            continue
        for i in range(m):
            for p in range(P):
                move = new[i, p] - W[first + i, p]
                W[first + i, p] = new[i, p]
                new[i, p] = move
            for j in range(k):
                for p in range(P):
                    C[j, p] -= G[first + i, j, p] * new[i, p]
