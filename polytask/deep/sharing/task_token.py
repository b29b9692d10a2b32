"""A task token: one net that is told with every row which task it is to answer."""

from dataclasses import dataclass, replace

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.features import per_channel
from polytask.deep.sharing.passes import OneMask, through
from polytask.deep.sharing.towers import Towers, asked
from polytask.deep.trunk import Trunk
from polytask.errors import require


@dataclass(frozen=True)
class TaskToken(Sharing):
    r"""One trunk for all tasks; a learned vector per task is put to every row.

    Vectors and maps get ``width`` channels more, ``[x, e_t]`` at every position; sequences get a
    position more, in front, as wide as the others (a transformer's or a recurrent net's token).
    ``e_t = 0`` at the start, so that only the heads differ.

    Parameters
    ----------
    trunk : tuple of Stage
        What is told the task, one stage at least.
    bottom : tuple of Stage
        Stages before the token, such as the embedding of words.
    width : int, >= 1
        Length of ``e_t`` for vectors and maps.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training; above the token one
        mask serves all tasks.

    Raises
    ------
    ParameterError
        If an option is out of range or ``trunk`` has no stages.

    Notes
    -----
    All tasks that are asked go through the trunk as one batch, ``T`` times as long. Where a
    sequence comes out again, the position of the token is dropped from it.
    A new task (`adapt`) learns a token and a head of its own on the trunk.

    References
    ----------
    Johnson, Schuster, Le et al. Google's multilingual neural machine translation system: enabling
    zero-shot translation. TACL 5, 2017.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> model = deep.DeepModel(deep.TaskToken(deep.mlp(8), width=2), epochs=2, random_state=0)
    >>> model.fit(X, X[:, :2]).couplings_["token"].values.shape
    (2, 2)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    bottom: tuple[Stage, ...] = ()
    width: int = 8
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk, self.bottom)
        check_dropout(self)
        require(len(self.trunk) > 0, "TaskToken needs a stage at least to read the token.")
        require(self.width >= 1, f"TaskToken needs width >= 1. Found width={self.width}.")

    def net(self, aims, shape):
        """A net with one trunk, and per task a token and a head."""
        return _Told(self, aims, shape)

    @classmethod
    def examples(cls):
        """Two stages with dropout, one above a bottom."""
        yield cls(mlp(6, 5), width=3, dropout=0.2)
        yield cls((Dense(4, "tanh"),), bottom=mlp(6))


class _Told(Net):
    shared_parts = ("bottom", "trunk")

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.bottom = Trunk(sharing.bottom, shape, sharing.dropout)
        self.below = self.bottom.shapes[-1]
        self.sequence = len(self.below.grid) == 1
        width = self.below.channels if self.sequence else sharing.width
        self.token = nn.ParameterList([nn.Parameter(torch.zeros(width)) for _ in aims])
        self.trunk = Trunk(sharing.trunk, self._longer() if self.sequence else self._wider(width))
        self.dropout = OneMask(sharing.dropout)
        self.towers = Towers(aims, self.trunk.shapes[-1])

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        H = self.bottom(values, mask)
        tokens = torch.stack([self.token[t] for t in which])
        H = self._put_in_front(H, tokens) if self.sequence else self._put_beside(H, tokens)
        longer = mask
        if self.sequence and mask is not None:
            longer = torch.cat([mask.new_ones(len(mask), 1), mask], 1)
        for module in self.trunk.stages:
            H = self.dropout(through(module, H, longer))
        if self.sequence and len(self.trunk.shapes[-1].grid) == 1:
            H = H[:, :, 1:]
        return self.towers(H, which, mask)

    def couplings(self):
        values = torch.stack(list(self.token)).detach().cpu().numpy()
        meaning = "The vector that tells the net which task it answers."
        return {"token": Coupling(values, meaning, ("task", "channel"))}

    def _longer(self):
        (length,) = self.below.grid
        return replace(self.below, grid=(None if length is None else length + 1,))

    def _wider(self, width):
        return replace(self.below, channels=self.below.channels + width)

    def _put_beside(self, H, tokens):
        """Channels more at every position, ``(t, b, ...)``."""
        spread = per_channel(tokens[:, None], self.below)  # (t, 1, ...)
        axis = self.below.axis % H.ndim
        sizes = [*H.shape]
        sizes[axis] = tokens.shape[-1]
        rows = H.expand(len(tokens), *H.shape)
        return torch.cat([rows, spread.expand(len(tokens), *sizes)], axis + 1)

    def _put_in_front(self, H, tokens):
        """A position more, ``(t, b, length + 1, channels)``."""
        first = tokens[:, None, None].expand(-1, len(H), 1, -1)
        return torch.cat([first, H.expand(len(tokens), *H.shape)], 2)
