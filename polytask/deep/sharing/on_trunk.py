"""A trunk for all tasks that is trained first, and what every task adds to it."""

import torch

from polytask.deep.shape import parted
from polytask.deep.sharing.base import Net
from polytask.deep.sharing.hard_sharing import HardSharing
from polytask.deep.sharing.passes import OneMask, through
from polytask.deep.sharing.towers import Towers, asked
from polytask.deep.trunk import Trunk, called
from polytask.errors import require

LEARNS = ("first", "along", "both")


def check_learns(sharing):
    """Refuse a word that does not say when the trunk learns."""
    require(
        sharing.learns in LEARNS,
        f"{type(sharing).__name__} needs learns out of {list(LEARNS)}. Found {sharing.learns!r}.",
    )


def trained_first(sharing):
    """The hard sharing that is trained before a sharing on its trunk, or None."""
    return None if sharing.learns == "along" else HardSharing(sharing.trunk, sharing.dropout)


class OnTrunk(Net):
    """A net whose trunk serves all tasks, and whose tasks part where they first add something.

    Below that the trunk is computed once; from there on all tasks that are asked are one batch,
    T times as long. Once held fixed (`follow`, with ``learns="first"``) the trunk keeps its numbers
    and its running statistics, also after it was loaded from a file.

    Parameters
    ----------
    aims : tuple of T Target
    shape : Shape
    sharing : Sharing
        With ``trunk``, ``dropout`` and ``learns``.

    Attributes
    ----------
    changing : list of int
        The stages at which a task adds something, from below.
    """

    shared_parts = ("trunk",)

    def __init__(self, aims, shape, sharing):
        super().__init__(aims)
        self.trunk = Trunk(sharing.trunk, shape)
        self.dropout = OneMask(sharing.dropout)
        self.towers = Towers(aims, self.trunk.shapes[-1])
        self.holds = sharing.learns == "first"
        self.held = False
        self.changing: list[int] = []

    def changed(self, at, H, which, mask):
        """Stage ``changing[at]`` for tasks ``which``, ``(1 or t, b, ...)`` to ``(t, b, ...)``."""
        raise NotImplementedError

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        H = values[None]
        for i, module in enumerate(self.trunk.stages):
            if i in self.changing:
                H = self.changed(self.changing.index(i), H, which, mask)
            else:
                H = called(module, H[0], mask)[None] if len(H) == 1 else through(module, H, mask)
            # words are numbers of a list: nothing of them can be silenced
            H = self.dropout(H) if H.is_floating_point() else H
        return self.towers(H, which, mask)

    @torch.no_grad()
    def follow(self, trained):
        """Begin with the trunk and the heads of hard sharing."""
        self.trunk.load_state_dict(trained.trunk.state_dict())
        heads, mine = trained.heads, dict(zip(self.towers.names, self.towers.heads))
        if heads.linear is not None:
            weights, biases = (p.split(heads.widths) for p in heads.linear.parameters())
            for name, weight, bias in zip(heads.names, weights, biases):
                mine[name].linear.weight.copy_(weight)
                mine[name].linear.bias.copy_(bias)
        for name, module in zip(heads.lonely, heads.own):
            mine[name].own[0].load_state_dict(module.state_dict())
        if self.holds:
            self._hold()

    def _hold(self):
        self.held = True
        self.trunk.requires_grad_(False).eval()

    def train(self, mode=True):
        """As any module; a trunk that is held keeps its running statistics."""
        super().train(mode)
        if self.held:
            self.trunk.eval()
        return self

    def get_extra_state(self):
        """Whether the trunk is held: a net that goes on from a file has to know."""
        return torch.tensor(self.held)

    def set_extra_state(self, state):
        """Hold the trunk where it was held."""
        if bool(state):
            self._hold()
