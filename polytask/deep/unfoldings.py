"""Tensors of stacked weights as matrices, and the sum of the singular values of those."""

import math

import torch

# Singular values below this share of the largest one have no direction.
TOLERANCE = 1e-6
# From this aspect on, the Gram matrix of the short side is cheaper than a thin SVD.
SLIM = 4


def stacked(values):
    """Weights of all columns ``(T, o, i, *kernel)`` as papers stack them ``(*kernel, i, o, T)``."""
    return values.permute(*range(3, values.ndim), 2, 1, 0)


def columnwise(tensor):
    """Stacked weights ``(*kernel, i, o, T)`` as columns have them ``(T, o, i, *kernel)``."""
    N = tensor.ndim
    return tensor.permute(N - 1, N - 2, N - 3, *range(N - 3))


def laf(W):
    """Last axis flattening: the matrix ``(D_1 ... D_{N-1}, T)``, in a list."""
    return [W.reshape(-1, W.shape[-1])]


def tucker(W):
    """The N unfoldings ``(D_k, product of the others)``."""
    return [W.movedim(k, 0).reshape(size, -1) for k, size in enumerate(W.shape)]


def tensor_train(W):
    """The N - 1 unfoldings ``(D_1 ... D_k, D_{k+1} ... D_N)``."""
    return [W.reshape(math.prod(W.shape[:k]), -1) for k in range(1, W.ndim)]


UNFOLDINGS = {"laf": laf, "tucker": tucker, "tt": tensor_train}


def thin_svd(M):
    """U ``(p, r)``, singular values ``(r,)`` and V' ``(r, q)`` of those above the tolerance.

    Computed in float64. Very long or wide matrices go by the Gram matrix of their short side.

    Examples
    --------
    >>> U, s, Vt = thin_svd(torch.tensor([[3.0, 0.0], [0.0, 0.0], [4.0, 0.0]]))
    >>> s
    tensor([5.], dtype=torch.float64)
    """
    M = M.double()
    if M.shape[0] < M.shape[1]:
        U, s, Vt = thin_svd(M.mT)
        return Vt.mT, s, U.mT
    if M.shape[0] < SLIM * M.shape[1]:
        U, s, Vt = torch.linalg.svd(M, full_matrices=False)
        kept = s > TOLERANCE * s[0]
        return U[:, kept], s[kept], Vt[kept]
    squares, V = torch.linalg.eigh(M.mT @ M)
    s = squares.clamp_min(0).sqrt().flip(0)
    kept = s > TOLERANCE * s[0]
    V, s = V.flip(1)[:, kept], s[kept]
    return M @ V / s, s, V.mT


class _Nuclear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, M):
        U, s, Vt = thin_svd(M)
        ctx.save_for_backward((U @ Vt).to(M.dtype))
        return s.sum().to(M.dtype)

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.saved_tensors[0]


def nuclear(M):
    """Sum of the singular values of a matrix; its gradient is ``U V'``, a subgradient everywhere.

    Examples
    --------
    >>> M = torch.diag(torch.tensor([2.0, -1.0])).requires_grad_()
    >>> nuclear(M).backward()
    >>> M.grad
    tensor([[ 1.,  0.],
            [ 0., -1.]])
    """
    return _Nuclear.apply(M)


def shrunk(M, by):
    """The matrix with its singular values less by so much, or 0: the proximal step of `nuclear`."""
    U, s, Vt = thin_svd(M)
    return ((U * (s - by).clamp_min(0)) @ Vt).to(M.dtype)
