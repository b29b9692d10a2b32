"""Sluice networks: subspaces of every layer are mixed over tasks, and layers over depth."""

from dataclasses import dataclass, replace
from itertools import combinations

import torch
from torch import nn

from polytask.deep.blocks import Stage, mlp
from polytask.deep.sharing.base import Coupling, Sharing
from polytask.deep.sharing.stitched import Stitched, check_stitches, convex
from polytask.deep.trunk import checked
from polytask.errors import UnsupportedError, require

READS = ("mixture", "sum", "concatenation", "last")
# What a layer mixture starts with: most of the last layer, as in the authors' "imbalanced" start.
LAST = 0.9
# Below every length that counts: a block of zeros stays one.
TINY = 1e-30


@dataclass(frozen=True)
class Sluice(Sharing):
    r"""A net per task that learns which subspaces of which layers it shares with whom.

    The channels after every stage are split into G subspaces, and all of them are mixed:
    ``x~_(t,g) = sum_(s,h) alpha_((t,g),(s,h)) x_(s,h)``, with ``alpha`` of shape ``(TG, TG)`` per
    stage. The head of a task reads ``sum_l beta_tl x~_(t,l)``, a mixture of the layers. The price
    ``orthogonality * sum_t sum_l sum_(g<h) |G_g' G_h|_F^2`` keeps apart what the subspaces look at,
    with ``G_g`` the part of a stage's matrix that makes subspace g.

    Parameters
    ----------
    trunk : tuple of Stage
        Of every task's net.
    subspaces : int, >= 1
        G, which divides the channels of every mixed stage; with 1 and ``reads="last"`` this is a
        cross-stitch net.
    own : float in [0, 1]
        What every subspace takes of itself at the start; the rest comes from all others in equal
        parts.
    reads : {"mixture", "sum", "concatenation", "last"}
        What heads read of the mixed stages: a learned mixture (its start: .9 of the last), their
        sum, all side by side, or the last. Stages after the last mixed one follow.
    orthogonality : float, >= 0
        Strength of the price on subspaces that look at the same.
    group : float, >= 0
        Strength of a group lasso on the ``(G, G)`` blocks of ``alpha`` between two tasks, whose
        steps are exact: pairs of tasks that share nothing have a block of zeros.
    stitched : tuple of int, optional
        After which stages nets mix, from 0; default: after all that have matrices.
    rate : float, > 0
        Learning rate of ``alpha`` and ``beta``, as a multiple of the net's. No weight decay reaches
        them.
    dropout : float in [0, 1)
        Share of the units that is silenced after every stage while training, the same in all nets.

    Raises
    ------
    ParameterError
        If a parameter is out of its range.
    UnsupportedError
        If ``subspaces`` does not divide the channels of a mixed stage, or mixed stages of unlike
        shapes are to be added.

    Notes
    -----
    This is the paper's equation. The authors' program reshapes units so that neighbours of one task
    are mixed instead of tasks; see the method's page. The price covers the matrices whose rows make
    channels (`Stage.producers`); a module of your own has none that are known.
    A new task (`adapt`) is refused: what is shared has a part for every task.

    References
    ----------
    Ruder, Bingel, Augenstein, Soegaard. Latent multi-task architecture learning. AAAI 2019 (Sluice
    networks: learning what to share between loosely related tasks. arXiv 1705.08142, 2017).
    Survey: sluice networks.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> X = np.random.default_rng(0).normal(size=(80, 3))
    >>> Y = np.column_stack([np.sin(X[:, 0]), np.sin(X[:, 0]) + X[:, 1]])
    >>> model = deep.DeepModel(deep.Sluice(deep.mlp(8, 8)), epochs=20, random_state=0).fit(X, Y)
    >>> {name: one.values.shape for name, one in model.couplings_.items()}
    {'alpha 1': (2, 2, 2, 2), 'alpha 2': (2, 2, 2, 2), 'beta': (2, 2)}
    """

    trunk: tuple[Stage, ...] = mlp(64, 64)
    subspaces: int = 2
    own: float = 0.9
    reads: str = "mixture"
    orthogonality: float = 0.05
    group: float = 0.0
    stitched: tuple[int, ...] | None = None
    rate: float = 3.0
    dropout: float = 0.0

    def __post_init__(self):
        checked(self.trunk, "Sluice")
        check_stitches(self)
        require(
            self.subspaces >= 1, f"Sluice needs subspaces >= 1. Found subspaces={self.subspaces}."
        )
        require(
            self.reads in READS, f"Sluice needs reads out of {list(READS)}. Found {self.reads!r}."
        )
        for name in ("orthogonality", "group"):
            value = getattr(self, name)
            require(value >= 0, f"Sluice needs {name} >= 0. Found {name}={value}.")

    def net(self, aims, shape):
        """A net with ``len(aims)`` columns."""
        return _Sluice(self, aims, shape)

    @classmethod
    def examples(cls):
        """A mixture of layers, all of them side by side with a group lasso, three subspaces."""
        yield cls(mlp(6, 6), dropout=0.2)
        yield cls(mlp(4, 6), reads="concatenation", group=0.1)
        yield cls(mlp(6, activation="tanh"), 3, 0.7, "last", 0.0)
        yield cls(mlp(4, 4), 1, reads="sum", stitched=(0, 1))


class _Sluice(Stitched):
    def __init__(self, sharing, aims, shape):
        self.sharing = sharing
        super().__init__(sharing, aims, shape)
        self.beta = None
        if sharing.reads == "mixture":
            start = convex(LAST, len(self.places))[-1:]
            self.beta = nn.Parameter(start.repeat(len(aims), 1))

    def start(self, shape):
        G = self.sharing.subspaces
        require(
            shape.channels % G == 0,
            "Sluice needs subspaces that divide the channels of every mixed stage. Found "
            f"{shape.channels} channels and {G} subspaces.",
            UnsupportedError,
        )
        return convex(self.sharing.own, len(self.targets) * G)

    def read(self, shape):
        mixed, reads = [self.shapes[place] for place in self.places], self.sharing.reads
        if reads == "last":
            return shape
        beside = reads == "concatenation"
        forms = {one.grid if beside else one for one in mixed}
        require(
            len(forms) == 1 and (not beside or self.places[-1] == len(self.shapes) - 1),
            f"Sluice with reads={reads!r} needs mixed stages of one "
            f"{'grid, and the last stage among them' if beside else 'shape'}. Found "
            f"{', '.join(map(str, mixed))} after {[place + 1 for place in self.places]}. Choose "
            "them with stitched, or take reads='last'.",
            UnsupportedError,
        )
        return replace(shape, channels=sum(one.channels for one in mixed)) if beside else shape

    def mixed(self, alpha, H, shape):
        axis = _channels(H, shape)
        parts = H.unflatten(axis, (self.sharing.subspaces, -1)).movedim(axis, 1)
        out = (alpha @ parts.reshape(len(alpha), -1)).view(parts.shape)  # (T, G, b, ...)
        return out.movedim(1, axis).flatten(axis, axis + 1)

    def joined(self, layers):
        if self.sharing.reads == "mixture":
            beta = self.beta.view(*self.beta.shape, *[1] * (layers[0].ndim - 1))
            return sum(beta[:, place] * H for place, H in enumerate(layers))
        if self.sharing.reads == "concatenation":
            return torch.cat(layers, _channels(layers[0], self.shapes[-1]))
        return sum(layers) if self.sharing.reads == "sum" else layers[-1]

    def mixtures(self):
        return [*self.alphas, *([] if self.beta is None else [self.beta])]

    # -- prices -----------------------------------------------------------------------------

    def penalty(self):
        if self.sharing.orthogonality == 0 or self.sharing.subspaces == 1:
            return None
        price = self.likeness()
        return None if price is None else self.sharing.orthogonality * price

    def likeness(self):
        """``sum_t sum_l sum_(g<h) |G_g' G_h|_F^2``, a scalar with its graph, or None."""
        each = [
            (one @ other.mT).square().sum()
            for place in self.places
            for matrix in self.sharing.trunk[place].producers(self.stages[place].stacks())
            for one, other in combinations(matrix.chunk(self.sharing.subspaces, 1), 2)
        ]
        return sum(each) if each else None

    @torch.no_grad()
    def after_step(self, learning_rate):
        """The group lasso's step: every block between two tasks gets shorter by so much."""
        if self.sharing.group == 0:
            return
        step = learning_rate * self.rate * self.sharing.group
        for alpha in self.alphas:
            length = self._blocks(alpha).norm(dim=(1, 3), keepdim=True)
            kept = (1 - step / length.clamp_min(TINY)).clamp_min(0)
            kept[:, 0, :, 0].fill_diagonal_(1)
            self._blocks(alpha).mul_(kept)

    def _blocks(self, alpha):
        T, G = len(self.targets), self.sharing.subspaces
        return alpha.view(T, G, T, G)

    def couplings(self):
        """The mixtures of subspaces after every stage, and that of the layers."""
        axes = ("receiving task", "its subspace", "giving task", "its subspace")
        found = {
            f"alpha {place + 1}": Coupling(
                self._blocks(alpha.detach()).cpu().numpy(),
                f"how much every subspace takes of each after stage {place + 1}",
                axes,
            )
            for place, alpha in zip(self.places, self.alphas)
        }
        if self.beta is not None:
            stages = ", ".join(str(place + 1) for place in self.places)
            meaning = f"what every task's head reads of the mixed stages {stages}"
            values = self.beta.detach().cpu().numpy()
            found["beta"] = Coupling(values, meaning, ("task", "mixed stage"))
        return found


def _channels(H, shape):
    """The axis of the channels in features of all columns."""
    return H.ndim - 1 if shape.axis < 0 else shape.axis + 1
