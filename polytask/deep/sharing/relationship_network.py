"""Deep relationship networks: the tasks' top layers have a common prior with a task covariance."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks import Dense, Stage, mlp
from polytask.deep.columns import columns
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Coupling, Net, Sharing
from polytask.deep.sharing.side_by_side import ColumnHeads, OneMask, asked
from polytask.deep.sharing.soft_sharing import check_choice
from polytask.deep.tensor_normal import AXES, correlation, inverse, quadratic, sweep
from polytask.deep.trunk import Trunk, checked
from polytask.deep.unfoldings import stacked
from polytask.errors import UnsupportedError, require

LEARNT = ("fixed", "diagonal", "full")
# Standard deviation of heads at the start, as in the paper's code.
SMALL = 0.01


@dataclass(frozen=True)
class RelationshipNetwork(Sharing):
    r"""A common trunk, top layers per task, and a prior on these that learns how tasks relate.

    The weights of a top layer, stacked to ``W`` of shape ``D_1 x D_2 x T`` (features, outputs,
    tasks), have the prior ``vec(W) ~ N(0, S_1 x S_2 x S_3)``; the loss has

    ``strength (1/2 vec(W)' (S_1 x S_2 x S_3)^-1 vec(W) + 1/2 sum_k (D / D_k) ln |S_k|)``

    per layer, ``D = D_1 D_2 T``. The covariances are renewed from the weights, one axis after the
    other (flip-flop): ``S_k = (D_k / D) W_(k) (x_{j != k} S_j)^-1 W_(k)'``. Heads of equal width
    are among the top layers, biases never.

    Parameters
    ----------
    trunk : tuple of Stage
        What all tasks share.
    top : tuple of Stage
        What every task has of its own below its head.
    strength : float, >= 0
        Of the prior. With ``features="fixed"`` it is the strength of a ridge, about which tasks
        tell each other where to expect the weights.
    features, outputs : {"fixed", "diagonal", "full"}
        What is learnt of ``S_1`` and ``S_2``; fixed, they are the identity. ``S_3``, of the tasks,
        is always learnt. A covariance of features needs many more weights than it has numbers.
    ridge : float in (0, 1)
        Smallest variance of any direction; outputs and tasks have mean variance 1.
    every : int, >= 1
        Steps between renewals of the covariances.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training.

    Raises
    ------
    ParameterError
        If an option is out of range.
    UnsupportedError
        If there is nothing to put a prior on: heads of unlike widths, and no layer below them.

    Notes
    -----
    Without a ridge the objective has no lower bound: where weights have no variance in some
    direction, ``ln |S_k|`` falls without end. Of the three scales only the product is identified,
    so those of outputs and tasks are fixed (``tr S_2 = D_2``, ``tr S_3 = T``) and ``S_1`` has the
    scale. The authors' code learns the task covariance alone, keeps small singular values as they
    are where it should invert them, and caps a trace; here nothing below the ridge is inverted.
    A new task (`adapt`) learns top layers and a head of its own on the trunk; without a trunk
    it is refused.

    References
    ----------
    Long, Cao, Wang, Yu. Learning multiple tasks with multilinear relationship networks. NIPS 2017.
    Survey: deep relationship networks.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 8))
    >>> y = X @ rng.normal(size=8)
    >>> Y = np.column_stack([y, y, -y]) + rng.normal(size=(60, 3))
    >>> sharing = deep.RelationshipNetwork((), every=10)
    >>> model = deep.DeepModel(sharing, epochs=200, random_state=0).fit(X, Y)
    >>> bool(model.relation_["y0", "y1"] > 0.8), bool(model.relation_["y0", "y2"] < -0.8)
    (True, True)
    """

    trunk: tuple[Stage, ...] = mlp(64)
    top: tuple[Stage, ...] = ()
    strength: float = 0.01
    features: str = "fixed"
    outputs: str = "fixed"
    ridge: float = 0.001
    every: int = 100
    dropout: float = 0.0

    def __post_init__(self):
        checked(self.trunk, "RelationshipNetwork")
        checked(self.top, "RelationshipNetwork")
        check_choice(self, "features", LEARNT)
        check_choice(self, "outputs", LEARNT)
        for field, good, words in (
            ("strength", 0 <= self.strength < float("inf"), ">= 0"),
            ("ridge", 0 < self.ridge < 1, "in (0, 1)"),
            ("every", self.every >= 1, ">= 1"),
            ("dropout", 0 <= self.dropout < 1, "in [0, 1)"),
        ):
            value = getattr(self, field)
            require(good, f"RelationshipNetwork needs {field} {words}. Found {field}={value}.")

    def net(self, aims, shape):
        """A net with one trunk and ``len(aims)`` columns of top layers."""
        return _Related(self, aims, shape)

    @classmethod
    def examples(cls):
        """A layer per task below the heads, with a prior of three covariances; one of two."""
        yield cls(mlp(6), mlp(5), dropout=0.2, every=2, features="full", outputs="full")
        yield cls((Dense(4, "tanh"),), (Dense(3),), features="diagonal", every=3)
        yield cls((), mlp(4), every=1)


class _Related(Net):
    shared_parts = ("trunk",)
    steps: torch.Tensor

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.sharing = sharing
        self.trunk = Trunk(sharing.trunk, shape, sharing.dropout)
        shape, self.top = self.trunk.shapes[-1], nn.ModuleList()
        for stage in sharing.top:
            self.top.append(columns(stage, shape, len(aims), same_start=True))
            shape = Shape.of(stage.outputs(shape))
        self.heads = ColumnHeads(aims, shape)
        self.dropout = OneMask(sharing.dropout)
        self.learnt = (sharing.features, sharing.outputs, "full")
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))
        self._start()

    def _start(self):
        if self.heads.alike():
            weight, bias = self.heads.stacks().values()
            self.heads.put("weight", SMALL * torch.randn(weight.shape))
            self.heads.put("bias", torch.zeros(bias.shape))
        layers = self.layers()
        require(
            bool(layers),
            "RelationshipNetwork puts its prior on heads of one width and on the layers of `top`. "
            f"Found tasks with { {aim.name: aim.width for aim in self.targets} } outputs and no "
            "top. Say top=mlp(32), or leave tasks out.",
            UnsupportedError,
        )
        for layer, W in enumerate(layers.values()):
            for k, size in enumerate(W.shape):
                if self.learnt[k] != "fixed":
                    one = torch.ones(size) if self.learnt[k] == "diagonal" else torch.eye(size)
                    self.register_buffer(f"covariance_{layer}_{k}", one)
                    self.register_buffer(f"precision_{layer}_{k}", one.clone())

    def forward(self, X, tasks=None):
        X, mask = parted(X)
        which = asked(self.targets, tasks)
        some = None if len(which) == len(self.targets) else which
        H = self.trunk(X, mask)
        H = H.expand(len(which), *H.shape)
        for side in self.top:
            H = self.dropout(side(H, mask, some))
        return self.heads(H, which)

    def layers(self):
        """The weights that have a prior, a dict of name -> tensor (features, outputs, T)."""
        places = [(f"top stage {i}", side) for i, side in enumerate(self.top, 1)]
        places += [("heads", self.heads)] if self.heads.alike() else []
        return {
            f"{name} {key}": stacked(values).flatten(0, -3)
            for name, place in places
            for key, values in place.stacks().items()
            if values.ndim > 2
        }

    def _kept(self, word, layer):
        return [getattr(self, f"{word}_{layer}_{k}", None) for k in range(3)]

    def penalty(self):
        if not self.sharing.strength:
            return None
        squares = [
            quadratic(W, self._kept("precision", layer))
            for layer, W in enumerate(self.layers().values())
        ]
        return self.sharing.strength / 2 * sum(squares)

    @torch.no_grad()
    def after_step(self, learning_rate):
        self.steps.add_(1)
        if self.steps % self.sharing.every == 0:
            self.renew()

    @torch.no_grad()
    def renew(self):
        """One sweep over the covariances of every layer, from the weights as they are."""
        for layer, W in enumerate(self.layers().values()):
            old = self._kept("covariance", layer)
            old = [None if one is None else one.double() for one in old]
            new = sweep(W.double()[None], old, self.learnt, ridge=self.sharing.ridge)
            for k, C in enumerate(new):
                if C is not None:
                    getattr(self, f"covariance_{layer}_{k}").copy_(C)
                    getattr(self, f"precision_{layer}_{k}").copy_(inverse(C))

    @torch.no_grad()
    def relation(self):
        """The task covariance of the last layer as a correlation."""
        last = self._kept("covariance", len(self.layers()) - 1)[2]
        return correlation(last.double()).cpu().numpy(), "correlation of weights"

    @torch.no_grad()
    def couplings(self):
        found = {}
        for layer, name in enumerate(self.layers()):
            for axis, C in zip(AXES, self._kept("covariance", layer)):
                if C is not None:
                    meaning = f"prior {'variance' if C.ndim == 1 else 'covariance'} over {axis}"
                    axes = (axis.removesuffix("s"),) * C.ndim
                    values = C.cpu().numpy().copy()
                    found[f"covariance of {axis}, {name}"] = Coupling(values, meaning, axes)
        return found
