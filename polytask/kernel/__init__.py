"""Models on the features of a kernel: what is linear there bends in the inputs."""

from polytask.kernel.kernel_model import KernelModel
from polytask.kernel.kernels import RBF, Kernel, Laplacian, Linear, Polynomial

__all__ = ["RBF", "Kernel", "KernelModel", "Laplacian", "Linear", "Polynomial"]
