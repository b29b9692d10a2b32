"""Low-rank coefficients where every task has its own rows: loadings and directions take turns."""

import numpy as np

from polytask.ops.linalg import solve_positive
from polytask.ops.span import inverse_root


def alternate(grams, cross, alpha, k, tol, max_iter):
    """Minimise ``sum_t w_t' (G_t + alpha I) w_t / 2 - c_t' w_t`` over ``W = A B'`` of rank k.

    Parameters
    ----------
    grams : array (T, d, d)
    cross : array (d, T)
    alpha, tol : float
    k, max_iter : int

    Returns
    -------
    A : array (d, k)
        Orthonormal columns, the one that matters most first.
    B : array (T, k)
    passes : int
    converged : bool
    """
    alone = np.column_stack(
        [root @ (root.T @ c) for root, c in zip(_roots(grams, alpha), cross.T, strict=True)]
    )
    if k >= min(alone.shape):
        return *_sorted(alone, np.eye(alone.shape[1])), 1, True
    A, before = _start(grams, alone, alpha, k), np.inf
    for turn in range(1, max_iter + 1):
        B = _loadings(grams, cross, alpha, A)
        value = -0.5 * float(np.sum((A.T @ cross) * B.T))  # at the best B the quadratic is half
        if before - value <= tol * abs(value):
            return *_sorted(A, B), turn, True
        before = value
        A = _directions(grams, cross, alpha, B)
    return *_sorted(A, B), max_iter, False


def _roots(grams, alpha):
    return (inverse_root(G, alpha) for G in grams)


def _start(grams, alone, alpha, k):
    """Orthonormal directions ``(d, k)`` of the separate fits, in the mean metric of the inputs."""
    values, vectors = np.linalg.eigh(grams.mean(axis=0))
    root = np.sqrt(np.maximum(values, 0) + alpha)
    U = np.linalg.svd(root[:, None] * (vectors.T @ alone), full_matrices=False)[0][:, :k]
    back = np.divide(1, root, out=np.zeros_like(root), where=root > 1e-8 * root.max())
    return np.linalg.qr(vectors @ (back[:, None] * U))[0]


def _loadings(grams, cross, alpha, A):
    """The best B ``(T, k)`` for orthonormal directions A ``(d, k)``."""
    H = A.T @ grams @ A + alpha * np.eye(A.shape[1])
    return solve_positive(H, (A.T @ cross).T[:, :, None])[:, :, 0]


def _directions(grams, cross, alpha, B):
    """The span of the best A for loadings B ``(T, k)``, orthonormal ``(d, k)``."""
    Q = np.linalg.qr(B)[0]
    k, d = Q.shape[1], len(cross)
    H = np.einsum("tk,tl,tde->kdle", Q, Q, grams, optimize=True).reshape(k * d, k * d)
    H[np.diag_indices_from(H)] += alpha
    A = solve_positive(H[None], (cross @ Q).T.reshape(1, k * d, 1)).reshape(k, d).T
    return np.linalg.qr(A)[0]


def _sorted(A, B):
    """The same product with orthonormal A, uncorrelated loadings, and no direction for nothing."""
    Q, R = np.linalg.qr(A)
    U, s, rows = np.linalg.svd(R @ B.T, full_matrices=False)
    keep = s > len(s) * np.finfo(np.float64).eps * s.max(initial=0)
    return Q @ U[:, keep], rows[keep].T * s[keep]
