"""Weighted moments of tables and the linear systems of quadratic penalties."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from polytask.ops.in_blocks import InBlocks, held

# Rows that are centred at a time: the temporary copy stays in the cache and off the budget.
BLOCK = 2048


def column_means(X, share):
    """Means ``(d,)`` of the columns of X ``(n, d)`` under weights ``(n,)`` that sum to one."""
    return np.asarray(held(X).T @ share).ravel()


def row_squares(X, std=None):
    """Squared length ``(n,)`` of the rows of X, dense or sparse, after division by ``std``.

    >>> row_squares(np.array([[3.0, 4.0]]), np.array([1.0, 2.0]))
    array([13.])
    """
    unit = np.ones(X.shape[1]) if std is None else 1 / std**2
    if sparse.issparse(X):
        return np.asarray(X.multiply(X) @ unit).ravel()
    if isinstance(X, InBlocks):
        return np.concatenate([row_squares(rows, std) for _, rows in X.blocks()])
    return np.einsum("ij,ij,j->i", X, X, unit)


def column_squares(X, weight):
    """Weighted squared length ``(d,)`` of the columns of a dense X ``(n, d)``.

    >>> column_squares(np.array([[3.0, 1.0], [4.0, 2.0]]), np.array([1.0, 2.0]))
    array([41.,  9.])
    """
    if not isinstance(X, InBlocks):
        return np.einsum("ij,ij,i->j", X, X, weight)
    return sum(np.einsum("ij,ij,i->j", rows, rows, weight[at]) for at, rows in X.blocks())


def weighted_gram(X, weight, mean=None):
    """``sum_i weight_i (x_i - mean)(x_i - mean)'`` of a dense or sparse table, ``(d, d)``.

    Dense rows are centred in blocks before they are multiplied, which keeps full accuracy where
    means are large; a sparse table is never filled.

    >>> weighted_gram(np.array([[1.0], [3.0]]), np.array([1.0, 1.0]), np.array([2.0]))
    array([[2.]])
    """
    if sparse.issparse(X):
        return _sparse_gram(X, weight, mean)
    d = X.shape[1]
    gram = np.zeros((d, d))
    root = np.sqrt(weight)
    for start in range(0, X.shape[0], BLOCK):
        part = slice(start, start + BLOCK)
        rows = X[part] if mean is None else X[part] - mean
        rows = rows * root[part, None]
        gram += rows.T @ rows
    return gram


def _sparse_gram(X, weight, mean):
    gram = (X.T @ X.multiply(weight[:, None]).tocsr()).toarray()
    if mean is None:
        return gram
    side = np.outer(np.asarray(X.T @ weight).ravel(), mean)
    return gram - side - side.T + weight.sum() * np.outer(mean, mean)


def signed_gram(X, weight):
    """``X' diag(weight) X`` of a dense or sparse table, for weights of any sign.

    >>> signed_gram(np.array([[1.0], [3.0]]), np.array([1.0, -1.0]))
    array([[-8.]])
    """
    if sparse.issparse(X):
        return (X.T @ X.multiply(weight[:, None]).tocsr()).toarray()
    gram = np.zeros((X.shape[1], X.shape[1]))
    for start in range(0, X.shape[0], BLOCK):
        rows = X[start : start + BLOCK]
        gram += rows.T @ (weight[start : start + BLOCK, None] * rows)
    return gram


def top_eigenvalue(X, weight, mean=None, std=None):
    """An upper estimate of the largest eigenvalue of `weighted_gram`, by matrix products only.

    With ``std`` ``(d,)``, of the table whose columns are divided by it.
    """
    d = X.shape[1]
    unit = np.ones(d) if std is None else std
    if d <= 64:
        gram = weighted_gram(X, weight, mean) / np.outer(unit, unit)
        return float(max(np.linalg.eigvalsh(gram)[-1], 0.0))
    shift = np.zeros(d) if mean is None else mean

    def product(v):
        v = np.ravel(v) / unit
        right = weight * (X @ v - shift @ v)
        return (X.T @ right - shift * right.sum()) / unit

    start = np.random.default_rng(0).standard_normal(d)
    if not np.any(product(start)):
        return 0.0
    operator = LinearOperator((d, d), matvec=product, dtype=np.float64)
    top = eigsh(operator, k=1, v0=start, tol=1e-3, return_eigenvectors=False)[0]
    # Lanczos approaches from below; its tolerance bounds what is missing
    return float(max(top, 0.0)) * 1.01


def solve_positive(H, R):
    """Solve ``H w = r`` for a stack of positive definite H ``(S, m, m)``, R ``(S, m, k)``.

    Systems that rounding has made singular get the solution of smallest length.
    """
    try:
        return np.linalg.solve(H, R)
    except np.linalg.LinAlgError:
        return smallest_solution(H, R)


def smallest_solution(H, R):
    """The least-squares solution of smallest length of ``H w = r``, H ``(S, m, m)`` symmetric.

    >>> smallest_solution(np.array([[[2.0, 0.0], [0.0, 0.0]]]), np.array([[[4.0], [0.0]]])).ravel()
    array([2., 0.])
    """
    values, vectors = np.linalg.eigh(H)
    cut = H.shape[-1] * np.finfo(np.float64).eps * np.maximum(values[:, -1:], 0)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=values > cut)
    turned = np.swapaxes(vectors, 1, 2) @ R
    return vectors @ (inverse[:, :, None] * turned)


def half_norm(H, R):
    """``sum_p r_p' H_p^+ r_p / 2`` for symmetric H ``(1 or P, m, m)`` and R ``(m, P)``.

    >>> half_norm(np.array([[[2.0]]]), np.array([[2.0, 4.0]]))
    5.0
    """
    if len(H) == 1:
        return 0.5 * float(np.sum(R * smallest_solution(H, R[None])[0]))
    return 0.5 * float(np.sum(R.T * smallest_solution(H, R.T[:, :, None])[:, :, 0]))
