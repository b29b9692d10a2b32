"""A column of stages and a head per task: the net of everything that shares softly."""

from typing import NamedTuple

import torch
from torch import nn

from polytask.deep.columns import columns
from polytask.deep.heads import Heads
from polytask.deep.shape import Shape, parted
from polytask.deep.sharing.base import Net
from polytask.errors import UnsupportedError, require


class ColumnHeads(nn.Module):
    """The head of every task on the features of its own column; heads of one shape start alike."""

    def __init__(self, aims, shape):
        super().__init__()
        self.names = [aim.name for aim in aims]
        heads = [Heads((aim,), shape) for aim in aims]
        self.heads = nn.ModuleList(heads)
        first: dict[tuple, Heads] = {}
        for head in heads:
            shapes = tuple((key, value.shape) for key, value in head.state_dict().items())
            head.load_state_dict(first.setdefault(shapes, head).state_dict())

    def forward(self, H, which):
        """Features ``(c, b, ...)`` of the columns ``which`` to a dict of task name -> outputs."""
        return {self.names[t]: self.heads[t](h)[self.names[t]] for t, h in zip(which, H)}

    def alike(self):
        """Whether all heads are linear maps of one shape."""
        linear = [head.linear for head in self.heads]
        return None not in linear and len({one.weight.shape for one in linear}) == 1

    def stacks(self):
        """Weights ``(T, o, h)`` and biases ``(T, o)``, of heads that are `alike`."""
        each = [head.linear for head in self.heads]
        return {key: torch.stack([getattr(one, key) for one in each]) for key in ("weight", "bias")}

    @torch.no_grad()
    def put(self, name, values):
        """Write weights or biases in place of those that `stacks` gives."""
        for head, value in zip(self.heads, values):
            getattr(head.linear, name).copy_(value)


class OneMask(nn.Dropout):
    """Dropout of features ``(c, b, ...)``; one mask for all columns: they differ by tasks alone."""

    def forward(self, H):
        return H * super().forward(torch.ones_like(H[0])) if self.training and self.p > 0 else H


class Weight(NamedTuple):
    """One weight of all columns, for what couples them.

    Attributes
    ----------
    name : str
        Such as ``"stage 1 0.weight"``, from 1.
    values : tensor (T, *shape)
        With its graph.
    strength : float, > 0
    place : Columns or ColumnHeads
    key : str
    """

    name: str
    values: torch.Tensor
    strength: float
    place: nn.Module
    key: str

    def put(self, values):
        """Write these values ``(T, *shape)`` in their place."""
        self.place.put(self.key, values)


class SideBySide(Net):
    """A net per task, side by side, all from one start; a subclass couples them.

    Parameters
    ----------
    aims : tuple of T Target
    shape : Shape
        Of a row.
    sharing : Sharing
        With ``trunk``, ``dropout``, and the strengths ``strength`` and ``heads``.
    """

    shared_parts = ()

    def __init__(self, aims, shape, sharing):
        super().__init__(aims)
        self.stages = nn.ModuleList()
        for stage in sharing.trunk:
            self.stages.append(columns(stage, shape, len(aims), same_start=True))
            shape = Shape.of(stage.outputs(shape))
        self.heads = ColumnHeads(aims, shape)
        self.dropout = OneMask(sharing.dropout)
        self.strengths = per_stage(sharing)
        self.of_heads = sharing.heads
        require(
            not self.of_heads or self.heads.alike(),
            f"{type(sharing).__name__} couples heads of one width only. Found tasks with "
            f"{ {aim.name: aim.width for aim in aims} } outputs. Set heads=0.",
            UnsupportedError,
        )

    def forward(self, X, tasks=None):
        X, mask = parted(X)
        which = asked(self.targets, tasks)
        some = None if len(which) == len(self.targets) else which
        H = X.expand(len(which), *X.shape)
        for side in self.stages:
            H = self.dropout(side(H, mask, some))
        return self.heads(H, which)

    def coupled(self):
        """The `Weight` of everything that has a strength, in order, biases too."""
        places = [
            *((f"stage {i}", *one) for i, one in enumerate(zip(self.stages, self.strengths), 1)),
            ("heads", self.heads, self.of_heads),
        ]
        for name, place, strength in places:
            if strength > 0:
                for key, values in place.stacks().items():
                    yield Weight(f"{name} {key}", values, strength, place, key)


def asked(aims, tasks):
    """Positions of the tasks that are asked, None for all, a list."""
    return [t for t, aim in enumerate(aims) if tasks is None or aim.name in tasks]


def per_stage(sharing):
    """Strengths of a sharing as a tuple, one for every stage of its trunk."""
    given = sharing.strength
    return given if isinstance(given, tuple) else (given,) * len(sharing.trunk)


def check_coupling(sharing):
    """Refuse strengths and dropout that are out of range, in the name of the sharing.

    Raises
    ------
    ParameterError
        Says which.
    """
    name, stages = type(sharing).__name__, len(sharing.trunk)
    given = per_stage(sharing)
    require(
        len(given) == stages,
        f"{name} needs a strength for each of its {stages} stages, or one for all. "
        f"Found strength={sharing.strength}.",
    )
    for word, value in (*(("strength", one) for one in given), ("heads", sharing.heads)):
        require(0 <= value < float("inf"), f"{name} needs {word} >= 0. Found {word}={value}.")
    require(
        0 <= sharing.dropout < 1,
        f"{name} needs dropout in [0, 1). Found dropout={sharing.dropout}.",
    )
