"""The same numbers in another form: rows of a table as maps or sequences, and back."""

import math
from dataclasses import dataclass

from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.deep.shape import Shape
from polytask.errors import UnsupportedError, require


@dataclass(frozen=True)
class View(Stage):
    """A row of a table as a map or a sequence, so that images in a table can be convolved.

    Columns are read in torch's order: of a map channel by channel and row by row, of a sequence
    position by position.

    Parameters
    ----------
    channels : int, >= 1
    grid : tuple of int
        ``(height, width)`` or ``(length,)``; together with the channels, as many numbers as the
        table has columns.

    Examples
    --------
    >>> from polytask import deep
    >>> deep.View(1, (28, 28)).outputs(784)
    Shape(channels=1, grid=(28, 28))
    """

    channels: int
    grid: tuple[int, ...]

    def __post_init__(self):
        sizes = (self.channels, *self.grid)
        require(
            len(self.grid) in (1, 2) and all(isinstance(n, int) and n >= 1 for n in sizes),
            f"View needs channels >= 1 and a grid of one or two sizes >= 1. Found {self!r}.",
        )

    def build(self, inputs):
        """A module without parameters."""
        shape = self.outputs(inputs)
        sequence = shape.word == "sequences"
        return nn.Unflatten(
            -1, (*shape.grid, shape.channels) if sequence else (shape.channels, *shape.grid)
        )

    def outputs(self, inputs):
        """The channels and the grid."""
        columns = self.needs(inputs, "vectors").channels
        numbers = self.channels * math.prod(self.grid)
        require(
            columns == numbers,
            f"{self!r} reads {numbers} columns. Found {columns}.",
            UnsupportedError,
        )
        return Shape(self.channels, tuple(self.grid))

    @classmethod
    def examples(cls):
        """A map and a sequence of twelve columns."""
        yield cls(3, (2, 2))
        yield cls(4, (3,))


@dataclass(frozen=True)
class Flat(Stage):
    """A map of a fixed size as a vector of all its numbers.

    Examples
    --------
    >>> from polytask import deep
    >>> deep.Flat().outputs(deep.Shape(16, (7, 7)))
    Shape(channels=784, grid=())
    """

    def build(self, inputs):
        """`torch.nn.Flatten`."""
        self.outputs(inputs)
        return nn.Flatten(-3)

    def outputs(self, inputs):
        """A vector."""
        shape = self.needs(inputs, "maps")
        require(
            None not in shape.grid,
            f"Flat needs maps of one size. Found {shape}. Take Pooling() for sizes that change.",
            UnsupportedError,
        )
        return Shape(shape.channels * math.prod(shape.grid))
