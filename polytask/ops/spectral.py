"""Spectra of coefficient matrices, always on the smaller side."""

import numpy as np
from scipy.linalg import eigh

# Directions in all, and how many of them to one that is asked for, from which on a Gram is faster.
MANY, FEW = 100, 8
# The least singular value that a Gram shows well, relative to the largest.
CLEAR = 1e-3


def map_singular_values(W, change):
    """Replace the singular values ``s`` of ``W`` ``(d, P)`` by ``change(s)``, never a larger one.

    An eigendecomposition of the smaller of ``W W'`` and ``W' W`` is enough, because only the ratio
    ``change(s) / s`` is needed, and it lies in [0, 1].

    >>> map_singular_values(np.diag([3.0, 1.0]), lambda s: np.maximum(s - 2, 0)).round(12) + 0.0
    array([[1., 0.],
           [0., 0.]])
    """
    wide = W.shape[0] <= W.shape[1]
    small = W @ W.T if wide else W.T @ W
    values, vectors = np.linalg.eigh(small)
    s = np.sqrt(np.maximum(values, 0))
    ratio = np.divide(change(s), s, out=np.zeros_like(s), where=s > 0)
    keep = ratio > 0
    vectors, ratio = vectors[:, keep], ratio[keep]
    shrunk = (vectors * ratio) @ vectors.T
    return shrunk @ W if wide else W @ shrunk


def singular_values(W):
    """Singular values of ``W`` ``(d, P)``, largest first, to full accuracy."""
    return np.linalg.svd(W, compute_uv=False)


def trace_norm(W):
    """Sum of the singular values of ``W`` ``(d, P)``.

    >>> trace_norm(np.diag([3.0, -1.0]))
    4.0
    """
    return float(singular_values(W).sum())


def spectral_norm(W):
    """Largest singular value of ``W`` ``(d, P)``; 0 for an empty matrix.

    >>> spectral_norm(np.diag([3.0, -1.0]))
    3.0
    """
    if not W.size:
        return 0.0
    small = W @ W.T if W.shape[0] <= W.shape[1] else W.T @ W
    return float(np.sqrt(max(np.linalg.eigvalsh(small)[-1], 0.0)))


def leading(W, k):
    """Up to k left singular vectors ``(d, k)`` of ``W`` ``(d, P)``, those of the largest values.

    Directions that are nothing but rounding are left out. Where few of many are asked for, they
    are those of the smaller Gram, if that shows them well enough.

    >>> leading(np.diag([1.0, 3.0, 2.0]), 2).round(12) + 0.0
    array([[0., 0.],
           [1., 0.],
           [0., 1.]])
    """
    m = min(W.shape)
    found = _of_gram(W, k) if m >= MANY and k * FEW <= m else None
    if found is not None:
        return found
    U, s, _ = np.linalg.svd(W, full_matrices=False)
    real = np.count_nonzero(s > W.shape[0] * np.finfo(np.float64).eps * s.max(initial=0))
    return U[:, : min(k, int(real))]


def _of_gram(W, k):
    """The same from the smaller Gram; None where squares hide some of them."""
    wide = W.shape[0] <= W.shape[1]
    small = W @ W.T if wide else W.T @ W
    m = len(small)
    values, vectors = eigh(small, subset_by_index=[max(m - k, 0), m - 1])
    values, vectors = values[::-1], vectors[:, ::-1]
    if not values[-1] > CLEAR**2 * values[0]:
        return None
    return vectors if wide else np.linalg.qr(W @ vectors)[0]
