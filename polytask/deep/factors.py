"""Tensors composed of factors: the last one holds the tasks, the others are for all of them."""

import math
from typing import NamedTuple

import torch

from polytask.deep.unfoldings import laf, tucker


class Factors(NamedTuple):
    """The factors of one tensor of stacked weights ``(D_1, ..., D_{N-1}, T)``.

    Attributes
    ----------
    shared : list of tensors
    own : tensor (K, T)
        A column per task.
    """

    shared: list
    own: torch.Tensor

    @property
    def count(self):
        """How many numbers they hold."""
        return sum(one.numel() for one in (*self.shared, self.own))


def kept(s, error, cap):
    """How many singular values ``s`` leave a Frobenius error of at most ``error``; at most ``cap``.

    Examples
    --------
    >>> kept(torch.tensor([3.0, 1.0, 0.1]), 0.5, None), kept(torch.tensor([3.0, 1.0, 0.1]), 0.0, 2)
    (2, 2)
    """
    left = s.double().flip(0).square().cumsum(0).sqrt().flip(0)  # what remains without k and above
    enough = max(1, int((left > error).sum()))
    return enough if cap is None else min(enough, cap)


def _svd(M):
    return torch.linalg.svd(M.double(), full_matrices=False)


class LAF:
    """Last axis flattening: ``W_{..t} = sum_k L_{..k} S_{kt}``, ``L`` of shape ``D x K``."""

    @staticmethod
    def compose(shared, own):
        """The tensor ``(*D, T)``."""
        return shared[0] @ own

    @staticmethod
    def ranks(sizes, T, cap):
        """The ranks that a cap leaves: of the tasks."""
        return (min(cap, T),)

    @staticmethod
    def shapes(sizes, T, ranks):
        """Shapes of the shared factors, and of that of the tasks."""
        return [(*sizes, ranks[0])], (ranks[0], T)

    @staticmethod
    def decompose(W, tolerance, cap):
        """The best factors of this rank; scales are split evenly."""
        (M,) = laf(W)
        U, s, Vt = _svd(M)
        K = kept(s, tolerance * s.norm(), cap)
        root = s[:K].sqrt()
        return Factors([(U[:, :K] * root).reshape(*W.shape[:-1], K)], root[:, None] * Vt[:K])


class Tucker:
    """``W = core x_1 U_1 ... x_N U_N`` with ``U_n`` of shape ``D_n x K_n``; the own one is U_N'."""

    @staticmethod
    def compose(shared, own):
        """The tensor ``(*D, T)``."""
        core, *sides = shared
        for side in sides:
            # the axis in front goes to the end as the next one comes: a full turn is the old order
            core = torch.tensordot(core, side, ([0], [1]))
        return torch.tensordot(core, own, ([0], [0]))

    @staticmethod
    def ranks(sizes, T, cap):
        """The ranks that a cap leaves: of every axis."""
        return tuple(min(cap, size) for size in (*sizes, T))

    @staticmethod
    def shapes(sizes, T, ranks):
        """Shapes of the shared factors, the core first, and of that of the tasks."""
        return [ranks, *zip(sizes, ranks)], (ranks[-1], T)

    @staticmethod
    def decompose(W, tolerance, cap):
        """Left singular vectors of every unfolding, and the core by projection (HOSVD)."""
        error = tolerance * W.double().norm() / math.sqrt(W.ndim)
        core, sides = W.double(), []
        for M in tucker(W):
            U, s, _ = _svd(M)
            sides.append(U[:, : kept(s, error, cap)])
            core = torch.tensordot(core, sides[-1], ([0], [0]))
        return Factors([core, *sides[:-1]], sides[-1].mT)


class TT:
    """Tensor train: ``W = U_1 U_2[d_2] ... U_N`` with factors ``K_{n-1} x D_n x K_n``."""

    @staticmethod
    def compose(shared, own):
        """The tensor ``(*D, T)``."""
        W = shared[0]
        for one in (*shared[1:], own):
            W = torch.tensordot(W, one, 1)
        return W

    @staticmethod
    def ranks(sizes, T, cap):
        """The ranks that a cap leaves: of every cut."""
        found = []
        for size in sizes:
            found.append(min(cap, (found[-1] if found else 1) * size))
        return (*found[:-1], min(found[-1], T))

    @staticmethod
    def shapes(sizes, T, ranks):
        """Shapes of the shared factors, the first one a matrix, and of that of the tasks."""
        inner = [(ranks[n - 1], sizes[n], ranks[n]) for n in range(1, len(sizes))]
        return [(sizes[0], ranks[0]), *inner], (ranks[-1], T)

    @staticmethod
    def decompose(W, tolerance, cap):
        """One singular value decomposition after the other; the last scale is split evenly."""
        error = tolerance * W.double().norm() / math.sqrt(max(1, W.ndim - 1))
        rest, K, shared = W.double(), 1, []
        for size in W.shape[:-1]:
            U, s, Vt = _svd(rest.reshape(K * size, -1))
            old, K = K, kept(s, error, cap)
            shared.append(U[:, :K].reshape(old, size, K))
            rest = s[:K, None] * Vt[:K]
        root = s[:K].sqrt()
        shared[-1] = shared[-1] * root
        return Factors([shared[0][0], *shared[1:]], rest / root[:, None])


FORMS = {"laf": LAF, "tucker": Tucker, "tt": TT}


def drawn(form, sizes, T, cap, *, std):
    """Factors at random, all of one scale, whose tensor has this standard deviation."""
    shapes, last = form.shapes(sizes, T, form.ranks(sizes, T, cap))
    factors = [torch.randn(*shape) for shape in (*shapes, last)]
    found = form.compose(factors[:-1], factors[-1]).std().clamp_min(1e-12)
    scale = (std / found) ** (1 / len(factors))
    factors = [one * scale for one in factors]
    return Factors(factors[:-1], factors[-1])


def cosine(S):
    """Cosines of the absolute columns of S ``(K, T)``: 0 for tasks of their own, 1 for one task."""
    unit = torch.nn.functional.normalize(S.abs(), dim=0)
    return unit.mT @ unit


def softmax_cosine(S):
    """The paper's measure, cosines after a softmax of the columns; it is not 0 for ``S = I``."""
    return cosine(S.abs().softmax(0))


def sharing(cosines):
    """Mean over pairs of tasks of a matrix of cosines ``(T, T)``; 1 for one task alone."""
    T = len(cosines)
    return (cosines.sum() - cosines.trace()) / (T * (T - 1)) if T > 1 else cosines.new_ones(())
