"""Traces of ``H (H + penalty'')^-1``: what degrees of freedom are made of."""

import numpy as np

# Eigenvalue, of at most 1, below which a direction is one that no fitted value sees.
COPY = 1e-9


def blocks(H, W, label, price, ridge=0.0):
    """Trace of ``H (H + penalty'')^-1`` for ``sum_g price_g |W_g|_F + ridge / 2 |W|_F^2``.

    The second derivative of a length is ``(I - u u') / length`` on its block: a diagonal, less one
    direction per block. So that only ``(k, k)`` matrices are inverted, whatever the outputs.

    Parameters
    ----------
    H : array (1, k, k) or (P, k, k)
    W : array (k, P)
    label : int array (k,)
        The block of every row, from 0.
    price : array (blocks,)
    """
    P = W.shape[1]
    if not len(W):
        return 0.0
    length = np.sqrt(np.bincount(label, np.einsum("jp,jp->j", W, W)))
    pull, U = price / length, W / length[label, None]
    K = np.linalg.inv(H + np.diag(pull[label] + ridge))
    KH = K @ H
    KHK = KH @ K
    total = np.einsum("pjj->", KH) * (P / len(H))
    sums = np.eye(len(pull))[label]
    # what one direction less per block adds, in units in which eigenvalues are at most 1
    root = np.sqrt(pull)[:, None] * np.sqrt(pull)
    inner, outer = (root * (sums.T @ _beside(U, one) @ sums) for one in (K, KHK))
    left, vectors = np.linalg.eigh(np.eye(len(pull)) - inner)
    # inputs that are copies of each other share a coefficient in any way: they add nothing
    kept = left > COPY
    gained = np.einsum("gk,gh,hk->k", vectors[:, kept], outer, vectors[:, kept], optimize=True)
    return total + float(np.sum(gained / left[kept]))


def _beside(U, K):
    """``sum_p diag(u_p) K_p diag(u_p)``."""
    return (U @ U.T) * K[0] if len(K) == 1 else np.einsum("jp,pjk,kp->jk", U, K, U, optimize=True)


def ridge_trace(H, ridge):
    """``tr H (H + ridge)^-1``; without ridge, the rank."""
    s = not_negative(np.linalg.eigvalsh(H)) if len(H) else np.zeros(0)
    return float(np.sum(s[s > 0] / (s[s > 0] + ridge)))


def not_negative(s):
    """Eigenvalues, those that are rounding at zero."""
    # without a ridge each would count as one
    return np.where(s > len(s) * np.finfo(np.float64).eps * s.max(initial=0), s, 0.0)
