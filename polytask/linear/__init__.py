"""Linear models: a datafit per task, a penalty that ties the tasks, a solver with a certificate."""

from polytask.linear.datafits import Datafit, Logistic, Multinomial, Squared
from polytask.linear.model import LinearClassifier, LinearModel
from polytask.linear.penalties import (
    L1,
    L2,
    L21,
    MeanRegularised,
    NoPenalty,
    Penalty,
    PerTask,
    Quadratic,
    SquaredTraceNorm,
    TraceNorm,
)
from polytask.linear.solution import Solution
from polytask.linear.solvers import LBFGS, Direct, Newton, ProximalGradient, ProximalNewton, Solver

__all__ = [
    "L1",
    "L2",
    "L21",
    "LBFGS",
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
    "Squared",
    "SquaredTraceNorm",
    "TraceNorm",
]
