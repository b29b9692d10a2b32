"""Samplings: whose batch comes next, where tasks have data sets of their own."""

from polytask.deep.data.sampling.annealed import Annealed
from polytask.deep.data.sampling.base import Sampling, Size
from polytask.deep.data.sampling.in_turn import InTurn
from polytask.deep.data.sampling.mixture_ratio import MixtureRatio
from polytask.deep.data.sampling.mixture_ratio_of_others import MixtureRatioOfOthers
from polytask.deep.data.sampling.proportional import Proportional
from polytask.deep.data.sampling.round_robin import RoundRobin
from polytask.deep.data.sampling.temperature import Temperature
from polytask.deep.data.sampling.uniform import Uniform

__all__ = [
    "Annealed",
    "InTurn",
    "MixtureRatio",
    "MixtureRatioOfOthers",
    "Proportional",
    "RoundRobin",
    "Sampling",
    "Size",
    "Temperature",
    "Uniform",
]
