"""Weighted second moments of tables: many small ones together, a large one in blocks of rows.

Tables are whole here, so that their means are known before anything is squared; `polytask.ops.sums`
is for rows that come in parts, at the price of merging.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from polytask.ops.linalg import column_means, weighted_gram

# Numbers in the rows that are centred and multiplied together (2 MB): the copy stays in a cache,
# and off the budget.
BLOCK = 2**18


class Moments(NamedTuple):
    """Of S tables with P columns of targets in all, about their means where there is an intercept.

    Attributes
    ----------
    G : array (S, d, d)
        ``sum_i a_i x_i x_i'``
    C : array (d, P)
        ``sum_i a_i x_i y_i``
    yy : array (P,)
    x_mean : array (S, d)
    y_mean : array (P,)
    """

    G: np.ndarray
    C: np.ndarray
    yy: np.ndarray
    x_mean: np.ndarray
    y_mean: np.ndarray


def moments(X, tables, *, fit_intercept):
    """The `Moments` of some tables, each a choice of rows of X.

    Parameters
    ----------
    X : array or sparse matrix (n, d)
        Never copied as a whole, in whatever precision it is.
    tables : sequence of (rows, Y (n_t, k), a (n_t,))
        Rows as a slice or as positions.
    fit_intercept : bool

    Examples
    --------
    >>> X, y, a = np.array([[1.0], [3.0], [2.0]]), np.array([[0.0], [2.0]]), np.ones(2)
    >>> both = moments(X, [(slice(0, 2), y, a), ([0, 2], y, a)], fit_intercept=True)
    >>> both.G.ravel(), both.C.ravel(), both.x_mean.ravel()
    (array([2. , 0.5]), array([2., 1.]), array([2. , 1.5]))
    """
    if sparse.issparse(X):
        each = [_of_sparse(X[rows], Y, a, fit_intercept) for rows, Y, a in tables]
    else:
        each = [_of_dense(X, some, fit_intercept) for some in _batches(tables, X.shape[1])]
    if len(each) == 1:
        return each[0]
    G, C, yy, x_mean, y_mean = zip(*each)
    join = np.concatenate
    return Moments(join(G), np.hstack(C), join(yy), join(x_mean), join(y_mean))


def _batches(tables, d):
    """Runs of tables, equally wide, that have `BLOCK` numbers together; a larger one is alone."""
    batch, numbers = [], 0
    for one in tables:
        n, k = one[1].shape
        full = numbers + n * (d + k) > BLOCK
        if batch and (full or k != batch[0][1].shape[1]):
            yield batch
            batch, numbers = [], 0
        batch.append(one)
        numbers += n * (d + k)
    if batch:
        yield batch


def _of_dense(X, tables, fit_intercept):
    """Inputs and targets side by side: one product per table has every moment in it."""
    d, k = X.shape[1], tables[0][1].shape[1]
    sizes = [len(a) for _, _, a in tables]
    if sum(sizes) * (d + k) > BLOCK:
        M, mean = _in_blocks(X, tables[0], fit_intercept)
    else:
        M, mean = _at_once(X, tables, sizes, fit_intercept)
    C = M[:, :d, d:].transpose(1, 0, 2).reshape(d, -1)
    yy = np.einsum("tkk->tk", M[:, d:, d:]).ravel()
    return Moments(M[:, :d, :d], C, yy, mean[:, :d], mean[:, d:].ravel())


def _at_once(X, tables, sizes, fit_intercept):
    """Products ``(S, d + k, d + k)`` and means ``(S, d + k)`` of small tables."""
    Z, a = _beside(X, tables), np.concatenate([a for _, _, a in tables])
    stretches = [slice(end - n, end) for n, end in zip(sizes, np.cumsum(sizes).tolist())]
    mean = np.zeros((len(sizes), Z.shape[1]))
    if fit_intercept:
        for one, at in zip(mean, stretches):
            np.matmul(a[at], Z[at], out=one)
            one /= max(a[at].sum(), np.finfo(np.float64).tiny)
        Z -= np.repeat(mean, sizes, axis=0)
    Z *= np.sqrt(a)[:, None]
    M = np.empty((len(sizes), Z.shape[1], Z.shape[1]))
    for one, at in zip(M, stretches):
        part = Z[at]
        np.matmul(part.T, part, out=one)
    return M, mean


def _in_blocks(X, table, fit_intercept):
    """The same of one large table: once over the rows for the means, once for the products."""
    (_, Y, a), blocks = table, list(_blocks(X, *table))
    mean = np.zeros(X.shape[1] + Y.shape[1])
    if fit_intercept:
        total = max(a.sum(), np.finfo(np.float64).tiny)
        mean = sum((one[2] / total) @ _beside(X, [one]) for one in blocks)
    M = np.zeros((len(mean), len(mean)))
    for one in blocks:
        Z = _beside(X, [one])
        Z -= mean
        Z *= np.sqrt(one[2])[:, None]
        M += Z.T @ Z
    return M[None], mean[None]


def _blocks(X, rows, Y, a):
    """A table cut into tables of `BLOCK` numbers."""
    step = max(1, BLOCK // (X.shape[1] + Y.shape[1]))
    first = rows.indices(len(X))[0] if isinstance(rows, slice) else None
    for start in range(0, len(a), step):
        at = slice(start, min(start + step, len(a)))
        here = rows[at] if first is None else slice(first + at.start, first + at.stop)
        yield here, Y[at], a[at]


def _beside(X, tables):
    """Inputs and targets ``(n, d + k)`` of some tables, one below the other."""
    d, k = X.shape[1], tables[0][1].shape[1]
    Z = np.empty((sum(len(Y) for _, Y, _ in tables), d + k))
    np.concatenate([X[rows] for rows, _, _ in tables], out=Z[:, :d])
    np.concatenate([Y for _, Y, _ in tables], out=Z[:, d:])
    return Z


def _of_sparse(X, Y, a, fit_intercept):
    """A sparse table is never filled: its means are taken out of the products."""
    d, total = X.shape[1], a.sum()
    x_mean, y_mean = np.zeros(d), np.zeros(Y.shape[1])
    if fit_intercept and total > 0:
        x_mean, y_mean = column_means(X, a / total), (a / total) @ Y
    Yc = Y - y_mean
    aY = a[:, None] * Yc
    C = np.asarray(X.T @ aY)
    if fit_intercept:
        # aY sums to zero, so the means of X need not be taken out here; what rounding leaves is
        C -= np.outer(x_mean, aY.sum(axis=0))
    G = weighted_gram(X, a, x_mean if fit_intercept else None)
    return Moments(G[None], C, np.sum(aY * Yc, axis=0), x_mean[None], y_mean)
