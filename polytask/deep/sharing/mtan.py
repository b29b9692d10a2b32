"""Attention per task on every stage of one trunk."""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.features import Pointwise, fitted, mean_of
from polytask.deep.sharing.gates import mean_per_task
from polytask.deep.sharing.lead import lead
from polytask.deep.sharing.stacked import stacked
from polytask.deep.sharing.towers import Towers, asked
from polytask.deep.trunk import Trunk
from polytask.errors import require


@dataclass(frozen=True)
class MTAN(Sharing):
    r"""One trunk for all; every task has a soft mask on the features of every stage.

    With ``p^j`` what stage j gives, ``a_t^j = m_t^j * p^j`` and ``m_t^j = sigmoid(h_t^j(relu(
    g_t^j([p^j, f^j(a_t^{j-1})]))))``: a task looks at the shared features and at what it kept of
    the stage before. g and h are linear maps of the channels at every position, f is one for all
    tasks; the head stands on the last ``a_t``.

    Parameters
    ----------
    trunk : tuple of Stage
        From the inputs to the heads, one stage at least.
    hidden : int, >= 1, optional
        Channels between g and h; default: those of the stage.
    dropout : float in [0, 1)
        Share of the units of the trunk that is silenced while training.

    Raises
    ------
    ParameterError
        If an option is out of range or ``trunk`` has no stages.

    Notes
    -----
    The paper's attention reads a block's first convolution and masks its second; here a stage is
    whatever the user gives, and its own features are read and masked (but not those of stages
    without parameters below the first that learns). The paper normalises over
    the batch after g, h and f; here nothing does, so that a row does not see its neighbours. Masks
    start near one half, as there. ``f`` is a convolution of size 3 on maps, a linear map else;
    where the grid changes, features are pooled or spread to the new one.
    A new task (`adapt`) learns attention and a head of its own on the trunk.

    References
    ----------
    Liu, Johns, Davison. End-to-end multi-task learning with attention. CVPR 2019, eq. 1 to 3.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> model = deep.DeepModel(deep.MTAN(deep.mlp(8, 6)), epochs=2, random_state=0)
    >>> model.fit(X, X[:, :2]).couplings_["masks"].values.shape
    (2, 2)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    hidden: int | None = None
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk)
        check_dropout(self)
        require(len(self.trunk) > 0, "MTAN needs a stage at least: without one nothing is masked.")
        require(
            self.hidden is None or self.hidden >= 1,
            f"MTAN needs hidden >= 1 or None. Found hidden={self.hidden}.",
        )

    def net(self, aims, shape):
        """A net with one trunk, and per task a mask on every stage and a head."""
        return _Attending(self, aims, shape)

    @classmethod
    def examples(cls):
        """Two stages with dropout, one stage with few hidden channels."""
        yield cls(mlp(6, 5), dropout=0.2)
        yield cls((Dense(4, "tanh"),), hidden=2)


class _Attending(Net):
    shared_parts = ("trunk", "carry")

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.lead, stages = lead(sharing.trunk, shape)
        self.trunk = Trunk(stages, self.lead.shapes[-1], sharing.dropout)
        stages = self.trunk.shapes[1:]
        self.carry = nn.ModuleList([_Carry(before, after) for before, after in pairwise(stages)])
        # task, then stage
        self.masks = nn.ModuleList([_masks(stages, sharing.hidden) for _ in aims])
        self.towers = Towers(aims, stages[-1])
        self.register_buffer("means", torch.zeros(len(aims), len(stages)))

    def forward(self, X, tasks=None):
        which = asked(self, tasks)
        kept, _ = self._attend(X, which)
        return self.towers(kept, which, parted(X)[1])

    def _attend(self, X, which):
        """What every task keeps of the last stage ``(t, b, ...)``, and all masks by stage."""
        values, real = parted(X)
        kept, masks = None, []
        for j, P in enumerate(self.trunk.walk(self.lead(values, real), real)):
            shape = self.trunk.shapes[j + 1]
            seen = P.movedim(shape.axis, -1).expand(len(which), *P.movedim(shape.axis, -1).shape)
            if kept is not None:
                carried = self.carry[j - 1](kept, P, real).movedim(shape.axis % P.ndim + 1, -1)
                seen = torch.cat([seen, carried], -1)
            one, two = ([self.masks[t][j][k] for t in which] for k in ("look", "mask"))
            mask = stacked(two, stacked(one, seen).relu()).sigmoid()
            masks.append(mask.movedim(-1, shape.axis % P.ndim + 1))
            kept = masks[-1] * P
        return kept, masks

    def masks_of(self, X):
        """Mean masks of all tasks for every row and stage, ``(T, b, L)``."""
        real = parted(X)[1]
        _, masks = self._attend(X, asked(self, None))
        means = [
            torch.stack([mean_of(one, shape, real).mean(1) for one in each])
            for each, shape in zip(masks, self.trunk.shapes[1:])
        ]
        return torch.stack(means, -1)

    def after_epoch(self, epoch, data):
        """Note the mean masks on the training rows."""
        self.means.copy_(mean_per_task(self, data, self.masks_of))
        return False

    def couplings(self):
        meaning = "Mean over a task's training rows of its mask on every stage, between 0 and 1."
        return {"masks": Coupling(self.means.cpu().numpy(), meaning, ("task", "stage"))}


def _masks(shapes, hidden):
    """The masks of one task: two linear maps of the channels for every stage."""
    made = nn.ModuleList()
    for j, shape in enumerate(shapes):
        seen, between = shape.channels * (2 if j else 1), hidden or shape.channels
        pair = {"look": nn.Linear(seen, between), "mask": nn.Linear(between, shape.channels)}
        made.append(nn.ModuleDict(pair))
    return made


class _Carry(nn.Module):
    """What a task keeps, made ready to stand beside the next stage; one for all tasks."""

    def __init__(self, before, after):
        super().__init__()
        self.before, self.after = before, after
        maps = before.axis == 1
        size = (before.channels, after.channels)
        self.map = nn.Conv2d(*size, 3, padding=1) if maps else Pointwise(before, after.channels)

    def forward(self, kept, like, real):
        """What tasks keep ``(t, b, ...)`` on the grid of the next stage."""
        moved = torch.relu(self.map(kept.flatten(0, 1))).unflatten(0, kept.shape[:2])
        if self.before.grid == self.after.grid:
            return moved
        return torch.stack([fitted(A, self.before, self.after, like, real) for A in moved])
