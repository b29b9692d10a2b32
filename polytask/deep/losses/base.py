"""The contract of a loss."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch

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
    grouped : bool
        True where `mean` has to know which rows belong together: ``mean(outputs, y, w, groups)``
        with ``groups`` ``(b,)`` of whole numbers.
    scaled : bool
        True where labels may come in standard units: answers are turned back by one line.
    reads : tuple of str
        Tasks whose outputs it needs before its own, along the last axis.
    given : tuple or None
        ``(task, label)``: it counts only where that task has that label.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    couples: ClassVar[bool] = False
    grouped: ClassVar[bool] = False
    scaled: ClassVar[bool] = False

    @property
    def reads(self):
        """Tasks whose outputs stand before its own."""
        return ()

    @property
    def given(self):
        """The label of another task without which a row does not count, or None."""
        return

    def width(self, kind):
        """Number of outputs per row."""
        return kind.width

    def head(self, kind, channels):
        """A module from ``(..., channels)`` to ``(..., width)``; None: part of the one product."""
        return

    @abstractmethod
    def each(self, outputs, y):
        """Losses ``(r, T)`` of outputs ``(r, T, o)`` and labels ``(r, T)``, row by row.

        Labels that are vectors are ``(r, T, k)``.
        """

    def mean(self, outputs, y, w):
        """The loss of one task: a weighted mean over labelled rows, 0 where there is none.

        Parameters
        ----------
        outputs : tensor ``(b, *grid, o)``
        y : tensor ``(b, *grid)``, or ``(b, *grid, k)`` of vectors
            Labels; what stands at gaps is not read.
        w : tensor ``(b, *grid)``
            Weights, 0 where there is no label.
        """
        vector = y.shape[w.ndim :]
        here = (w > 0).reshape(*w.shape, *(1 for _ in vector))
        y = torch.where(here, y, 0)  # a gap may hold anything, also NaN
        rows = w.numel()
        losses = self.each(outputs.reshape(rows, 1, -1), y.reshape(rows, 1, *vector))[:, 0]
        w = w.reshape(-1)
        return (losses * w).sum() / w.sum().clamp_min(TINY)

    @abstractmethod
    def answer(self, outputs):
        """Outputs ``(..., o)`` to numbers ``(...)``, vectors, or probabilities ``(..., K)``."""


@dataclass(frozen=True)
class Coupled(Loss):
    """A loss whose rows see each other: there is no loss per row."""

    couples: ClassVar[bool] = True

    def each(self, outputs, y):
        raise NotImplementedError(f"Rows see each other in {type(self).__name__}: call mean.")

    @abstractmethod
    def mean(self, outputs, y, w, groups=None): ...


def difference(outputs, y):
    """Outputs less labels ``(r, T, k)``: numbers ``(r, T)`` are vectors of one."""
    return outputs - (y if y.ndim == outputs.ndim else y[..., None])


def number(outputs):
    """Outputs ``(..., 1)`` as numbers ``(...)``, wider ones as vectors."""
    return outputs[..., 0] if outputs.shape[-1] == 1 else outputs


def nothing(outputs):
    """A loss of 0 with a graph, whose gradient is 0."""
    return (outputs * 0).sum()


# Below every weight that counts: a batch without labels has loss 0, not 0 / 0.
TINY = 1e-30
