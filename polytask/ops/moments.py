"""Weighted second moments of tables: many small ones together, others in blocks of rows.

Tables are whole here, so that their means are known before anything is squared; `polytask.ops.sums`
is for rows that come in parts, at the price of merging.
"""

from itertools import groupby
from typing import NamedTuple

import numpy as np
from scipy import sparse

from polytask.ops.linalg import column_means, weighted_gram

# Numbers in the rows of a large table that are centred and multiplied together (2 MB): the copy
# stays in a cache, and off the budget.
BLOCK = 2**18
# The same of small tables, which are multiplied in one compiled call (256 kB).
SMALL = 2**15
# Tables from which on that call is worth loading the compiled loops for.
MANY = 16


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
        small = SMALL if len(tables) >= MANY else 0
        each = [_of_dense(X, run, fit_intercept) for run in _runs(tables, X.shape[1], small)]
    if len(each) == 1:
        return each[0]
    G, C, yy, x_mean, y_mean = zip(*each)
    join = np.concatenate
    return Moments(join(G), np.hstack(C), join(yy), join(x_mean), join(y_mean))


def _runs(tables, d, small):
    """Runs of tables, equally wide, of at most so many numbers each; a larger one is alone."""

    def width(table):
        n, k = table[1].shape
        return k if n * (d + k) <= small else 0

    for k, some in groupby(tables, width):
        run = list(some)
        yield from [run] if k else ([one] for one in run)


def _batches(tables, d):
    """A run cut into batches of at most `SMALL` numbers, each with its place in the run."""
    first, numbers = 0, 0
    for at, (_, Y, _) in enumerate(tables):
        more = len(Y) * (d + Y.shape[1])
        if numbers + more > SMALL and at > first:
            yield slice(first, at), tables[first:at]
            first, numbers = at, 0
        numbers += more
    yield slice(first, len(tables)), tables[first:]


def _of_dense(X, tables, fit_intercept):
    """Inputs and targets side by side: one product per table has every moment in it."""
    d = X.shape[1]
    product = _in_blocks if len(tables) == 1 else _together
    M, mean = product(X, tables, fit_intercept)
    C = M[:, :d, d:].transpose(1, 0, 2).reshape(d, -1)
    yy = np.einsum("tkk->tk", M[:, d:, d:]).ravel()
    return Moments(M[:, :d, :d], C, yy, mean[:, :d], mean[:, d:].ravel())


def _together(X, tables, fit_intercept):
    """Products ``(S, d + k, d + k)`` and means ``(S, d + k)`` of small tables."""
    from polytask.ops.kernels.products import products

    sizes, d = [len(a) for _, _, a in tables], X.shape[1]
    m = d + tables[0][1].shape[1]
    M, mean = np.empty((len(sizes), m, m)), np.zeros((len(sizes), m))
    for at, Z, first, Y in _side_by_side(X, tables):
        weight = np.concatenate([a for _, _, a in tables[at]])
        ends = np.cumsum(sizes[at])
        products(Z, first, Y, ends, weight, int(fit_intercept), M[at], mean[at])
    return M, mean


def _side_by_side(X, tables):
    """Inputs ``(d, N)``, where each table begins in them, and targets ``(k, n)``, of some tables.

    All at once where the inputs can be read where they are; else copies of a batch at a time.
    """
    rows, d = [rows for rows, _, _ in tables], X.shape[1]
    plain = X.dtype == np.float64 and X.flags.f_contiguous
    if plain and all(isinstance(some, slice) for some in rows):
        first = np.array([some.indices(len(X))[0] for some in rows])
        Y = np.ascontiguousarray(np.concatenate([Y for _, Y, _ in tables]).T)
        yield slice(0, len(tables)), X.T, first, Y
        return
    hold = np.empty(max(SMALL, max(len(Y) * (d + Y.shape[1]) for _, Y, _ in tables)))
    for at, some in _batches(tables, d):
        sizes, m = [len(Y) for _, Y, _ in some], d + some[0][1].shape[1]
        Z = _beside(X, some, hold[: m * sum(sizes)].reshape(m, sum(sizes)))
        yield at, Z[:d], np.cumsum([0, *sizes[:-1]]), Z[d:]


def _in_blocks(X, tables, fit_intercept):
    """The same of one table, however large: over the rows for the means, then for the products."""
    ((_, Y, a),) = tables
    blocks = list(_blocks(X, *tables[0]))
    mean = np.zeros(X.shape[1] + Y.shape[1])
    if fit_intercept:
        total = max(a.sum(), np.finfo(np.float64).tiny)
        mean = sum((_beside(X, [one]) @ (one[2] / total) for one in blocks), start=mean)
    M = np.zeros((len(mean), len(mean)))
    for one in blocks:
        Z = _beside(X, [one])
        Z -= mean[:, None]
        Z *= np.sqrt(one[2])
        M += Z @ Z.T
    return M[None], mean[None]


def _blocks(X, rows, Y, a):
    """A table cut into tables of `BLOCK` numbers."""
    step = max(1, BLOCK // (X.shape[1] + Y.shape[1]))
    first = rows.indices(len(X))[0] if isinstance(rows, slice) else None
    for start in range(0, len(a), step):
        at = slice(start, min(start + step, len(a)))
        here = rows[at] if first is None else slice(first + at.start, first + at.stop)
        yield here, Y[at], a[at]


def _beside(X, tables, out=None):
    """Inputs and targets ``(d + k, n)`` of some tables side by side, rows as columns."""
    d, k = X.shape[1], tables[0][1].shape[1]
    Z = np.empty((d + k, sum(len(Y) for _, Y, _ in tables))) if out is None else out
    np.concatenate([X[rows] for rows, _, _ in tables], out=Z[:d].T)
    np.concatenate([Y for _, Y, _ in tables], out=Z[d:].T)
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
