"""Losses: what the outputs of a head mean."""

from polytask.deep.losses.absolute_error import AbsoluteError
from polytask.deep.losses.base import Loss
from polytask.deep.losses.binary_cross_entropy import BinaryCrossEntropy
from polytask.deep.losses.cross_entropy import CrossEntropy
from polytask.deep.losses.squared_error import SquaredError

# The loss that a kind names as its own.
DEFAULTS = {
    one.name: one() for one in (AbsoluteError, BinaryCrossEntropy, CrossEntropy, SquaredError)
}

__all__ = [
    "DEFAULTS",
    "AbsoluteError",
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Loss",
    "SquaredError",
]
