"""How far a training is, and how long it will take."""

import math
import sys
import time

from polytask.deep.train.log.base import Sink

UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


class Progress(Sink):
    """Print how much is done, the mean losses, and the time left.

    The time left is that of the steps since this object saw its first one, so that a training
    that was taken up again is not taken for a fast one. Early stopping may end it sooner.

    Parameters
    ----------
    file : text file, optional
        Default: standard error.
    seconds : float, >= 0
        Least time between two lines; the last step has one in any case.
    clock : callable
        Gives seconds.

    Examples
    --------
    >>> import sys, torch
    >>> from polytask.deep.train import Step
    >>> progress = Progress(sys.stdout, clock=iter([0.0, 90.0]).__next__)
    >>> one = torch.ones(1)
    >>> progress.write(Step(1, ("a",), one, one > 0, one, False, None, 1, 0.1))
    epoch 1, 10 %, loss 1
    >>> progress.write(Step(4, ("a",), one / 2, one > 0, one, True, {"a": 0.7}, 40, 0.4))
    epoch 4, 40 %, 3 min left, loss 0.5, held out 0.7
    """

    def __init__(self, file=None, *, seconds=1.0, clock=time.monotonic):
        self._file, self._seconds, self._clock = file or sys.stderr, seconds, clock
        self._first = self._last = None

    def write(self, step):
        """A line, where the last one is old enough."""
        now = self._clock()
        self._first = self._first or (now, step.done)
        if self._last is not None and now - self._last < self._seconds and step.done < 1:
            return
        self._last = now
        print(self._line(step, now), file=self._file, flush=True)

    def _line(self, step, now):
        parts = [f"epoch {step.epoch}", f"{step.done:.0%}".replace("%", " %")]
        began, behind = self._first
        if behind < step.done < 1:
            left = (now - began) * (1 - step.done) / (step.done - behind)
            parts.append(f"{spoken(left)} left")
        if step.present.any():
            parts.append(f"loss {step.losses[step.present].mean():.3g}")
        if step.validation:
            parts.append(f"held out {sum(step.validation.values()) / len(step.validation):.3g}")
        return ", ".join(parts)


def spoken(seconds):
    """Seconds in the largest unit of which there are two, rounded up."""
    size, unit = next((size, unit) for size, unit in UNITS if seconds > 2 * size or size == 1)
    return f"{math.ceil(round(seconds / size, 6))} {unit}"
