"""The contract of a sharing, and of the net that it builds."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from torch import nn

from polytask.deep.heads import ColumnHeads, Heads
from polytask.deep.shape import Shape
from polytask.deep.targets import linked, targets
from polytask.errors import UnsupportedError, require
from polytask.slot import Slot


class Group(NamedTuple):
    """Parameters that learn in a way of their own.

    Attributes
    ----------
    parameters : list of Parameter
    rate : float
        Their learning rate, as a multiple of the net's.
    decay : bool
        Whether weight decay reaches them.
    """

    parameters: list
    rate: float = 1.0
    decay: bool = True


class Coupling(NamedTuple):
    """What ties the tasks of a fitted net: an array, what it means and what its axes are.

    Attributes
    ----------
    values : array
    meaning : str
        A sentence.
    axes : tuple of str
        One word per axis, such as ``("receiving task", "giving task")``.
    """

    values: Any
    meaning: str
    axes: tuple[str, ...]


class Net(nn.Module, ABC):
    """A `torch.nn.Module` that answers for every task and says what it shares.

    Attributes
    ----------
    targets : tuple of T Target
        What it answers for, in order.
    shared_parts : tuple of str
        Names of the submodules and parameters that serve more than one task, such as
        ``"trunk"`` or ``"levels.0.own"``.
    """

    shared_parts: tuple[str, ...]
    shared_is_kept = False

    def __init__(self, aims):
        super().__init__()
        self.targets = aims

    @abstractmethod
    def forward(self, X, tasks=None):
        """Inputs of a batch to a dict of task name -> outputs ``(b, *grid, o_t)``.

        Parameters
        ----------
        X : tensor (b, d), (b, length, k), (b, k, height, width), or Padded
        tasks : collection of str, optional
            The tasks that are asked; what only others need is not computed, and so gets no
            gradient. Default: all.
        """

    def shared(self):
        """The parameters that serve more than one task, a list without repeats."""
        parts = [attrgetter(name)(self) for name in self.shared_parts]
        each = [[p] if isinstance(p, nn.Parameter) else list(p.parameters()) for p in parts]
        return list({id(p): p for part in each for p in part}.values())

    def rows_of(self, names):
        """What serves these tasks alone: pairs of a parameter and its rows on the first axis.

        Tasks that are absent from a step rest there, however their numbers are stacked with those
        of others. By default the heads; a net with columns of tasks adds their rows.
        """
        heads = [m for m in self.modules() if isinstance(m, Heads | ColumnHeads)]
        return [pair for module in heads for pair in module.rows_of(names)]

    def adopt(self, other):
        """Take over what ``other``, a net of the same sharing, has learnt for all tasks.

        Raises
        ------
        UnsupportedError
            If the shared part has a piece per task, and the tasks are others in number.
        """
        mine, theirs = ([p.shape for p in net.shared()] for net in (self, other))
        require(
            mine == theirs,
            "What these tasks share has a part for each of them: nets of "
            f"{len(self.targets)} and of {len(other.targets)} tasks do not fit. Fit all tasks "
            "together, or take a sharing whose shared part stands by itself.",
            UnsupportedError,
        )
        for name in self.shared_parts:
            mine, theirs = attrgetter(name)(self), attrgetter(name)(other)
            if isinstance(mine, nn.Parameter):
                mine.data.copy_(theirs.data)
            else:
                mine.load_state_dict(theirs.state_dict())

    def keep_shared(self):
        """Learn nothing more in the shared part: neither its numbers nor running statistics."""
        self.shared_is_kept = True
        for parameter in self.shared():
            parameter.requires_grad_(False)
        self.train(self.training)

    def train(self, mode=True):
        """As any module; norms of a shared part that is kept answer by what they have seen."""
        super().train(mode)
        if self.shared_is_kept:
            parts = [attrgetter(name)(self) for name in self.shared_parts]
            for part in parts:
                for one in part.modules() if isinstance(part, nn.Module) else ():
                    if getattr(one, "track_running_stats", False):
                        one.eval()
        return self

    def follow(self, trained):
        """Begin where a trained net of ``sharing.before()`` stands."""
        raise NotImplementedError

    # -- what a sharing may add to training; nothing by default -------------------------------

    def penalty(self):
        """A price on the weights, a scalar with its graph that is added to the losses, or None."""
        return

    def groups(self):
        """The `Group` of every parameter that does not learn like all others, a list."""
        return []

    def after_step(self, learning_rate):
        """Called after every update: a proximal step, a renewed covariance."""

    def after_epoch(self, epoch, data):
        """Called after every epoch with the training `Source`; True where parameters are new."""
        return False

    def couplings(self):
        """What ties the tasks, a dict of name -> `Coupling`."""
        return {}

    def relation(self):
        """The learnt relation of the tasks, ``(array (T, T), meaning)``, or None."""
        return


@dataclass(frozen=True)
class Sharing(Slot, ABC):
    """Which parts of a net serve which task."""

    def build(self, tasks, inputs):
        """A `Net` at its start; random numbers come from torch's own stream.

        Parameters
        ----------
        tasks : sequence of T Task or Target
        inputs : Shape or int
            Of one row; a number is that of the columns of a table.

        Raises
        ------
        UnsupportedError
            If the stages do not take such rows, or this sharing does not take such stages.
        TaskError
            If a loss needs a task that is not there.
        """
        return self.net(linked(targets(tasks)), Shape.of(inputs))

    def before(self):
        """The `Sharing` whose trained net this one's net has to `Net.follow`, or None."""
        return

    @abstractmethod
    def net(self, aims, shape):
        """The `Net` for these targets and this `Shape` of a row."""
