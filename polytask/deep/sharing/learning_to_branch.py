"""Learning to branch: descent chooses the tree of stages that the tasks grow on."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.columns import columns
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Coupling, Group, Net, Sharing
from polytask.deep.sharing.checks import check_dropout, check_stages
from polytask.deep.sharing.towers import Towers, asked
from polytask.errors import require


@dataclass(frozen=True)
class LearningToBranch(Sharing):
    r"""Every stage has several nodes; each node, and each task, learns which node to stand on.

    Node j of stage l stands on node i of stage l - 1 with probability ``softmax(theta_j^l)_i``, and
    the head of a task on a node of the last stage in the same way. While the tree is searched,
    every forward pass draws one parent per node by the Gumbel trick, ``argmax(theta + noise)``, and
    the gradient is that of ``softmax((theta + noise) / tau)``; tau falls from ``temperature`` to
    ``coldest`` over ``search`` epochs. Then the most likely tree stands, and its weights go on
    learning. An answer is always that of the most likely tree: nothing is drawn.

    Parameters
    ----------
    trunk : tuple of Stage
        From the inputs to the heads, one stage at least.
    branches : int, >= 1, or tuple of int
        Nodes of every stage.
    search : int, >= 0
        Epochs in which the tree is searched.
    temperature, coldest : float, > 0
        Where tau begins and ends; it falls by the same factor every epoch.
    rate : float, > 0
        Learning rate of theta, as a multiple of the net's.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If an option is out of range or ``trunk`` has no stages.

    Notes
    -----
    The paper trains the weights of the final tree again; here they go on from the search. Schedule
    and rate are ours.
    A new task (`adapt`) searches its place on the nodes, and learns a head of its own.

    References
    ----------
    Guo, Lee, Ulbricht. Learning to branch for multi-task learning. ICML 2020.
    Survey: since the survey.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> sharing = deep.LearningToBranch(deep.mlp(8, 8), branches=(1, 2), search=2)
    >>> model = deep.DeepModel(sharing, epochs=3, random_state=0).fit(X, X[:, :2])
    >>> model.couplings_["tree"].values.shape
    (2, 2)
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    branches: int | tuple[int, ...] = 2
    search: int = 30
    temperature: float = 5.0
    coldest: float = 0.5
    rate: float = 3.0
    dropout: float = 0.0

    def __post_init__(self):
        check_stages(self, self.trunk)
        check_dropout(self)
        require(len(self.trunk) > 0, "LearningToBranch needs a stage at least to branch at.")
        require(
            len(self.nodes) == len(self.trunk) and all(n >= 1 for n in self.nodes),
            "LearningToBranch needs branches >= 1, one number or one per stage. Found "
            f"branches={self.branches} for {len(self.trunk)} stages.",
        )
        require(self.search >= 0, f"LearningToBranch needs search >= 0. Found {self.search}.")
        for option in ("temperature", "coldest", "rate"):
            value = getattr(self, option)
            require(value > 0, f"LearningToBranch needs {option} > 0. Found {option}={value}.")

    @property
    def nodes(self):
        """Nodes of every stage, a tuple."""
        one = isinstance(self.branches, int)
        return (self.branches,) * len(self.trunk) if one else tuple(self.branches)

    def net(self, aims, shape):
        """A net with all nodes, and the choices between them."""
        return _Branching(self, aims, shape)

    @classmethod
    def examples(cls):
        """Two stages with dropout, one shared stage below three nodes, no branching at all."""
        yield cls(mlp(6, 5), search=2, dropout=0.2)
        yield cls(mlp(5, 4), branches=(1, 3), search=3)
        yield cls((Dense(4, "tanh"),), branches=1)


class _Branching(Net):
    shared_parts = ("stages", "inner")

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.plan = sharing
        self.stages, self.inner = nn.ModuleList(), nn.ParameterList()
        below = 1
        for stage, count in zip(sharing.trunk, sharing.nodes):
            self.stages.append(columns(stage, shape, count))
            shape = Shape.of(stage.outputs(shape))
            if below > 1:
                self.inner.append(nn.Parameter(torch.zeros(count, below)))
            below = count
        self.outer = nn.ParameterList(
            [nn.Parameter(torch.zeros(below)) for _ in (aims if below > 1 else ())]
        )
        self.dropout = nn.Dropout(sharing.dropout)
        self.towers = Towers(aims, shape)
        self.register_buffer("epochs", torch.zeros(()))

    def forward(self, X, tasks=None):
        values, mask = parted(X)
        which = asked(self, tasks)
        H, inner = values[None], iter(self.inner)
        for side, count in zip(self.stages, self.plan.nodes):
            if len(H) > 1:
                theta = next(inner)
                H = self._parents(H, theta, not theta.requires_grad)
            else:
                H = H.expand(count, *H.shape[1:])
            H = self.dropout(side(H, mask))
        if len(H) > 1:
            each = [self.outer[t] for t in which]
            held = not any(theta.requires_grad for theta in each)
            H = self._parents(H, torch.stack(each), held)
        else:
            H = H.expand(len(which), *H.shape[1:])
        return self.towers(H, which, mask)

    def _parents(self, H, theta, held):
        """What nodes or tasks stand on, ``(children, ...)``, by theta (children, parents)."""
        searched = self.training and self.epochs < self.plan.search
        # a choice that is held fixed is settled: a new task grows on the tree of the old ones
        if not searched or held:
            return H[theta.argmax(-1)]
        choice = F.gumbel_softmax(theta, self.temperature, hard=True)
        return torch.tensordot(choice, H, 1)

    @property
    def temperature(self):
        """Of the draws in this epoch."""
        plan = self.plan
        passed = self.epochs.item() / max(plan.search - 1, 1)
        return plan.temperature * (plan.coldest / plan.temperature) ** min(passed, 1.0)

    def after_epoch(self, epoch, data):
        """Cool down."""
        self.epochs.fill_(epoch)
        return False

    def groups(self):
        """The choices, which learn at a rate of their own and do not decay."""
        return [Group([*self.inner, *self.outer], self.plan.rate, decay=False)]

    def couplings(self):
        meaning = "Probability of a node, or of a task, to stand on every node below it."
        found = {"tree": Coupling(self.tree(), "Node of every stage below a task.", TREE)}
        nodes = self.plan.nodes
        levels = [at + 1 for at in range(1, len(nodes)) if nodes[at - 1] > 1]
        for level, theta in zip(levels, self.inner):
            found[f"branching {level}"] = _chances(theta, meaning, ("node", "node below"))
        if len(self.outer):
            theta = torch.stack(list(self.outer))
            found["branching of tasks"] = _chances(theta, meaning, ("task", "node below"))
        return found

    def tree(self):
        """The node of every stage below every task, in the most likely tree, ``(T, L)``."""
        T, nodes, inner = len(self.targets), self.plan.nodes, list(self.inner)
        at = torch.stack(list(self.outer)).argmax(-1) if len(self.outer) else torch.zeros(T).long()
        path = [at.cpu()]
        for below in reversed(nodes[:-1]):
            at = inner.pop().argmax(-1)[at] if below > 1 else torch.zeros_like(at)
            path.append(at.cpu())
        return torch.stack(path[::-1], 1).numpy()


TREE = ("task", "stage")


def _chances(theta, meaning, axes):
    return Coupling(theta.detach().softmax(-1).cpu().numpy(), meaning, axes)
