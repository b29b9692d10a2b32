"""DSelect-k: every task uses a few of the shared experts, chosen by descent."""

from dataclasses import dataclass
from functools import partial

from polytask.deep.blocks import Stage, mlp
from polytask.deep.shape import parted
from polytask.deep.sharing.base import Sharing
from polytask.deep.sharing.checks import check_dropout, check_experts, check_stages
from polytask.deep.sharing.features import mean_of
from polytask.deep.sharing.mixture import MixtureNet
from polytask.deep.sharing.selectors import RowSelectors, TaskSelectors
from polytask.deep.sharing.towers import asked
from polytask.errors import require

GATES = {"task": TaskSelectors, "row": RowSelectors}


@dataclass(frozen=True)
class DSelectK(Sharing):
    r"""Shared experts of which every task uses at most ``chosen``, and descent says which.

    The gate of a task is ``g = sum_i softmax(w)_i r(z_i)`` over ``chosen`` selectors. A selector
    names an expert bit by bit, ``r(z)_e = prod_j S(z_j) or 1 - S(z_j)`` by the bits of e, with a
    smooth step S that reaches 0 and 1: a settled selector has one expert, exactly.

    Parameters
    ----------
    expert : tuple of Stage
        What every expert is made of.
    experts : int, >= 1
        How many.
    chosen : int, >= 1
        How many of them a task uses at most.
    gate : {"task", "row"}
        One choice per task, or one for every row of a task.
    gamma : float, > 0
        Width of the smooth step; a wider one settles later.
    entropy : float, >= 0
        Price of the selectors' entropy: the larger, the sooner they settle.
    bottom, tower : tuple of Stage
        Shared stages below experts and gates; stages of each task's own above its mixture.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If an option is out of range or stages are no stages.

    Notes
    -----
    The price is the net's `penalty`: the loop adds its gradient to that of the losses. Where the
    number of experts is no power of two, selectors pay ``1 / sum_e r(z)_e`` as well, so that none
    settles on a number without expert. Prices are summed over tasks and averaged over rows (the
    authors' code sums over rows), and reach the gates only, not ``bottom``.
    A new task (`adapt`) learns a gate and a head of its own on the experts.

    References
    ----------
    Hazimeh, Zhao, Chowdhery, Sathiamoorthy, Chen, Mazumder, Hong, Chi. DSelect-k: differentiable
    selection in the mixture of experts with applications to multi-task learning. NeurIPS 2021.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(200, 3))
    >>> sharing = deep.DSelectK(deep.mlp(8), experts=4, chosen=1, entropy=0.3)
    >>> model = deep.DeepModel(sharing, epochs=60, learning_rate=0.02, random_state=0)
    >>> gates = model.fit(X, X[:, :2]).couplings_["gates"].values
    >>> (gates > 0).sum(1)
    array([1, 1])
    """

    expert: tuple[Stage, ...] = mlp(32, 32)
    experts: int = 8
    chosen: int = 2
    gate: str = "task"
    gamma: float = 1.0
    entropy: float = 1e-3
    bottom: tuple[Stage, ...] = ()
    tower: tuple[Stage, ...] = ()
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.expert, self.bottom, self.tower)
        check_experts(self)
        check_dropout(self)
        require(self.chosen >= 1, f"DSelectK needs chosen >= 1. Found chosen={self.chosen}.")
        require(
            self.gate in GATES, f"DSelectK needs a gate out of {list(GATES)}. Found {self.gate!r}."
        )
        require(self.gamma > 0, f"DSelectK needs gamma > 0. Found gamma={self.gamma}.")
        require(self.entropy >= 0, f"DSelectK needs entropy >= 0. Found entropy={self.entropy}.")

    def net(self, aims, shape):
        """A net with ``experts`` experts and a sparse gate per task."""
        options = {"count": self.experts, "chosen": self.chosen, "gamma": self.gamma}
        gates = partial(GATES[self.gate], **options, tasks=len(aims))
        return _Selecting(self, aims, shape, gates)

    @classmethod
    def examples(cls):
        """Two of four, a choice per row of three, one expert."""
        yield cls(mlp(6), experts=4, chosen=2, tower=mlp(4), dropout=0.2)
        yield cls(mlp(5), experts=3, chosen=1, gate="row", entropy=0.1)
        yield cls(mlp(4), experts=1)


class _Selecting(MixtureNet):
    def __init__(self, sharing, aims, shape, gates):
        super().__init__(sharing, aims, shape, gates)
        self.entropy = sharing.entropy
        self._seen = None  # what the gates of the last batch looked at, and whose they were

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        H = self.bottom(values, mask)
        seen = mean_of(H, self.bottom.shapes[-1], mask)
        self._seen = (seen.detach(), which) if self.training else None
        return self.answers(H, self.gates(seen, which), which, mask)

    def penalty(self):
        """The price of undecided selectors, for the tasks of the last batch."""
        if self._seen is None or self.gates.count == 1:
            return None
        # computed again: the graph of the batch is gone once its losses went backward
        entropy, lost = self.gates.prices(*self._seen)
        price = self.entropy * entropy.sum()
        return price if lost is None else price + lost.sum()
