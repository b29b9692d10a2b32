"""Linear systems of tasks that a quadratic penalty couples."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.linalg import LinearOperator, cg

from polytask.ops.linalg import solve_positive

# Unknowns up to which all tasks are solved as one dense system.
DENSE = 1500
CLOSE = 1e-13


def solve_coupled(H, M, R):
    """W ``(d, P)`` with ``H_p w_p + (W M)_p = r_p`` for every column.

    One decomposition where all columns have one H; else one dense system while it is small, and
    conjugate gradients, with the systems of single columns as preconditioner, beyond.

    Parameters
    ----------
    H : array (P, d, d) or (1, d, d)
        Symmetric, positive semi-definite.
    M : array (P, P)
        Symmetric, positive definite.
    R : array (d, P)

    Examples
    --------
    >>> M = np.array([[2.0, 1.0], [1.0, 2.0]])
    >>> solve_coupled(np.array([[[1.0]]]), M, np.array([[4.0, 4.0]]))
    array([[1., 1.]])
    """
    if len(H) == 1:
        return _one_table(H[0], M, R)
    return _dense(H, M, R) if R.size <= DENSE else _gradients(H, M, R)


def _one_table(H, M, R):
    h, U = np.linalg.eigh(H)
    m, Q = np.linalg.eigh(M)
    return U @ ((U.T @ R @ Q) / (np.maximum(h, 0)[:, None] + m)) @ Q.T


def _dense(H, M, R):
    d, P = R.shape
    system = np.kron(M, np.eye(d))
    for p in range(P):
        system[p * d : (p + 1) * d, p * d : (p + 1) * d] += H[p]
    return cho_solve(cho_factor(system), R.T.ravel()).reshape(P, d).T


def _gradients(H, M, R):
    d, P = R.shape
    alone = np.linalg.inv(H + np.diag(M)[:, None, None] * np.eye(d))

    def product(w):
        V = w.reshape(P, d)
        return ((H @ V[:, :, None])[:, :, 0] + M @ V).ravel()

    def near(w):
        return (alone @ w.reshape(P, d, 1)).ravel()

    operators = [LinearOperator((d * P, d * P), matvec=one) for one in (product, near)]
    start = solve_positive(H + np.diag(M)[:, None, None] * np.eye(d), R.T[:, :, None])
    w, _ = cg(operators[0], R.T.ravel(), x0=start.ravel(), rtol=CLOSE, M=operators[1])
    return w.reshape(P, d).T
