"""Solvers: how the optimum is found, and how it is proved."""

from polytask.linear.solvers.alternating_structure import AlternatingStructure
from polytask.linear.solvers.automatic import automatic
from polytask.linear.solvers.backtracking_gradient import BacktrackingGradient
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.block_descent import BlockDescent
from polytask.linear.solvers.block_newton import BlockNewton
from polytask.linear.solvers.change_of_units import ChangeOfUnits
from polytask.linear.solvers.direct import Direct
from polytask.linear.solvers.interior_point import InteriorPoint
from polytask.linear.solvers.lbfgs import LBFGS
from polytask.linear.solvers.monotone_proximal_gradient import MonotoneProximalGradient
from polytask.linear.solvers.newton import Newton
from polytask.linear.solvers.preconditioned_lbfgs import PreconditionedLBFGS
from polytask.linear.solvers.proximal_gradient import ProximalGradient
from polytask.linear.solvers.proximal_newton import ProximalNewton
from polytask.linear.solvers.smoothing import Smoothing
from polytask.linear.solvers.two_blocks import TwoBlocks

__all__ = [
    "LBFGS",
    "AlternatingStructure",
    "BacktrackingGradient",
    "BlockDescent",
    "BlockNewton",
    "ChangeOfUnits",
    "Direct",
    "InteriorPoint",
    "MonotoneProximalGradient",
    "Newton",
    "PreconditionedLBFGS",
    "ProximalGradient",
    "ProximalNewton",
    "Smoothing",
    "Solver",
    "TwoBlocks",
    "automatic",
]
