"""Kernels: how alike two rows are."""

from polytask.kernel.kernels.base import Kernel
from polytask.kernel.kernels.laplacian import Laplacian
from polytask.kernel.kernels.linear import Linear
from polytask.kernel.kernels.polynomial import Polynomial
from polytask.kernel.kernels.rbf import RBF

__all__ = ["RBF", "Kernel", "Laplacian", "Linear", "Polynomial"]
