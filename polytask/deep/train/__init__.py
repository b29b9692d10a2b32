"""The training loop as a generator of steps, and what stands around it."""

from polytask.deep.train.checkpoint import Checkpoint
from polytask.deep.train.descent import descent
from polytask.deep.train.history import History
from polytask.deep.train.in_sequence import Transfer, in_sequence
from polytask.deep.train.loop import Run, Step, steps
from polytask.deep.train.optimizer import parameter_groups
from polytask.deep.train.patience import Patience
from polytask.deep.train.patience_each import PatienceEach
from polytask.deep.train.predictions import predictions
from polytask.deep.train.stream import Stream, one_thread
from polytask.deep.train.total_loss import TotalLoss
from polytask.deep.train.update import Update
from polytask.deep.train.watch import MainTask, MeanGain, MeanLoss, Watch

__all__ = [
    "Checkpoint",
    "History",
    "MainTask",
    "MeanGain",
    "MeanLoss",
    "Patience",
    "PatienceEach",
    "Run",
    "Step",
    "Stream",
    "TotalLoss",
    "Transfer",
    "Update",
    "Watch",
    "descent",
    "in_sequence",
    "one_thread",
    "parameter_groups",
    "predictions",
    "steps",
]
