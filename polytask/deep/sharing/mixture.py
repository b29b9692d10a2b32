"""The net of experts that all tasks share, mixed by a gate per task."""

import torch

from polytask.deep.shape import parted
from polytask.deep.sharing.base import Coupling, Net
from polytask.deep.sharing.experts import Experts, mixed
from polytask.deep.sharing.features import mean_of
from polytask.deep.sharing.gates import mean_per_task
from polytask.deep.sharing.towers import Towers, asked
from polytask.deep.trunk import Trunk


class MixtureNet(Net):
    """Bottom, experts, gates, towers.

    Parameters
    ----------
    sharing : Sharing
        With the options ``expert``, ``experts``, ``bottom``, ``tower`` and ``dropout``.
    gates : callable
        From the numbers that a gate looks at to the module of all gates.
    """

    shared_parts = ("bottom", "experts")

    def __init__(self, sharing, aims, shape, gates):
        super().__init__(aims)
        self.bottom = Trunk(sharing.bottom, shape, sharing.dropout)
        below = self.bottom.shapes[-1]
        self.experts = Experts(sharing.expert, below, sharing.experts, sharing.dropout)
        self.gates = gates(below.channels)
        self.towers = Towers(aims, self.experts.shape, sharing.tower, sharing.dropout)
        self.register_buffer("means", torch.zeros(len(aims), sharing.experts))

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        H = self.bottom(values, mask)
        seen = mean_of(H, self.bottom.shapes[-1], mask)
        return self.answers(H, self.gates(seen, which), which, mask)

    def answers(self, H, gates, which, mask=None):
        """Outputs of the tasks ``which`` by what stands on the bottom and their gates."""
        return self.towers(mixed(gates, self.experts(H, mask)), which, mask)

    def gates_of(self, X):
        """The gates of all tasks for every row, ``(T, b, E)``."""
        values, mask = parted(X)
        seen = mean_of(self.bottom(values, mask), self.bottom.shapes[-1], mask)
        return self.gates(seen, range(len(self.targets)))

    def after_epoch(self, epoch, data):
        """Note the mean gates on the training rows."""
        self.means.copy_(mean_per_task(self, data, self.gates_of))
        return False

    def couplings(self):
        meaning = "Mean over a task's training rows of its gate on every expert; rows sum to 1."
        return {"gates": Coupling(self.means.cpu().numpy(), meaning, ("task", "expert"))}
