"""The contract of a stage."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from polytask.deep.shape import Shape
from polytask.errors import UnsupportedError, require
from polytask.slot import Slot


@dataclass(frozen=True)
class Stage(Slot, ABC):
    """One stage of a trunk: it says what comes out of it, and builds itself.

    A module that it builds is called with a batch of rows; one that has ``masked = True`` is called
    with the mask of real positions too (None where all are real).
    """

    @abstractmethod
    def build(self, inputs):
        """The `torch.nn.Module` of this stage for batches of this `Shape` (or so many columns)."""

    @abstractmethod
    def outputs(self, inputs):
        """The `Shape` of what comes out for this `Shape` (or so many columns)."""

    def producers(self, weights):
        """Of stacked weights, the matrices ``(c, channels, k)`` whose rows make one channel each.

        Parameters
        ----------
        weights : dict of name in the module -> tensor ``(c, *shape)``

        Returns
        -------
        list of tensors; empty where it is not known, or where there are none.
        """
        return []

    def needs(self, inputs, *words):
        """The `Shape` of the inputs, where it is one of these words; else refused by name.

        Raises
        ------
        UnsupportedError
            If this stage does not take such rows.
        """
        shape = Shape.of(inputs)
        require(
            shape.word in words,
            f"{type(self).__name__} takes {' or '.join(words)}. Found {shape.word} ({shape}). Put "
            "a stage before it that makes them, or leave it out.",
            UnsupportedError,
        )
        return shape
