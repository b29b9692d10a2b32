"""The contract of a source of batches."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from polytask.deep.shape import Padded


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows with their labels.

    Attributes
    ----------
    X : tensor, or Padded
        What the net takes.
    Y, W : tensors (b, T), or dicts of task name -> tensor ``(b, *grid)``
        Labels and their weights; the weight is 0 where there is no label. A dict holds the tasks
        that this batch has labels of.
    tasks : tuple of str, or None
        The tasks that the net has to answer; None: all.
    groups : tensor (b,) of whole numbers, or None
        Which rows belong together, for losses that order them: the query of every row.
    """

    X: Any
    Y: Any
    W: Any
    tasks: tuple | None = None
    groups: Any = None

    def __iter__(self):
        return iter((self.X, self.Y, self.W))

    @property
    def n_rows(self):
        """Rows in the batch."""
        return len(self.X.values if isinstance(self.X, Padded) else self.X)


class Source(ABC):
    """Where the loop gets its batches: a pick says which rows, and is cheap to keep.

    Attributes
    ----------
    tasks : tuple of T Task or Target
    sharded : bool
        Whether every process has rows of its own already.
    """

    tasks: tuple
    sharded: bool = False

    @abstractmethod
    def batches(self, size, generator, epoch=1):
        """Picks of one epoch (from 1), of ``size`` rows at most, in an order the generator draws.

        The same generator and epoch give the same picks: that is how a training is resumed.
        """

    @abstractmethod
    def batch(self, pick):
        """The `Batch` of a pick."""

    @abstractmethod
    def chunks(self, size):
        """Picks of all rows, in order: for evaluation."""

    def count(self, size):
        """How many batches an epoch has; None where nobody knows."""
        n = getattr(self, "n_rows", None)
        return None if n is None else -(-n // size)

    def part(self, pick, rank, size):
        """What process ``rank`` of ``size`` takes of a pick, or None where nothing is left.

        Together the processes have the pick. A source whose picks are not tensors of rows says
        what they are made of.
        """
        rows = pick.tensor_split(size)[rank]
        return rows if len(rows) else None
