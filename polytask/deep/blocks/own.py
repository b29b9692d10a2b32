"""A module of the user's as a stage."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.deep.shape import Shape
from polytask.errors import UnsupportedError, require

# Of the dry run, where a row has no size of its own.
ROWS, LENGTH = 3, 37


@dataclass(frozen=True)
class Own(Stage):
    """Any `torch.nn.Module` as a stage; what comes out is found by a dry run on zeros.

    Parameters
    ----------
    module : torch.nn.Module, or callable
        A module is copied wherever it is built, numbers included, so that columns start alike and
        training leaves it as it is. A callable takes the `Shape` of the inputs and makes a new
        module.

    Raises
    ------
    UnsupportedError
        If there is no module, if it does not take such rows, or if what it makes of them is no
        batch of vectors, sequences or maps.

    Notes
    -----
    A module with ``masked = True`` is called with the mask of real positions too. Text cannot say
    such a stage: it has no place on the command line.

    Examples
    --------
    >>> from torch import nn
    >>> from polytask import deep
    >>> stage = deep.Own(nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.ReLU()))
    >>> stage.outputs(deep.Shape(3, (9, 9)))
    Shape(channels=8, grid=(4, 4))
    >>> deep.Own(lambda shape: nn.Linear(shape.channels, 7)).outputs(5)
    Shape(channels=7, grid=())
    """

    module: nn.Module | Callable

    def __post_init__(self):
        require(
            callable(self.module),
            f"Own needs a torch.nn.Module, or a function that makes one. Found {self.module!r}.",
        )

    def build(self, inputs):
        """A copy of the module, or a new one."""
        if isinstance(self.module, nn.Module):
            return copy.deepcopy(self.module)
        made = self.module(Shape.of(inputs))
        require(
            isinstance(made, nn.Module),
            f"Own needs a function that makes a torch.nn.Module. It made {made!r}.",
            UnsupportedError,
        )
        return made

    def outputs(self, inputs):
        """The shape of what the module makes of a batch of zeros."""
        shape = Shape.of(inputs)
        found = self._tried(shape)
        word = type(found).__name__ if not isinstance(found, torch.Tensor) else tuple(found.shape)
        require(
            isinstance(found, torch.Tensor) and found.ndim in (2, 3, 4) and len(found) == ROWS,
            f"Own needs a module from a batch of {shape.word} to a batch of vectors, sequences or "
            f"maps. Of {ROWS} rows it made {word}.",
            UnsupportedError,
        )
        if found.ndim == 4:
            return Shape(found.shape[1], _open(found.shape[2:], shape))
        return Shape(found.shape[-1], _open(found.shape[1:-1], shape))

    @torch.no_grad()
    def _tried(self, shape):
        """What comes out of zeros; nobody's random numbers or running means move."""
        grid = tuple(size or LENGTH for size in shape.grid)
        rows = (*grid, shape.channels) if shape.axis < 0 else (shape.channels, *grid)
        with torch.random.fork_rng(devices=[]):
            module = self.build(shape).eval()
        like = next(module.parameters(), torch.zeros(()))
        try:
            return module(like.new_zeros(ROWS, *rows))
        except (RuntimeError, ValueError, TypeError) as error:
            raise UnsupportedError(
                f"The module of Own does not take {shape.word} ({shape}): {error}"
            ) from error

    @classmethod
    def examples(cls):
        """None: they are tried where text is not asked of them."""
        yield from ()


def _open(grid, shape):
    """The grid; where sizes change from batch to batch, those that come out do too."""
    return (None,) * len(grid) if None in shape.grid else tuple(grid)
