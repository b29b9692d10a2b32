"""Maxout: the largest of several linear maps."""

from dataclasses import dataclass, replace

from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.errors import require


@dataclass(frozen=True)
class Maxout(Stage):
    """The largest of several linear maps, unit by unit: ``max_k (x A_k + b_k)``.

    Parameters
    ----------
    width : int, >= 1
        Number of units.
    pieces : int, >= 1
        Maps per unit.

    Raises
    ------
    ParameterError
        If one of them is less than 1.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville, Bengio. Maxout networks. ICML 2013.

    Examples
    --------
    >>> from polytask import deep
    >>> deep.Maxout(8, pieces=4).outputs(20)
    Shape(channels=8, grid=())
    """

    width: int
    pieces: int = 4

    def __post_init__(self):
        require(
            self.width >= 1 and self.pieces >= 1,
            f"Maxout needs width >= 1 and pieces >= 1. Found {self!r}.",
        )

    def build(self, inputs):
        """One linear map to all pieces, and their maximum."""
        return _Largest(self.needs(inputs, "vectors", "sequences").channels, self)

    def outputs(self, inputs):
        """As many channels as units, at the same positions."""
        return replace(self.needs(inputs, "vectors", "sequences"), channels=self.width)

    @classmethod
    def examples(cls):
        """A usual one, and one that is linear."""
        yield cls(5, 3)
        yield cls(4, 1)


class _Largest(nn.Module):
    def __init__(self, inputs, stage):
        super().__init__()
        self.linear = nn.Linear(inputs, stage.width * stage.pieces)
        self.pieces = stage.pieces

    def forward(self, H):
        return self.linear(H).unflatten(-1, (-1, self.pieces)).amax(-1)
