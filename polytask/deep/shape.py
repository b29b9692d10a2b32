"""What one row is while it passes a net: a vector, a sequence or a map."""

from dataclasses import dataclass
from typing import NamedTuple

import torch


@dataclass(frozen=True)
class Shape:
    """Channels of a row, and the positions it has them at.

    A batch of vectors is ``(b, channels)``, of sequences ``(b, length, channels)``, of maps
    ``(b, channels, height, width)``: torch's own conventions.

    Parameters
    ----------
    channels : int
    grid : tuple
        ``()`` for a vector, ``(length,)`` for a sequence, ``(height, width)`` for a map; None for a
        size that changes from batch to batch.

    Examples
    --------
    >>> Shape(3, (60, 80)).axis, Shape(16, (None,)).axis, Shape.of(5)
    (1, -1, Shape(channels=5, grid=()))
    """

    channels: int
    grid: tuple[int | None, ...] = ()

    @classmethod
    def of(cls, inputs):
        """The shape itself, or that of vectors with so many columns."""
        return inputs if isinstance(inputs, cls) else cls(int(inputs))

    @property
    def axis(self):
        """The axis of the channels in a batch."""
        return 1 if len(self.grid) > 1 else -1

    @property
    def word(self):
        """What an error calls it."""
        return ("vectors", "sequences", "maps")[len(self.grid)]


class Padded(NamedTuple):
    """Sequences of unlike lengths side by side.

    Attributes
    ----------
    values : tensor (b, length, k)
    mask : bool tensor (b, length)
        True where a position is real; real positions come first.
    """

    values: torch.Tensor
    mask: torch.Tensor

    def to(self, *place):
        """The same on a device, or with numbers of a type; whole numbers stay whole."""
        values = self.values.to(*place) if self.values.is_floating_point() else self.values
        return Padded(values, self.mask)


def parted(X):
    """Values, and the mask of real positions or None."""
    return X if isinstance(X, Padded) else (X, None)


def blanked(values, mask):
    """Sequences ``(b, length, k)`` with zeros where they are padded."""
    return values if mask is None else values.masked_fill(~mask[..., None], 0)
