"""What early stopping watches: held-out losses of the tasks to one number, smaller is better."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from polytask.errors import TaskError, require
from polytask.slot import Slot


@dataclass(frozen=True)
class Watch(Slot, ABC):
    """A number that says how good a net is for all tasks."""

    @abstractmethod
    def score(self, validation):
        """The number, smaller is better, for a dict of task name -> held-out loss."""


@dataclass(frozen=True)
class MeanLoss(Watch):
    """The mean of the tasks' held-out losses; compares like with like in standard units.

    Examples
    --------
    >>> MeanLoss().score({"a": 1.0, "b": 3.0})
    2.0
    """

    def score(self, validation):
        """The mean."""
        return sum(validation.values()) / len(validation)

    @classmethod
    def examples(cls):
        """The only one."""
        yield cls()


@dataclass(frozen=True)
class MainTask(Watch):
    """The held-out loss of one task, which the others are there to help.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> MainTask("a").score({"a": 1.0, "b": 3.0})
    1.0
    """

    name: str

    def score(self, validation):
        """Its loss."""
        require(
            self.name in validation,
            f"MainTask({self.name!r}) has no held-out loss. There are {list(validation)[:10]}.",
            TaskError,
        )
        return validation[self.name]

    @classmethod
    def examples(cls):
        """A task called main."""
        yield cls("main")


@dataclass(frozen=True)
class MeanGain(Watch):
    r"""The mean of ``1 - L_t / L_t^alone``: what every task gains on what it has by itself.

    Units do not matter to it. The score is minus that mean.

    Parameters
    ----------
    alone : dict of task name -> float, > 0
        Held-out losses of nets of single tasks, in the units of this training.

    References
    ----------
    Maninis, Radosavovic, Kokkinos. Attentive single-tasking of multiple tasks. CVPR 2019.
    Equation 5.

    Examples
    --------
    >>> MeanGain({"a": 2.0, "b": 3.0}).score({"a": 1.0, "b": 3.0})
    -0.25
    """

    alone: dict

    def __post_init__(self):
        bad = [name for name, loss in self.alone.items() if not loss > 0]
        require(self.alone and not bad, f"MeanGain needs losses > 0. Found another for {bad[:3]}.")

    def score(self, validation):
        """Minus the mean gain of the tasks."""
        missing = [name for name in validation if name not in self.alone]
        require(
            not missing,
            f"MeanGain has no loss of tasks {missing[:3]} by themselves. It has "
            f"{list(self.alone)[:10]}.",
            TaskError,
        )
        gains = [1 - loss / self.alone[name] for name, loss in validation.items()]
        return -sum(gains) / len(gains)

    @classmethod
    def examples(cls):
        """Two tasks."""
        yield cls({"a": 1.0, "b": 0.5})
