"""Columns that mix what they have after chosen stages: the net of cross-stitch and of sluice."""

from abc import abstractmethod

import torch
from torch import nn

from polytask.deep.columns import columns
from polytask.deep.heads import ColumnHeads
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Group, Net
from polytask.errors import UnsupportedError, require


class Stitched(Net):
    """A column of stages per task, mixed after some of them; a subclass says how.

    Parameters
    ----------
    sharing : Sharing
        With ``trunk``, ``own``, ``stitched``, ``rate`` and ``dropout``.
    aims : tuple of T Target
    shape : Shape
        Of a row.

    Attributes
    ----------
    places : tuple of int
        After which stages there is a mixture, from 0.
    alphas : list of parameters
        One per place.
    """

    shared_parts = ("stages", "alphas")

    def __init__(self, sharing, aims, shape):
        super().__init__(aims)
        self.stages, self.shapes = nn.ModuleList(), []
        for stage in sharing.trunk:
            self.stages.append(columns(stage, shape, len(aims)))
            shape = Shape.of(stage.outputs(shape))
            self.shapes.append(shape)
        self.places = places(sharing, self.stages)
        self.alphas = nn.ParameterList(self.start(self.shapes[place]) for place in self.places)
        self.heads = ColumnHeads(aims, self.read(shape))
        self.dropout, self.rate = nn.Dropout(sharing.dropout), sharing.rate

    @abstractmethod
    def start(self, shape):
        """The first values of a mixture, of features of this `Shape`."""

    @abstractmethod
    def mixed(self, alpha, H, shape):
        """Features of all columns ``(T, b, ...)`` after a mixture."""

    def joined(self, layers):
        """What goes on from the last mixed stage, given all of them: ``(T, b, ...)`` each."""
        return layers[-1]

    def read(self, shape):
        """The `Shape` of what the heads read, where this comes out of the last stage."""
        return shape

    def forward(self, X, tasks=None):
        X, mask = parted(X)
        H, layers = X.expand(len(self.targets), *X.shape), []
        alphas = dict(zip(self.places, self.alphas))
        for place, (side, shape) in enumerate(zip(self.stages, self.shapes)):
            H = self._dropped(side(H, mask))
            if place in alphas:
                H = self.mixed(alphas[place], H, shape)
                layers.append(H)
            if place == self.places[-1]:
                H = self.joined(layers)
        return self.heads(H, tasks)

    def _dropped(self, H):
        # one mask for all columns, so that they differ by their tasks alone
        active = self.training and self.dropout.p > 0
        return H * self.dropout(torch.ones_like(H[0])) if active else H

    def groups(self):
        """Mixtures learn at a rate of their own, and nothing pulls them to 0."""
        return [Group(self.mixtures(), self.rate, decay=False)]

    def mixtures(self):
        """The parameters that mix."""
        return list(self.alphas)


def places(sharing, stages):
    """After which stages to mix: those that are given, or all that have matrices."""
    if sharing.stitched is not None:
        return tuple(sorted({place % len(stages) for place in sharing.stitched}))
    matrices = [any(w.ndim > 2 for w in side.stacks().values()) for side in stages]
    found = tuple(place for place, has in enumerate(matrices) if has)
    require(
        found,
        f"{type(sharing).__name__} mixes after stages with matrices. Found none in "
        f"{sharing.trunk!r}. Add one, or say after which stages with stitched.",
        UnsupportedError,
    )
    return found


def convex(own, count):
    """A mixture ``(count, count)``: ``own`` of oneself, the rest from all others alike."""
    if count == 1:
        return torch.ones(1, 1)
    others = (1 - own) / (count - 1)
    return torch.full((count, count), others).fill_diagonal_(own)


def check_stitches(sharing):
    """Refuse what no net of this kind can be, in the name of the sharing.

    Raises
    ------
    ParameterError
        Says which option.
    """
    name, stages = type(sharing).__name__, len(sharing.trunk)
    require(
        stages >= 1 and sharing.stitched != (),
        f"{name} needs at least one stage to mix after. Found trunk={sharing.trunk!r}, "
        f"stitched={sharing.stitched}.",
    )
    require(0 <= sharing.own <= 1, f"{name} needs own in [0, 1]. Found own={sharing.own}.")
    require(sharing.rate > 0, f"{name} needs rate > 0. Found rate={sharing.rate}.")
    require(
        0 <= sharing.dropout < 1,
        f"{name} needs dropout in [0, 1). Found dropout={sharing.dropout}.",
    )
    require(
        all(-stages <= place < stages for place in sharing.stitched or ()),
        f"{name} counts its {stages} stages from 0. Found stitched={sharing.stitched}.",
    )
