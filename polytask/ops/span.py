"""Orthonormal coordinates: of the rows of a wide table, and of a metric."""

import numpy as np
from scipy import sparse


def row_basis(X):
    """Orthonormal columns V ``(d, r)`` with ``X = X V V'``, for a table of fewer rows than columns.

    None where X ``(n, d)`` has as many rows as columns: nothing would be won. Methods that do not
    change under a rotation of the inputs may work on ``X V`` instead.

    >>> row_basis(np.array([[4.0, 3.0]])).round(1).ravel().tolist()
    [0.8, 0.6]
    """
    n, d = X.shape
    if n >= d:
        return None
    if sparse.issparse(X):
        values, U = np.linalg.eigh((X @ X.T).toarray().astype(np.float64))
        keep = values > n * np.finfo(np.float64).eps * max(values[-1], 0)
        V = np.asarray(X.T @ (U[:, keep] / np.sqrt(values[keep])))
    else:
        _, s, rows = np.linalg.svd(np.asarray(X, dtype=np.float64), full_matrices=False)
        V = rows[s > d * np.finfo(np.float64).eps * s[0]].T
    signs = np.sign(V[np.abs(V).argmax(axis=0), np.arange(V.shape[1])])
    return V * signs


def inverse_root(G, alpha=0.0):
    """R ``(d, k)`` with ``R R' = (G + alpha I)^+``, for a symmetric G.

    >>> inverse_root(np.diag([4.0, 0.0]))
    array([[0.5],
           [0. ]])
    """
    values, vectors = np.linalg.eigh(G)
    values = values + alpha
    keep = values > len(G) * np.finfo(np.float64).eps * max(values[-1], 0)
    return vectors[:, keep] / np.sqrt(values[keep])
