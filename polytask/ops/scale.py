"""Columns at mean 0 and standard deviation 1: the one scaling of every wing."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.errors import UnsupportedError, require
from polytask.ops.linalg import column_means


@dataclass(frozen=True, eq=False)
class Scale:
    """Mean and standard deviation of the columns of a table, and the way there and back.

    A column that does not vary keeps standard deviation 1, so that nothing is divided by zero.

    Parameters
    ----------
    mean : float64 array (d,)
    std : float64 array (d,)
        Positive.

    Examples
    --------
    >>> import numpy as np
    >>> scale = Scale.of(np.array([[1.0, 7.0], [3.0, 7.0]]))
    >>> scale.transform(np.array([[5.0, 8.0]]))
    array([[3., 1.]])
    """

    mean: np.ndarray
    std: np.ndarray

    @classmethod
    def of(cls, X, weight=None):
        """The scale of a table ``(n, d)``, dense or sparse, rows weighed by ``weight`` ``(n,)``.

        A row of weight zero counts as absent; weight 2 as the row twice.
        """
        weight = np.ones(X.shape[0]) if weight is None else np.asarray(weight, dtype=np.float64)
        share = weight / max(weight.sum(), np.finfo(np.float64).tiny)
        mean = column_means(X, share)
        variance = _variance(X, share, mean)
        return cls(mean, cls.deviation(mean, variance, len(weight)))

    @staticmethod
    def deviation(mean, variance, n):
        """Square roots ``(d,)`` of variances over n rows, 1 where only rounding is left of one."""
        # rounding leaves a constant column this much: accumulated sums err by eps * sqrt(n) * mean
        noise = 8 * np.finfo(np.float64).eps * np.sqrt(max(n, 1)) * np.abs(mean)
        constant = variance <= noise**2
        return np.where(constant, 1.0, np.sqrt(np.where(constant, 1.0, variance)))

    def transform(self, X):
        """Inputs ``(n, d)`` at mean 0 and deviation 1.

        Raises
        ------
        UnsupportedError
            If X is sparse: moving its zeros would fill it. Use ``X / std`` there (`spread`).
        """
        require(
            not sparse.issparse(X),
            "Scale.transform needs a dense table, because subtracting means fills a sparse one. "
            "Use Scale.spread, which divides only.",
            UnsupportedError,
        )
        return (X - self.mean) / self.std

    def spread(self, X):
        """Inputs ``(n, d)`` divided by the deviations, not moved; sparse stays sparse."""
        if sparse.issparse(X):
            return X @ sparse.diags_array(1 / self.std)
        return X / self.std

    def back(self, Z):
        """The table from which ``transform`` made ``Z``."""
        return Z * self.std + self.mean


def _variance(X, share, mean, rows=4096):
    """Weighted variance of the columns; dense tables in blocks, so that no copy is made."""
    if sparse.issparse(X):
        square = np.asarray(X.multiply(X).T @ share).ravel()
        return np.maximum(square - mean**2, 0)
    total = np.zeros(X.shape[1])
    for start in range(0, X.shape[0], rows):
        part = slice(start, start + rows)
        total += share[part] @ (X[part] - mean) ** 2
    return total
