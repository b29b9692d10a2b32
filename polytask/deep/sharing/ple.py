"""Progressive layered extraction: experts of every task's own beside shared ones."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.experts import Experts, mixed
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
        """Features of the tasks ``which`` at the top, and their gates ``(t, b, E)`` by level."""
        live = range(len(self.targets)) if self.meets else which
        streams, common, opened = dict.fromkeys(live, H), H, []
        for level in self.levels:
            if level.crossing is None:
                streams = {t: streams[t] for t in which}
            streams, common, gates = level(streams, common, mask)
            opened.append(torch.stack([gates[t] for t in which]))
        return [streams[t] for t in which], opened

    def gates_of(self, X):
        """The gates of all tasks for every row at every level, ``(T, b, L, E)``."""
        values, mask = parted(X)
        H = self.bottom(values, mask)
        return torch.stack(self._climb(H, mask, range(len(self.targets)))[1], 2)

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

    def forward(self, streams, common, mask):
        """From the streams ``{task: (b, ...)}`` and the shared one to those above, and gates."""
        ours = [] if self.shared is None else [self.shared(common, mask)]
        mine = {t: [self.own[t](H, mask)] if self.own else [] for t, H in streams.items()}
        gates = {t: self._gate(self.gates, H, mask, t) for t, H in streams.items()}
        above = {t: _mixed(gates[t], [*mine[t], *ours]) for t in streams}
        if self.crossing is not None:
            every = [part for parts in mine.values() for part in parts]
            common = _mixed(self._gate(self.crossing, common, mask, 0), [*every, *ours])
        return above, common, gates

    def _gate(self, gates, H, mask, t):
        return gates(mean_of(H, self.below, mask), [t])[0]


def _mixed(gate, experts):
    return mixed(gate[None], torch.cat(experts))[0]


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
