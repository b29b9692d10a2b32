"""The contract of a loss."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from polytask.slot import Slot


@dataclass(frozen=True)
class Loss(Slot, ABC):
    """What the outputs of a head are: their loss per row, and the answer they stand for.

    A *row* is whatever has one label: a row of a table, a word of a sentence, a pixel of a map.

    Attributes
    ----------
    name : str
        The word that a kind names its default loss by.
    kinds : tuple of str
        Names of the kinds whose labels it takes.
    couples : bool
        True where rows of a batch see each other; `mean` is then its own.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    couples: ClassVar[bool] = False

    def width(self, kind):
        """Number of outputs per row."""
        return kind.width

    def head(self, kind, channels):
        """A module from ``(..., channels)`` to ``(..., width)``; None: part of the one product."""
        return

    @abstractmethod
    def each(self, outputs, y):
        """Losses ``(r, T)`` of outputs ``(r, T, o)`` and labels ``(r, T)``, row by row."""

    def mean(self, outputs, y, w):
        """The loss of one task: a weighted mean over labelled rows, 0 where there is none.

        Parameters
        ----------
        outputs : tensor ``(b, *grid, o)``
        y, w : tensors ``(b, *grid)``
            Labels, and weights that are 0 where there is no label.
        """
        losses = self.each(outputs.reshape(-1, 1, outputs.shape[-1]), y.reshape(-1, 1))[:, 0]
        w = w.reshape(-1)
        return (losses * w).sum() / w.sum().clamp_min(TINY)

    @abstractmethod
    def answer(self, outputs):
        """Outputs ``(..., o)`` to numbers ``(...)`` or probabilities ``(..., K)``."""


# Below every weight that counts: a batch without labels has loss 0, not 0 / 0.
TINY = 1e-30
