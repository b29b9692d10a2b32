"""Coordinate descent where every output has its own Gram: a step per row, or per entry.

``G (k, k, P)`` holds the Grams with the outputs last, so that the update of a row is one stretch
of memory; ``W (k, P)`` and ``C (k, P)`` as in `one_gram`, changed in place.
"""

import numpy as np

from polytask.ops.kernels.compiled import compiled

# Newton's steps on the length of a row; it converges from below, three or four are usual.
STEPS = 60


@compiled
def row_length(h, z, cut, start):
    """The length of the w that minimises ``sum_p h_p w_p^2 / 2 - z_p w_p + cut |w|_2``.

    It is the root of ``1 / |z / (h length + cut)| = 1``, whose left side is concave and increases,
    so that Newton's steps from below never pass it and the first from above falls below it.

    >>> row_length(np.array([2.0, 2.0]), np.array([3.0, 4.0]), 1.0, 0.0)
    2.0
    """
    total = 0.0
    for p in range(len(z)):
        if h[p] > 0.0:
            total += z[p] * z[p]
    if total <= cut * cut:
        return 0.0
    length = start
    for _ in range(STEPS):
        square, slope = 0.0, 0.0
        for p in range(len(z)):
            if h[p] > 0.0:
                below = h[p] * length + cut
                share = z[p] / below
                square += share * share
                slope += share * share * h[p] / below
        # f = square**-1/2, f' = slope * square**-3/2
        step = (np.sqrt(square) - 1.0) * square / slope
        new = max(length + step, 0.0)
        if abs(new - length) <= 1e-15 * new:
            return new
        length = new
    return length


@compiled
def sweep_rows(G, C, W, cut, zeros):
    """Minimise ``sum_p w_p' G_p w_p / 2 - c_p' w_p + cut sum_j |W[j, :]|_2`` row after row.

    Every row is solved exactly. Rows at zero are passed over where ``zeros`` is 0.

    >>> G, C, W = np.array([[[2.0, 2.0]]]), np.array([[3.0, 4.0]]), np.zeros((1, 2))
    >>> sweep_rows(G, C, W, 1.0, 1)
    >>> W
    array([[1.2, 1.6]])
    """
    k, P = W.shape
    z, move = np.empty(P), np.empty(P)
    for j in range(k):
        before = 0.0
        for p in range(P):
            before += W[j, p] * W[j, p]
        if before == 0.0 and zeros == 0:
            continue
        h = G[j, j]
        for p in range(P):
            z[p] = C[j, p] + h[p] * W[j, p]
        length = row_length(h, z, cut, np.sqrt(before))
        if length == 0.0 and before == 0.0:
            continue
        for p in range(P):
            new = 0.0
            if length > 0.0 and h[p] > 0.0:
                new = z[p] * length / (h[p] * length + cut)
            move[p] = new - W[j, p]
            W[j, p] = new
        for i in range(k):
            for p in range(P):
                C[i, p] -= G[j, i, p] * move[p]


@compiled
def sweep_entries(G, C, W, cut, zeros):
    """Minimise ``sum_p w_p' G_p w_p / 2 - c_p' w_p + cut sum |W|`` entry after entry.

    Rows at zero are passed over where ``zeros`` is 0.

    >>> G, C, W = np.array([[[2.0, 2.0]]]), np.array([[3.0, 0.5]]), np.zeros((1, 2))
    >>> sweep_entries(G, C, W, 1.0, 1)
    >>> W
    array([[1., 0.]])
    """
    k, P = W.shape
    move = np.empty(P)
    for j in range(k):
        here = False
        for p in range(P):
            here |= W[j, p] != 0.0
        if not here and zeros == 0:
            continue
        moved = False
        for p in range(P):
            h = G[j, j, p]
            z = C[j, p] + h * W[j, p]
            new = 0.0
            if h > 0.0 and abs(z) > cut:
                new = (z - cut if z > 0.0 else z + cut) / h
            move[p] = new - W[j, p]
            W[j, p] = new
            moved |= move[p] != 0.0
        if moved:
            for i in range(k):
                for p in range(P):
                    C[i, p] -= G[j, i, p] * move[p]
