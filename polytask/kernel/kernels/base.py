"""What a kernel must give: the likeness of rows, and that of a row with itself."""

from abc import ABC, abstractmethod

import numpy as np

from polytask.errors import require
from polytask.slot import Slot

# Rows that the typical distance is taken over; more do not change it.
SAMPLE = 500
WIDTHS = (0.1, 0.3, 1.0, 3.0)  # of the grid, times one over the median distance


class Kernel(Slot, ABC):
    """A positive definite function of two rows."""

    @abstractmethod
    def __call__(self, A, B):
        """Values ``(len(A), len(B))`` for rows ``(., d)``, dense or CSR."""

    def diagonal(self, X):
        """The value of every row with itself ``(n,)``."""
        return np.array([self(X[[i]], X[[i]])[0, 0] for i in range(X.shape[0])])

    def grid(self, X):
        """Kernels worth trying on a table ``(n, d)``, from the smoothest."""
        return [self]


def widths(distances):
    """Values of ``gamma`` worth trying, from distances between rows."""
    typical = np.median(distances[distances > 0]) if np.any(distances > 0) else 1.0
    return [float(f"{width / typical:.3g}") for width in WIDTHS]


def sample(X):
    """At most `SAMPLE` rows of a table, evenly spread."""
    return X[np.unique(np.linspace(0, X.shape[0] - 1, SAMPLE).astype(int))]


def check_gamma(kernel):
    """Refuse a width that is not positive."""
    gamma = kernel.gamma
    require(
        gamma is None or (np.isfinite(gamma) and gamma > 0),
        f"{type(kernel).__name__} needs gamma > 0, or None for 1 / d. Found gamma={gamma}.",
    )
