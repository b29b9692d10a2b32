"""The Laplacian kernel."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics.pairwise import laplacian_kernel, manhattan_distances

from polytask.kernel.kernels.base import Kernel, check_gamma, sample, widths


@dataclass(frozen=True)
class Laplacian(Kernel):
    """``k(x, z) = exp(-gamma |x - z|_1)``: rougher than `RBF`, and less afraid of single columns.

    Parameters
    ----------
    gamma : float, > 0, or None
        One over a distance; None is 1 / d. `grid` tries values about one over the median distance
        of rows.

    Raises
    ------
    ParameterError
        If ``gamma`` is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> Laplacian(gamma=0.5)(np.array([[0.0]]), np.array([[0.0], [2.0]])).round(3)
    array([[1.   , 0.368]])
    """

    gamma: float | None = None

    def __post_init__(self):
        check_gamma(self)

    def __call__(self, A, B):
        return np.asarray(laplacian_kernel(A, B, self.gamma))

    def diagonal(self, X):
        return np.ones(X.shape[0])

    def grid(self, X):
        some = sample(X)
        return [self.replace(gamma=one) for one in widths(manhattan_distances(some))]
