"""How a step is made: how many batches, in which precision, at which rate, how far at most."""

from collections.abc import Callable
from dataclasses import dataclass

from polytask.errors import require
from polytask.slot import Slot

PRECISIONS = (None, "bfloat16", "float16")
WHENS = ("step", "epoch")


@dataclass(frozen=True)
class Update(Slot):
    """What one step of training is, besides its gradient.

    Parameters
    ----------
    accumulate : int, >= 1
        Batches that are one step. Their losses are those of the batches put together: means over
        all labels of a task, whichever batch they came with. Only one batch's graph is kept at a
        time, and computed a second time on the way back. For losses whose rows see each other
        (rankings, partial likelihoods), the mean of the batches' losses, weighed by labels.
    clip : float, > 0, optional
        Largest norm of the gradient of all parameters together; a longer one is shortened.
    autocast : {None, "bfloat16", "float16"}
        Type of numbers that the net computes in; parameters and losses stay as they are.
        ``"float16"`` scales gradients up so that small ones are not lost; no balancer sees that in
        the losses.
    rates : dict of task name -> float, >= 0, optional
        How far the numbers that serve one task alone (its head) move, as a multiple of what the
        optimiser says; the shared part moves by the weights of the tasks instead.
    schedule : callable, optional
        Optimiser -> scheduler of ``torch.optim.lr_scheduler``.
    schedule_after : {"epoch", "step"}
        When the scheduler moves on. ``ReduceLROnPlateau`` is told the mean held-out loss.

    Raises
    ------
    ParameterError
        If an option is out of its range.

    Examples
    --------
    >>> import torch
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), torch.eye(4)[:, :2].numpy())
    >>> net = deep.HardSharing(()).build(data.tasks, 4)
    >>> update = deep.Update(accumulate=2, clip=1.0)
    >>> len(list(deep.steps(net, data, epochs=5, batch_size=2, update=update)))
    5
    """

    accumulate: int = 1
    clip: float | None = None
    autocast: str | None = None
    rates: dict | None = None
    schedule: Callable | None = None
    schedule_after: str = "epoch"

    def __post_init__(self):
        require(
            self.accumulate >= 1, f"Update needs accumulate >= 1. Found {self.accumulate} batches."
        )
        require(
            self.clip is None or self.clip > 0, f"Update needs clip > 0. Found clip={self.clip}."
        )
        require(
            self.autocast in PRECISIONS,
            f"Update needs autocast out of {PRECISIONS}. Found {self.autocast!r}.",
        )
        require(
            self.schedule_after in WHENS,
            f"Update needs schedule_after out of {WHENS}. Found {self.schedule_after!r}.",
        )
        slow = [name for name, rate in (self.rates or {}).items() if not rate >= 0]
        require(not slow, f"Update needs rates >= 0. Found another for {slow[:3]}.")

    @classmethod
    def examples(cls):
        """The plain one, and one of everything that every net takes."""
        yield cls()
        yield cls(accumulate=2, clip=0.5, autocast="bfloat16")
