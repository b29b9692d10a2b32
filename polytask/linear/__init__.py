"""Linear models: a datafit per task, a penalty that ties the tasks, a solver with a certificate."""

from polytask.linear.datafits import Datafit, Logistic, Multinomial, Squared
from polytask.linear.model import LinearClassifier, LinearModel
from polytask.linear.penalties import (
    L1,
    L2,
    L21,
    ColumnL2,
    MeanRegularised,
    NoPenalty,
    Penalty,
    PerTask,
    Quadratic,
    Split,
    SquaredTraceNorm,
    TraceNorm,
)
from polytask.linear.solution import Solution
from polytask.linear.solvers import (
    LBFGS,
    Direct,
    Newton,
    ProximalGradient,
    ProximalNewton,
    Solver,
    TwoBlocks,
)

__all__ = [
    "L1",
    "L2",
    "L21",
    "LBFGS",
    "ColumnL2",
    "Datafit",
    "Direct",
    "LinearClassifier",
    "LinearModel",
    "Logistic",
    "MeanRegularised",
    "Multinomial",
    "Newton",
    "NoPenalty",
    "Penalty",
    "PerTask",
    "ProximalGradient",
    "ProximalNewton",
    "Quadratic",
    "Solution",
    "Solver",
    "Split",
    "Squared",
    "SquaredTraceNorm",
    "TraceNorm",
    "TwoBlocks",
]
