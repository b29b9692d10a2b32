"""Tables that are multiplied in float64 whatever they are held in, without a copy of the whole."""

import numpy as np
from scipy import sparse

# Numbers that are made float64 at a time (2 MB): they stay in a cache, and off the budget.
BLOCK = 2**18


def held(X):
    """The table as products in float64 can use it: itself, where they copy nothing.

    A dense table that is not float64, or whose numbers are strewn over memory, is read in blocks;
    a sparse one of another number type gets float64 values and keeps its indices.

    Parameters
    ----------
    X : array, `InBlocks`, or sparse matrix (n, d)

    Examples
    --------
    >>> X = np.ones((3, 2))
    >>> held(X) is X, type(held(X.astype(np.float32))).__name__
    (True, 'InBlocks')
    """
    if sparse.issparse(X):
        return X if X.dtype == np.float64 else _widened(X)
    if isinstance(X, InBlocks) or (X.dtype == np.float64 and _lies_well(X)):
        return X
    return InBlocks(X)


def _widened(X):
    data = X.data.astype(np.float64)
    return type(X)((data, X.indices, X.indptr), shape=X.shape, copy=False)


def _lies_well(X):
    """Whether a product reads the table where it is: rows or columns without gaps in them."""
    if X.ndim != 2 or min(X.shape) <= 1:
        return True
    steps, size = X.strides, X.itemsize
    aligned = X.flags.aligned and X.dtype.isnative
    return aligned and any(
        steps[k] == size and steps[1 - k] >= size * X.shape[k] and steps[1 - k] % size == 0
        for k in (0, 1)
    )


class InBlocks:
    """A dense table that is made float64 a block of rows at a time, in every product.

    What is cut out of it is a float64 array.

    Parameters
    ----------
    X : array (n, d)

    Examples
    --------
    >>> X = InBlocks(np.array([[1, 2], [3, 4]], dtype=np.float32))
    >>> X @ np.ones(2), X.T @ np.ones(2), X[:, [1]].ravel()
    (array([3., 7.]), array([4., 6.]), array([2., 4.]))
    """

    ndim = 2
    dtype = np.dtype(np.float64)
    __array_ufunc__ = None  # numpy leaves products with it to this class

    def __init__(self, X):
        self.held = X
        self.shape = X.shape

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, at):
        return self.held[at].astype(np.float64)

    def __array__(self, dtype=None, copy=None):
        return self.held.astype(np.float64 if dtype is None else dtype)

    def blocks(self):
        """Slices of rows, and those rows in float64."""
        return _blocks(self.held)

    def __matmul__(self, W):
        return _times(self.held, W)

    @property
    def T(self):
        """The transpose, for products from the left."""
        return Transposed(self)


class Transposed:
    """The transpose of an `InBlocks`."""

    __array_ufunc__ = None

    def __init__(self, table):
        self.T = table
        self.shape = table.shape[::-1]

    def __matmul__(self, R):
        return _times(self.T.held.T, R)


def _times(X, W):
    """``X @ W`` in blocks of rows, or of columns where those lie together."""
    by_columns = abs(X.strides[0]) < abs(X.strides[1])
    out = np.zeros((X.shape[0], *np.shape(W)[1:]))
    if by_columns:
        for at, columns in _blocks(X.T):
            out += columns.T @ W[at]
    else:
        for at, rows in _blocks(X):
            out[at] = rows @ W
    return out


def _blocks(X):
    rows = max(1, BLOCK // max(X.shape[1], 1))
    for start in range(0, X.shape[0], rows):
        at = slice(start, start + rows)
        yield at, X[at].astype(np.float64)
