"""Spectra of coefficient matrices, always on the smaller side."""

import numpy as np


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
