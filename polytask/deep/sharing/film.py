"""Feature-wise modulation: one trunk that every task scales and shifts for itself."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.features import per_channel
from polytask.deep.sharing.lead import lead
from polytask.deep.sharing.passes import OneMask, through
from polytask.deep.sharing.towers import Towers, asked
from polytask.deep.trunk import Trunk, called
from polytask.errors import require


@dataclass(frozen=True)
class FiLM(Sharing):
    r"""One trunk for all tasks, conditioned on the task: it scales and shifts every channel.

    After stage l, ``H_t^l = gamma_t^l * stage_l(H_t^{l-1}) + beta_t^l``, with a number per channel,
    task and stage; ``gamma = 1`` and ``beta = 0`` at the start, which is hard sharing. A task costs
    two numbers per channel and a head.

    Parameters
    ----------
    trunk : tuple of Stage
        From the inputs to the heads, one stage at least.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training; one mask serves all
        tasks.

    Raises
    ------
    ParameterError
        If an option is out of range or ``trunk`` has no stages.

    Notes
    -----
    The tasks part after the first stage that learns; from there on all that are asked go through
    the trunk as one batch, ``T`` times as long. The paper modulates before the activation, by
    numbers that a net makes of a question; with one learned question per task that net is a table,
    and the table is what is learned here.
    A new task (`adapt`) learns scales, shifts and a head of its own on the trunk.

    References
    ----------
    Perez, Strub, de Vries, Dumoulin, Courville. FiLM: visual reasoning with a general conditioning
    layer. AAAI 2018, eq. 2.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> model = deep.DeepModel(deep.FiLM(deep.mlp(8)), epochs=2, random_state=0)
    >>> couplings = model.fit(X, X[:, :2]).couplings_
    >>> {name: one.values.shape for name, one in couplings.items()}
    {'gamma 1': (2, 8), 'beta 1': (2, 8)}
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk)
        check_dropout(self)
        require(len(self.trunk) > 0, "FiLM needs a stage at least: it modulates what stages give.")

    def net(self, aims, shape):
        """A net with one trunk, and per task a scale and a shift of every channel, and a head."""
        return _Modulated(self, aims, shape)

    @classmethod
    def examples(cls):
        """Two stages with dropout, one saturating stage."""
        yield cls(mlp(6, 5), dropout=0.2)
        yield cls((Dense(4, "tanh"),))


class _Modulated(Net):
    shared_parts = ("trunk",)

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.lead, stages = lead(sharing.trunk, shape)
        self.trunk = Trunk(stages, self.lead.shapes[-1])
        self.gamma = nn.ModuleList([_numbers(self.trunk.shapes[1:], 1.0) for _ in aims])
        self.beta = nn.ModuleList([_numbers(self.trunk.shapes[1:], 0.0) for _ in aims])
        self.dropout = OneMask(sharing.dropout)
        self.towers = Towers(aims, self.trunk.shapes[-1])

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        H = called(self.trunk.stages[0], self.lead(values, mask), mask)[None]
        for at, shape in enumerate(self.trunk.shapes[1:]):
            if at:
                H = through(self.trunk.stages[at], H, mask)
            H = self.dropout(
                self._of(self.gamma, at, which, shape) * H + self._of(self.beta, at, which, shape)
            )
        return self.towers(H, which, mask)

    def _of(self, table, at, which, shape):
        """Numbers per channel of the tasks ``which`` at a stage, ``(t, 1, ...)``."""
        return per_channel(torch.stack([table[t][at] for t in which])[:, None], shape)

    def couplings(self):
        found = {}
        for at in range(len(self.trunk.stages)):
            for name, table, word in (("gamma", self.gamma, "Scale"), ("beta", self.beta, "Shift")):
                values = torch.stack([one[at] for one in table]).detach().cpu().numpy()
                meaning = f"{word} that a task gives every channel of stage {at + 1}."
                found[f"{name} {at + 1}"] = Coupling(values, meaning, ("task", "channel"))
        return found


def _numbers(shapes, start):
    """A number per channel for every stage."""
    return nn.ParameterList([nn.Parameter(torch.full((s.channels,), start)) for s in shapes])
