"""The contract of a balancer: a value that starts a weighing, which goes backward for the loop."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from polytask.slot import Slot


class Weighing(nn.Module, ABC):
    """What a balancer does, and remembers, in one training; its state is its ``state_dict``."""

    @abstractmethod
    def backward(self, losses, present):
        """Put the gradient of the balanced losses into the parameters.

        Parameters
        ----------
        losses : tensor (T,)
            Mean loss per task over its labelled rows of the batch, with its graph; 0 where a
            task has no label in the batch.
        present : bool tensor (T,)
            Which tasks have a label in the batch; the others move no state.

        Returns
        -------
        tensor (T,)
            The effective weights of this step.
        """


class LossWeighing(Weighing):
    """A weighing that sees the values of the losses only."""

    @abstractmethod
    def weigh(self, losses, present):
        """Weights ``(T,)`` for these losses ``(T,)``, which carry no graph."""

    def backward(self, losses, present):
        """One ordinary backward pass of ``sum_t w_t L_t``."""
        weights = self.weigh(losses.detach(), present)
        # a batch without any label has no graph
        if losses.requires_grad:
            (weights * losses).sum().backward()
        return weights


@dataclass(frozen=True)
class Balancer(Slot, ABC):
    """How much every task counts in every step.

    Equal tasks with orthogonal unit gradients move as their plain sum does: a balancer changes the
    direction, not the rate.

    Attributes
    ----------
    sees : {"losses", "gramian", "gradients"}
        What of a step it looks at, which is what it costs.
    """

    sees: ClassVar[str]

    @abstractmethod
    def start(self, tasks, *, learning_rate):
        """A `Weighing` at its start.

        Parameters
        ----------
        tasks : tuple of T Task or Target
        learning_rate : float, > 0
            That of the net, for balancers that learn at a multiple of it.
        """
