"""The training loop as a generator of steps, and what stands around it."""

from polytask.deep.train.history import History
from polytask.deep.train.loop import Step, steps
from polytask.deep.train.patience import Patience
from polytask.deep.train.stream import Stream, one_thread

__all__ = ["History", "Patience", "Step", "Stream", "one_thread", "steps"]
