"""Losses: what the outputs of a head mean."""

from polytask.deep.losses.absolute_error import AbsoluteError
from polytask.deep.losses.base import Coupled, Loss
from polytask.deep.losses.binary_cross_entropy import BinaryCrossEntropy
from polytask.deep.losses.chain_crf import ChainCRF
from polytask.deep.losses.cox_partial_likelihood import CoxPartialLikelihood
from polytask.deep.losses.cross_entropy import CrossEntropy
from polytask.deep.losses.cumulative_logit import CumulativeLogit
from polytask.deep.losses.dense import BoundaryDistance, InverseDepth, Offsets
from polytask.deep.losses.dependencies import Dependencies
from polytask.deep.losses.funnel import Funnel
from polytask.deep.losses.given import Given
from polytask.deep.losses.huber_error import HuberError
from polytask.deep.losses.poisson_deviance import PoissonDeviance
from polytask.deep.losses.quantile import OrderedQuantile, Quantile
from polytask.deep.losses.ranking import ListwiseRanking, PairwiseRanking
from polytask.deep.losses.relatedness import Relatedness
from polytask.deep.losses.squared_error import SquaredError

# The loss that a kind names as its own.
DEFAULTS = {
    one.name: one()
    for one in (
        AbsoluteError,
        BinaryCrossEntropy,
        CoxPartialLikelihood,
        CrossEntropy,
        CumulativeLogit,
        Dependencies,
        ListwiseRanking,
        PoissonDeviance,
        SquaredError,
    )
}

__all__ = [
    "DEFAULTS",
    "AbsoluteError",
    "BinaryCrossEntropy",
    "BoundaryDistance",
    "ChainCRF",
    "Coupled",
    "CoxPartialLikelihood",
    "CrossEntropy",
    "CumulativeLogit",
    "Dependencies",
    "Funnel",
    "Given",
    "HuberError",
    "InverseDepth",
    "ListwiseRanking",
    "Loss",
    "Offsets",
    "OrderedQuantile",
    "PairwiseRanking",
    "PoissonDeviance",
    "Quantile",
    "Relatedness",
    "SquaredError",
]
