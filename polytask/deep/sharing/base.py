"""The contract of a sharing, and of the net that it builds."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from polytask.slot import Slot


class Net(nn.Module, ABC):
    """A `torch.nn.Module` that answers for every task and says what it shares.

    Attributes
    ----------
    shared_parts : tuple of str
        Names of the submodules that serve more than one task.
    """

    shared_parts: ClassVar[tuple[str, ...]]

    @abstractmethod
    def forward(self, X):
        """Inputs ``(b, d)`` to a dict of task name -> outputs ``(b, o_t)``."""

    def shared(self):
        """The parameters that serve more than one task, a list without repeats."""
        parts = [getattr(self, name) for name in self.shared_parts]
        return list({id(p): p for part in parts for p in part.parameters()}.values())

    def adopt(self, other):
        """Take over what ``other``, a net of the same sharing, has learnt for all tasks."""
        for name in self.shared_parts:
            getattr(self, name).load_state_dict(getattr(other, name).state_dict())


@dataclass(frozen=True)
class Sharing(Slot, ABC):
    """Which parts of a net serve which task."""

    @abstractmethod
    def build(self, tasks, inputs):
        """A `Net` at its start; random numbers come from torch's own stream.

        Parameters
        ----------
        tasks : tuple of T Task
        inputs : int
            Number of input columns.
        """
