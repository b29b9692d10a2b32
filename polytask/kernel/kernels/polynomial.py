"""Products of inputs up to a degree."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics.pairwise import polynomial_kernel

from polytask.errors import require
from polytask.kernel.kernels.base import Kernel, check_gamma
from polytask.ops.linalg import row_squares


@dataclass(frozen=True)
class Polynomial(Kernel):
    """``k(x, z) = (gamma x'z + coef0)^degree``: products of up to ``degree`` inputs.

    Parameters
    ----------
    degree : int, >= 1
    gamma : float, > 0, or None
        None is 1 / d.
    coef0 : float, >= 0
        0 leaves out products of fewer inputs.

    Raises
    ------
    ParameterError
        If an option is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> Polynomial(degree=2, gamma=1.0)(np.array([[2.0]]), np.array([[3.0]]))
    array([[49.]])
    """

    degree: int = 3
    gamma: float | None = None
    coef0: float = 1.0

    def __post_init__(self):
        check_gamma(self)
        require(self.degree >= 1, f"Polynomial needs degree >= 1. Found degree={self.degree}.")
        require(self.coef0 >= 0, f"Polynomial needs coef0 >= 0. Found coef0={self.coef0}.")

    def __call__(self, A, B):
        return np.asarray(polynomial_kernel(A, B, self.degree, self.gamma, self.coef0))

    def diagonal(self, X):
        gamma = 1 / X.shape[1] if self.gamma is None else self.gamma
        return (gamma * row_squares(X) + self.coef0) ** self.degree

    def grid(self, X):
        return [self.replace(degree=degree) for degree in (1, 2, 3)]
