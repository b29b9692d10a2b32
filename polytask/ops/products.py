"""Products of a tall or wide table with a few columns, at the speed at which the table is read."""

import numpy as np

# Multiplications in one product up to which BLAS reads both factors where they are. Beyond it
# both are copied first, which beside few outputs takes as long as the product itself.
IN_PLACE = 10**6
# Rows of a tile: its part of the narrow factor stays in the nearest cache.
ROWS = 500
# Outputs from which on copies are cheap beside the product.
WIDE = 128


def back(X, R):
    """``X' R`` of a table ``(n, d)`` and an array ``(n, P)``, as an array ``(d, P)``.

    A dense float64 table in Fortran order is read in tiles, which for a few outputs takes half the
    time of one product; one in C order gives ``(R' X)'``.

    Examples
    --------
    >>> X, R = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> back(X, R)
    array([[4., 3.],
           [6., 4.]])
    """
    few = R.ndim == 2 and 1 < R.shape[1] <= WIDE
    if not (few and isinstance(X, np.ndarray) and X.dtype == R.dtype == np.float64):
        return np.asarray(X.T @ R)
    if X.strides[1] == X.itemsize:
        return np.ascontiguousarray((R.T @ X).T)
    return _in_tiles(X, np.ascontiguousarray(R)) if len(X) else np.zeros((X.shape[1], R.shape[1]))


def _in_tiles(X, R):
    height = min(len(X), ROWS)
    width = max(IN_PLACE // (height * R.shape[1]), 1)
    out = np.empty((X.shape[1], R.shape[1]))
    for j in range(0, X.shape[1], width):
        Z, some = X.T[j : j + width], out[j : j + width]
        np.matmul(Z[:, :height], R[:height], out=some)
        for i in range(height, len(X), height):
            some += Z[:, i : i + height] @ R[i : i + height]
    return out
