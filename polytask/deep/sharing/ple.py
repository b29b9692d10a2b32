"""Progressive layered extraction: experts of every task's own beside shared ones."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.experts import Experts, mixed, together
from polytask.deep.sharing.features import mean_of
from polytask.deep.sharing.gates import SoftmaxGates, mean_per_task
from polytask.deep.sharing.towers import Towers, asked
from polytask.deep.trunk import Trunk
from polytask.errors import require


@dataclass(frozen=True)
class PLE(Sharing):
    r"""Every task has experts of its own beside the shared ones, level above level.

    At level l, task t mixes its own experts and the shared ones by a gate, ``h_t^l =
    softmax(h_t^{l-1} G_t^l + a_t^l) . [f_t(h_t^{l-1}), f_s(h_s^{l-1})]``; the shared stream mixes
    the experts of *all* tasks and the shared ones by a gate of its own, except at the last level.
    All streams start from the inputs. One level is customised gate control (CGC).

    Parameters
    ----------
    levels : tuple of tuples of Stage
        What an expert of each level is made of.
    own, shared : int, >= 0
        Experts per task, and shared ones, at every level; one of them at least.
    bottom, tower : tuple of Stage
        Shared stages below the first level; stages of each task's own above its last mixture.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If an option is out of range or stages are no stages.

    Notes
    -----
    Gates see the mean over the positions of sequences and maps, and have a level ``a`` that the
    paper's have not. Below the last level the experts of a task serve the others as well, through
    the shared stream: they count as shared.
    A new task (`adapt`) learns what is a task's own on the shared experts; it is refused where
    nothing is shared, or where what is shared has a part for every task.

    References
    ----------
    Tang, Liu, Zhao, Gong. Progressive layered extraction (PLE): a novel multi-task learning model
    for personalized recommendations. RecSys 2020, eq. 1 to 7.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> sharing = deep.PLE((deep.mlp(8), deep.mlp(4)), own=1, shared=2)
    >>> model = deep.DeepModel(sharing, epochs=2, random_state=0).fit(X, X[:, :2])
    >>> {name: one.values.shape for name, one in model.couplings_.items()}
    {'gates 1': (2, 3), 'gates 2': (2, 3)}
    """

    levels: tuple[tuple[Stage, ...], ...] = (mlp(32), mlp(32))
    own: int = 2
    shared: int = 2
    bottom: tuple[Stage, ...] = ()
    tower: tuple[Stage, ...] = ()
    dropout: float = 0.0

    def __post_init__(self):
        require(
            isinstance(self.levels, tuple | list) and len(self.levels) > 0,
            f"PLE needs levels of stages, such as (mlp(32), mlp(32)). Found {self.levels!r}.",
        )
        check_stages(self, *self.levels, self.bottom, self.tower)
        check_dropout(self)
        require(
            min(self.own, self.shared) >= 0 and self.own + self.shared > 0,
            "PLE needs own >= 0 and shared >= 0, and an expert at least. Found "
            f"own={self.own}, shared={self.shared}.",
        )

    def net(self, aims, shape):
        """A net with a stream per task and, below the last level, a shared one."""
        return _Layered(self, aims, shape)

    @classmethod
    def examples(cls):
        """Three levels, two with a tower and dropout, one, shared experts only, own ones only."""
        yield cls((mlp(6), mlp(5), mlp(4)), own=1, shared=1)
        yield cls((mlp(6), mlp(5)), own=1, shared=2, tower=mlp(4), dropout=0.2)
        yield cls(((Dense(4, "tanh"),),), own=2, shared=1)
        yield cls((mlp(5), mlp(4)), own=0, shared=2)
        yield cls((mlp(5), mlp(4)), own=2, shared=0)


class _Layered(Net):
    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        T, L = len(aims), len(sharing.levels)
        self.bottom = Trunk(sharing.bottom, shape, sharing.dropout)
        below = self.bottom.shapes[-1]
        self.levels = nn.ModuleList()
        for stages in sharing.levels:
            level = _Level(sharing, stages, below, T, crossing=len(self.levels) < L - 1)
            self.levels.append(level)
            below = level.shape
        self.towers = Towers(aims, below, sharing.tower, sharing.dropout)
        # where own and shared experts meet below the top, what is a task's own there serves all
        self.meets = sharing.own > 0 and sharing.shared > 0
        self.shared_parts = ("bottom", *_shared_parts(self.levels, self.meets))
        self.register_buffer("means", torch.zeros(T, L, sharing.own + sharing.shared))

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        streams, _ = self._climb(self.bottom(values, mask), mask, which)
        return self.towers(streams, which, mask)

    def _climb(self, H, mask, which):
        """Features ``(t, b, ...)`` of the tasks ``which`` at the top, gates ``(t, b, L, E)``."""
        live = list(range(len(self.targets))) if self.meets else which
        streams, common, opened = H.expand(len(live), *H.shape), H, []
        for level in self.levels:
            if level.crossing is None and live != which:
                live, streams = which, streams[which]
            streams, common, gates = level(streams, live, common, mask)
            opened.append(gates if live == which else gates[which])
        return streams, torch.stack(opened, 2)

    def gates_of(self, X):
        """The gates of all tasks for every row at every level, ``(T, b, L, E)``."""
        values, mask = parted(X)
        return self._climb(self.bottom(values, mask), mask, asked(self, None))[1]

    def after_epoch(self, epoch, data):
        """Note the mean gates on the training rows."""
        self.means.copy_(mean_per_task(self, data, self.gates_of))
        return False

    def couplings(self):
        meaning = (
            "Mean over a task's training rows of its gate on every expert, own ones first; rows "
            "sum to 1."
        )
        means = self.means.cpu().numpy()
        return {
            f"gates {at + 1}": Coupling(means[:, at], meaning, ("task", "expert"))
            for at in range(means.shape[1])
        }


class _Level(nn.Module):
    """Experts of every task, shared ones, and the gates over them.

    ``crossing`` is the gate of the shared stream over all experts; None at the top, and where
    nothing is shared.
    """

    def __init__(self, sharing, stages, below, tasks, *, crossing):
        super().__init__()
        own, shared = sharing.own, sharing.shared
        made = [Experts(stages, below, own, sharing.dropout) for _ in range(tasks if own else 0)]
        self.own = nn.ModuleList(made)
        self.shared = Experts(stages, below, shared, sharing.dropout) if shared else None
        self.gates = SoftmaxGates(below.channels, own + shared, tasks)
        total = tasks * own + shared
        self.crossing = SoftmaxGates(below.channels, total, 1) if crossing and shared else None
        self.below, self.shape = below, (self.shared or made[0]).shape

    def forward(self, streams, which, common, mask):
        """One level up: streams ``(t, b, ...)`` of the tasks ``which``, and the shared one."""
        ours = None if self.shared is None else self.shared(common, mask)
        mine = together([self.own[t] for t in which], streams, mask) if len(self.own) else None
        gates = self.gates.apart(self._seen(streams, mask), which)
        above = 0.0
        if mine is not None:
            above = _own_mixed(gates[..., : mine.shape[1]], mine)
        if ours is not None:
            above = above + mixed(gates[..., -len(ours) :], ours)
        if self.crossing is not None:
            every = ours if mine is None else torch.cat([mine.flatten(0, 1), ours])
            common = mixed(self.crossing(mean_of(common, self.below, mask), [0]), every)[0]
        return above, common, gates

    def _seen(self, streams, mask):
        """What the gates of the streams look at, ``(t, b, inputs)``."""
        return torch.stack([mean_of(H, self.below, mask) for H in streams])


def _own_mixed(gates, experts):
    """Mixtures ``(t, b, ...)`` of each task's own experts ``(t, E, b, ...)``."""
    flat = torch.einsum("tbe,tebf->tbf", gates, experts.flatten(3))
    return flat.reshape(*gates.shape[:2], *experts.shape[3:])


def _shared_parts(levels, meets):
    """Names of what serves more than one task, level by level."""
    for at, level in enumerate(levels):
        if level.shared is not None:
            yield f"levels.{at}.shared"
        if level.crossing is not None:
            yield f"levels.{at}.crossing"
        if meets and at < len(levels) - 1:
            yield f"levels.{at}.own"
        # a gate two levels below the top moves what other tasks take from the level above it
        if meets and at < len(levels) - 2:
            yield f"levels.{at}.gates"
