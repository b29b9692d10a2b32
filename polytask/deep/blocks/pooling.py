"""Many positions to few, or to one."""

from dataclasses import dataclass, replace

from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.deep.shape import Shape
from polytask.errors import UnsupportedError, require

INFINITY = float("inf")


@dataclass(frozen=True)
class Pooling(Stage):
    """The mean or the largest of positions side by side, or of all positions of a row.

    Parameters
    ----------
    how : {"mean", "max"}
    size : int >= 1, optional
        Positions of a map that become one, in both directions; those that are left over at the far
        edges are dropped. Default: all positions become a vector. Sequences take the default; only
        their real positions count.

    Examples
    --------
    >>> from polytask import deep
    >>> deep.Pooling("max", 2).outputs(deep.Shape(16, (60, 80)))
    Shape(channels=16, grid=(30, 40))
    >>> deep.Pooling().outputs(deep.Shape(16, (None,)))
    Shape(channels=16, grid=())
    """

    how: str = "mean"
    size: int | None = None

    def __post_init__(self):
        require(
            self.how in ("mean", "max"),
            f"Pooling needs how out of ['mean', 'max']. Found {self.how!r}.",
        )
        require(
            self.size is None or self.size >= 1,
            f"Pooling needs size >= 1, or None for all positions. Found size={self.size}.",
        )

    def build(self, inputs):
        """A module without parameters."""
        shape = self._taken(inputs)
        if self.size is not None:
            return (nn.AvgPool2d if self.how == "mean" else nn.MaxPool2d)(self.size)
        return _OverTime(self.how) if shape.word == "sequences" else _OverSpace(self.how)

    def outputs(self, inputs):
        """The same channels on a smaller grid, or on none."""
        shape = self._taken(inputs)
        if self.size is None:
            return Shape(shape.channels)
        grid = tuple(None if n is None else n // self.size for n in shape.grid)
        require(
            0 not in grid,
            f"{self!r} leaves nothing of {shape}. Take a smaller size.",
        )
        return replace(shape, grid=grid)

    def _taken(self, inputs):
        shape = self.needs(inputs, "maps", "sequences")
        require(
            self.size is None or shape.word == "maps",
            f"Sequences keep their positions or become vectors. Found {self!r}: leave size out.",
            UnsupportedError,
        )
        return shape

    @classmethod
    def examples(cls):
        """Both means of all positions, and a smaller map."""
        yield cls()
        yield cls("max")
        yield cls("max", 2)


class _OverSpace(nn.Module):
    def __init__(self, how):
        super().__init__()
        self.how = how

    def forward(self, H):
        return H.mean((-2, -1)) if self.how == "mean" else H.amax((-2, -1))


class _OverTime(nn.Module):
    masked = True

    def __init__(self, how):
        super().__init__()
        self.how = how

    def forward(self, H, mask=None):
        if mask is None:
            return H.mean(1) if self.how == "mean" else H.amax(1)
        real = mask[..., None]
        if self.how == "mean":
            return H.masked_fill(~real, 0).sum(1) / real.sum(1).clamp_min(1)
        # a sequence without a position is a zero, not minus infinity
        return H.masked_fill(~real, -INFINITY).amax(1).masked_fill(~real.any(1), 0)
