"""Penalties: what is paid for coefficients, and how tasks are tied by it."""

from polytask.linear.penalties.base import Frozen, Penalty
from polytask.linear.penalties.column_l2 import ColumnL2
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.l21 import L21
from polytask.linear.penalties.mean_regularised import MeanRegularised
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.per_task import PerTask
from polytask.linear.penalties.quadratic import Quadratic
from polytask.linear.penalties.split import Split
from polytask.linear.penalties.squared_trace_norm import SquaredTraceNorm
from polytask.linear.penalties.trace_norm import TraceNorm

__all__ = [
    "L1",
    "L2",
    "L21",
    "ColumnL2",
    "Frozen",
    "MeanRegularised",
    "NoPenalty",
    "Penalty",
    "PerTask",
    "Quadratic",
    "Split",
    "SquaredTraceNorm",
    "TraceNorm",
]
