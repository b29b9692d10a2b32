"""Time: how much is left, and when to stop."""

import time
from dataclasses import dataclass

from polytask.errors import PolytaskError, require


class OutOfTime(PolytaskError):
    """The budget ended before this was done."""


@dataclass(frozen=True)
class Deadline:
    """A moment on the wall clock, the same for every worker; None never comes.

    Examples
    --------
    >>> Deadline.after(minutes=None).over
    False
    >>> Deadline(moment=0.0).over
    True
    """

    moment: float | None = None

    @classmethod
    def after(cls, minutes):
        """The deadline ``minutes`` from now."""
        require(
            minutes is None or minutes > 0,
            f"A budget needs minutes > 0. Found {minutes}. None means no limit.",
        )
        return cls(None if minutes is None else time.time() + 60 * minutes)

    @property
    def over(self):
        """Whether it has passed."""
        return self.moment is not None and time.time() >= self.moment

    def check(self):
        """Raise `OutOfTime` if it has passed."""
        if self.over:
            raise OutOfTime("the budget ended")


@dataclass(frozen=True)
class Progress:
    """Where a comparison stands, after each piece of work.

    Attributes
    ----------
    done, total : int
        Pieces: one model on one split.
    model : str
    split : int
    seconds : float
        Since the start.
    left : float or None
        Seconds that the rest will take, from the pieces fitted so far; None before the first.
    status : {"ok", "failed", "not tried", "resumed"}

    Examples
    --------
    >>> print(Progress(3, 10, "Pooled()", 0, 30.0, 70.0, "ok"))
    3/10 Pooled() on split 0: ok (30 s, about 1 min 10 s left)
    """

    done: int
    total: int
    model: str
    split: int
    seconds: float
    left: float | None
    status: str

    def __str__(self):
        left = "" if self.left is None else f", about {_clock(self.left)} left"
        return (
            f"{self.done}/{self.total} {self.model} on split {self.split}: {self.status} "
            f"({_clock(self.seconds)}{left})"
        )


def _clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
