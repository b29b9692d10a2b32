"""Weighted products of many small tables with themselves, one after another."""

import numpy as np

from polytask.ops.kernels.compiled import compiled

TINY = np.finfo(np.float64).tiny


@compiled
def products(Z, ends, weight, centred, M, mean):
    """Write ``Z_s' A_s Z_s`` of every table into M, about its means where ``centred`` is 1.

    Parameters
    ----------
    Z : array (m, n)
        Tables side by side, their rows as columns: table s ends before column ``ends[s]``.
    ends : int array (S,)
    weight : array (n,)
        Of the rows.
    centred : int
    M : array (S, m, m)
    mean : array (S, m)
        Takes the weighted means; as it was where ``centred`` is 0.

    >>> Z, ends = np.array([[1.0, 3.0, 2.0]]), np.array([2, 3])
    >>> M, mean = np.empty((2, 1, 1)), np.zeros((2, 1))
    >>> products(Z, ends, np.ones(3), 1, M, mean)
    >>> M.ravel(), mean.ravel()
    (array([2., 0.]), array([2., 2.]))
    """
    m, first, most = len(Z), 0, 0
    for last in ends:
        most, first = max(most, last - first), last
    copy, roots, first = np.empty(m * most), np.empty(most), 0
    for s in range(len(ends)):
        a = weight[first : ends[s]]
        n, root, total = len(a), roots[: len(a)], max(a.sum(), TINY)
        for i in range(n):
            root[i] = np.sqrt(a[i])
        # without gaps between its rows, and small enough for the nearest caches
        V = copy[: m * n].reshape(m, n)
        for j in range(m):
            z, v, about = Z[j, first : ends[s]], V[j], 0.0
            if centred:
                for i in range(n):
                    about += a[i] * z[i]
                about /= total
                mean[s, j] = about
            for i in range(n):
                v[i] = root[i] * (z[i] - about)
        np.dot(V, V.T, M[s])
        first = ends[s]
