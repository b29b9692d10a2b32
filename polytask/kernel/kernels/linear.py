"""The inner product."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics.pairwise import linear_kernel

from polytask.kernel.kernels.base import Kernel
from polytask.ops.linalg import row_squares


@dataclass(frozen=True)
class Linear(Kernel):
    """``k(x, z) = x'z``: features that are linear in the inputs, fewer where columns are many.

    Examples
    --------
    >>> import numpy as np
    >>> Linear()(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]))
    array([[11.]])
    """

    def __call__(self, A, B):
        return np.asarray(linear_kernel(A, B))

    def diagonal(self, X):
        return row_squares(X)
