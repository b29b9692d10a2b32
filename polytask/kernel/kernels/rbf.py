"""The Gaussian kernel."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics.pairwise import euclidean_distances, rbf_kernel

from polytask.kernel.kernels.base import Kernel, check_gamma, sample, widths


@dataclass(frozen=True)
class RBF(Kernel):
    """``k(x, z) = exp(-gamma |x - z|^2)``: rows are alike where they are near.

    Parameters
    ----------
    gamma : float, > 0, or None
        One over a squared distance; None is 1 / d. `grid` tries values about one over the median
        squared distance of rows.

    Raises
    ------
    ParameterError
        If ``gamma`` is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> RBF(gamma=0.5)(np.array([[0.0]]), np.array([[0.0], [2.0]])).round(3)
    array([[1.   , 0.135]])
    """

    gamma: float | None = None

    def __post_init__(self):
        check_gamma(self)

    def __call__(self, A, B):
        return np.asarray(rbf_kernel(A, B, self.gamma))

    def diagonal(self, X):
        return np.ones(X.shape[0])

    def grid(self, X):
        some = sample(X)
        return [self.replace(gamma=one) for one in widths(euclidean_distances(some, squared=True))]
