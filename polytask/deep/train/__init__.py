"""The training loop as a generator of steps, and what stands around it."""

from polytask.deep.train.checkpoint import Checkpoint
from polytask.deep.train.history import History
from polytask.deep.train.loop import Run, Step, steps
from polytask.deep.train.patience import Patience
from polytask.deep.train.stream import Stream, one_thread
from polytask.deep.train.update import Update

__all__ = [
    "Checkpoint",
    "History",
    "Patience",
    "Run",
    "Step",
    "Stream",
    "Update",
    "one_thread",
    "steps",
]
