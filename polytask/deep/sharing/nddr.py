"""Neural discriminative dimensionality reduction: nets of every task, fused channel by channel."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.columns import columns
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Coupling, Group, Net, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.lead import lead
from polytask.deep.sharing.towers import Towers, asked
from polytask.errors import require


@dataclass(frozen=True)
class NDDR(Sharing):
    r"""A net per task; after every stage each sees the channels of all, reduced to its own.

    After stage l, ``F_t = sum_s H_s W_ts^l`` at every position, with a matrix ``(c, c)`` for every
    pair of tasks: a convolution of size 1 over the channels of all tasks side by side. The start is
    ``W_tt = own I`` and ``W_ts = other I / (T - 1)``, so that each net first goes its own way.

    Parameters
    ----------
    trunk : tuple of Stage
        Of every task's net, one stage at least.
    own, other : float
        Start of the diagonal blocks, and of all others together.
    rate : float, > 0
        Learning rate of the fusion, as a multiple of the net's.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If an option is out of range or ``trunk`` has no stages.

    Notes
    -----
    Stages without parameters below the first that learns are not fused. The paper normalises over
    the batch after the fusion; here nothing does, so that a row does not
    see its neighbours and ``own=1, other=0`` starts as separate nets. Matrices decay, as in the
    paper. Diagonal matrices are a cross-stitch per channel.
    A new task (`adapt`) is refused: what is shared has a part for every task.

    References
    ----------
    Gao, Ma, Zhao, Liu, Yuille. NDDR-CNN: layerwise feature fusing in multi-task CNNs by neural
    discriminative dimensionality reduction. CVPR 2019.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> model = deep.DeepModel(deep.NDDR(deep.mlp(8)), epochs=2, random_state=0)
    >>> model.fit(X, X[:, :2]).couplings_["fusion 1"].values.shape
    (2, 8, 2, 8)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    own: float = 0.9
    other: float = 0.1
    rate: float = 1.0
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk)
        check_dropout(self)
        require(len(self.trunk) > 0, "NDDR needs a stage at least: without one nothing is fused.")
        require(self.rate > 0, f"NDDR needs rate > 0. Found rate={self.rate}.")

    def net(self, aims, shape):
        """A net with a column per task and a fusion after every stage."""
        return _Fused(self, aims, shape)

    @classmethod
    def examples(cls):
        """Two stages with dropout, one stage that starts as separate nets."""
        yield cls(mlp(6, 5), dropout=0.2)
        yield cls((Dense(4, "tanh"),), own=1.0, other=0.0, rate=10.0)


class _Fused(Net):
    shared_parts = ("stages", "fusion")

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        T = len(aims)
        self.lead, stages = lead(sharing.trunk, shape)
        self.shapes = [self.lead.shapes[-1]]
        self.stages, self.fusion = nn.ModuleList(), nn.ParameterList()
        for stage in stages:
            self.stages.append(columns(stage, self.shapes[-1], T))
            self.shapes.append(Shape.of(stage.outputs(self.shapes[-1])))
            self.fusion.append(_start(T, self.shapes[-1].channels, sharing.own, sharing.other))
        self.dropout = nn.Dropout(sharing.dropout)
        self.rate = sharing.rate
        self.towers = Towers(aims, self.shapes[-1])

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        H = self.lead(values, mask)
        H = H.expand(len(self.targets), *H.shape)
        last = len(self.stages) - 1
        for at, (side, fusion) in enumerate(zip(self.stages, self.fusion)):
            rows = fusion[which] if at == last else fusion
            H = _fused(self.dropout(side(H, mask)), rows, self.shapes[at + 1])
        return self.towers(H, which, mask)

    def groups(self):
        """The fusion, which learns at a rate of its own."""
        return [Group(list(self.fusion), self.rate)]

    def couplings(self):
        meaning = "Weight of every channel of every task's net in the channels of the others."
        axes = ("receiving task", "receiving channel", "giving task", "giving channel")
        return {
            f"fusion {at + 1}": Coupling(one.detach().cpu().numpy(), meaning, axes)
            for at, one in enumerate(self.fusion)
        }


def _start(T, channels, own, other):
    """Blocks ``own I`` on the diagonal and ``other I / (T - 1)`` beside it, ``(T, c, T, c)``."""
    share = other / max(T - 1, 1)
    between = share * torch.ones(T, T) + (own - share) * torch.eye(T)
    return nn.Parameter(torch.einsum("st,oi->soti", between, torch.eye(channels)))


def _fused(H, fusion, shape):
    """Features ``(T, b, ...)`` to those of the receiving tasks ``(t, b, ...)``."""
    t, c = fusion.shape[:2]
    # channels of all tasks side by side: (b, *grid, T c)
    wide = H.movedim(shape.axis % (H.ndim - 1) + 1, -1).movedim(0, -2).flatten(-2)
    out = F.linear(wide, fusion.reshape(t * c, -1)).unflatten(-1, (t, c))
    return out.movedim(-2, 0).movedim(-1, shape.axis % (H.ndim - 1) + 1)
