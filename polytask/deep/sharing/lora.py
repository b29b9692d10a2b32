"""Low-rank adaptation: one trunk, and per task a matrix of low rank beside each of its own."""

import copy
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.sharing.base import Coupling, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.on_trunk import OnTrunk, check_learns, trained_first
from polytask.errors import require


@dataclass(frozen=True)
class LoRA(Sharing):
    r"""One trunk for all tasks; every task adds matrices of low rank to those of its dense stages.

    Of a stage with the matrix ``W (h, d)`` and the bias b, task t sees ``phi(W_t x + b)`` with
    ``W_t = W + (alpha / r) B_t A_t``, where ``A_t`` is ``(r, d)`` and ``B_t`` is ``(h, r)``.
    ``B_t = 0`` at the start, which is hard sharing. A task costs ``r (d + h)`` numbers per stage
    and a head, and nothing once they are merged.

    Parameters
    ----------
    trunk : tuple of Stage
        From the inputs to the heads, with a `Dense` stage at least. Other stages stay common.
    rank : int, >= 1
        r; at most the smaller side of a matrix counts.
    alpha : float, > 0
        The scale of the updates, divided by r.
    learns : {"first", "along", "both"}
        When the trunk learns: first, in hard sharing of the same tasks, and then it is held fixed;
        from a common start along with the updates; or both, one after the other.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training; one mask serves all
        tasks.

    Raises
    ------
    ParameterError
        If an option is out of range or ``trunk`` has no dense stage.

    Notes
    -----
    The tasks part at the first dense stage; what stands below is computed once. In the paper the
    matrices are the projections of attention in a language model; here they are the dense stages.
    ``A`` begins with normal numbers of variance ``1 / d``. In a plain loop ``sharing.before()`` is
    to be trained first, and ``net.follow(trained)`` takes it over and holds it; a trunk trained
    elsewhere comes in the same way. ``net.merged(name)`` is the trunk of one task as plain stages.
    A new task (`adapt`) learns updates and a head of its own on the trunk.

    References
    ----------
    Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang, Chen. LoRA: low-rank adaptation of large language
    models. ICLR 2022, eq. 3.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> model = deep.DeepModel(deep.LoRA(deep.mlp(8, 6), rank=2), epochs=2, random_state=0)
    >>> model.fit(X, X[:, :2]).couplings_["updates"].values.shape
    (2, 2)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    rank: int = 4
    alpha: float = 4.0
    learns: str = "first"
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk)
        check_dropout(self)
        check_learns(self)
        require(self.rank >= 1, f"LoRA needs rank >= 1. Found rank={self.rank}.")
        require(self.alpha > 0, f"LoRA needs alpha > 0. Found alpha={self.alpha}.")
        require(
            any(isinstance(stage, Dense) for stage in self.trunk),
            "LoRA needs a Dense stage at least: its updates belong to matrices. For other stages "
            f"take Adapters or FiLM. Found trunk={self.trunk!r}.",
        )

    def before(self):
        """Hard sharing, where the trunk is to learn first."""
        return trained_first(self)

    def net(self, aims, shape):
        """A net with one trunk, and per task its updates and a head."""
        return _LowRank(self, aims, shape)

    @classmethod
    def examples(cls):
        """On a trunk that is held, with dropout; along with it; one after the other."""
        yield cls(mlp(6, 5), rank=2, dropout=0.2)
        yield cls((Dense(4, "tanh"),), rank=9, learns="along")
        yield cls(mlp(5), rank=1, alpha=0.5, learns="both")


class _LowRank(OnTrunk):
    def __init__(self, sharing, aims, shape):
        super().__init__(aims, shape, sharing)
        self.changing = [i for i, s in enumerate(sharing.trunk) if isinstance(s, Dense)]
        matrices = [self.trunk.stages[i][0].weight for i in self.changing]
        each = [[_Update(W, sharing) for W in matrices] for _ in aims]
        self.updates = nn.ModuleList([nn.ModuleList(own) for own in each])

    def changed(self, at, H, which, mask):
        linear, activation = self.trunk.stages[self.changing[at]]
        each = [self.updates[t][at] for t in which]
        A, B = (torch.stack([getattr(one, name) for one in each]) for name in "AB")
        low = H.flatten(1, -2) @ A.mT @ (each[0].scale * B.mT)
        whole = F.linear(H, linear.weight, linear.bias)
        return activation(whole + low.unflatten(1, H.shape[1:-1]))

    @torch.no_grad()
    def merged(self, name):
        """The trunk of one task as plain stages, its updates added to the matrices: a `Trunk`."""
        t, trunk = self.towers.names.index(name), copy.deepcopy(self.trunk)
        for at, i in enumerate(self.changing):
            trunk.stages[i][0].weight += self.updates[t][at].whole()
        return trunk

    @torch.no_grad()
    def couplings(self):
        lengths = [self.trunk.stages[i][0].weight.norm().clamp_min(1e-12) for i in self.changing]
        found = [
            [own[at].whole().norm() / length for at, length in enumerate(lengths)]
            for own in self.updates
        ]
        values = torch.stack([torch.stack(row) for row in found]).cpu().numpy()
        meaning = "Length of a task's update of a dense stage over that of the shared matrix."
        return {"updates": Coupling(values, meaning, ("task", "dense stage"))}


class _Update(nn.Module):
    """A matrix of low rank beside another."""

    def __init__(self, W, sharing):
        super().__init__()
        h, d = W.shape
        rank = min(sharing.rank, h, d)
        self.scale = sharing.alpha / rank
        self.A = nn.Parameter(torch.randn(rank, d) / d**0.5)
        self.B = nn.Parameter(torch.zeros(h, rank))

    def whole(self):
        """The update itself, ``(h, d)``."""
        return self.scale * self.B @ self.A
