"""Weighted products of many small tables with themselves, one after another."""

import numpy as np

from polytask.ops.kernels.compiled import compiled

TINY = np.finfo(np.float64).tiny


@compiled
def products(Z, first, Y, ends, weight, centred, M, mean):
    """Write ``V_s' A_s V_s`` of every table V_s of inputs and targets into M.

    Parameters
    ----------
    Z : array (d, N)
        Inputs, rows as columns: those of table s begin at column ``first[s]``.
    first : int array (S,)
    Y : array (k, n)
        Targets, rows as columns: those of table s end before column ``ends[s]``.
    ends : int array (S,)
    weight : array (n,)
        Of the rows.
    centred : int
        Whether the means are taken out.
    M : array (S, d + k, d + k)
    mean : array (S, d + k)
        Takes the weighted means; as it was where ``centred`` is 0.

    >>> Z, Y, ends = np.array([[1.0, 3.0, 2.0]]), np.empty((0, 3)), np.array([2, 3])
    >>> M, mean = np.empty((2, 1, 1)), np.zeros((2, 1))
    >>> products(Z, np.array([0, 2]), Y, ends, np.ones(3), 1, M, mean)
    >>> M.ravel(), mean.ravel()
    (array([2., 0.]), array([2., 2.]))
    """
    d, m, start, most = len(Z), len(Z) + len(Y), 0, 0
    for last in ends:
        most, start = max(most, last - start), last
    copy, roots, start = np.empty(m * most), np.empty(most), 0
    for s in range(len(ends)):
        a = weight[start : ends[s]]
        n, root, total = len(a), roots[: len(a)], max(a.sum(), TINY)
        for i in range(n):
            root[i] = np.sqrt(a[i])
        # without gaps between its rows, and small enough for the nearest caches
        V = copy[: m * n].reshape(m, n)
        for j in range(m):
            z = Z[j, first[s] : first[s] + n] if j < d else Y[j - d, start : ends[s]]
            v, about = V[j], 0.0
            if centred:
                for i in range(n):
                    about += a[i] * z[i]
                about /= total
                mean[s, j] = about
            for i in range(n):
                v[i] = root[i] * (z[i] - about)
        np.dot(V, V.T, M[s])
        start = ends[s]
