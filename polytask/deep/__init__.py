"""The deep wing: nets that share, losses that are weighed, a loop that reads as a page.

Needs the extra ``polytask[deep]`` (torch), which only this folder imports.
"""

from polytask.errors import extra

extra("torch", "deep")  # before anything else here: a missing torch is said once, with its pip line

from polytask.deep.balance import Balancer, Equal, Uncertainty  # noqa: E402
from polytask.deep.blocks import Dense, Stage, mlp  # noqa: E402
from polytask.deep.data import Curriculum, Mixture, Sequences, Source  # noqa: E402
from polytask.deep.data.sampling import (  # noqa: E402
    Annealed,
    MixtureRatio,
    MixtureRatioOfOthers,
    Proportional,
    RoundRobin,
    Sampling,
    Temperature,
    Uniform,
)
from polytask.deep.losses import (  # noqa: E402
    AbsoluteError,
    BinaryCrossEntropy,
    BoundaryDistance,
    ChainCRF,
    CoxPartialLikelihood,
    CrossEntropy,
    CumulativeLogit,
    Funnel,
    Given,
    HuberError,
    InverseDepth,
    ListwiseRanking,
    Loss,
    Offsets,
    OrderedQuantile,
    PairwiseRanking,
    PoissonDeviance,
    Quantile,
    SquaredError,
)
from polytask.deep.model import DeepClassifier, DeepModel  # noqa: E402
from polytask.deep.shape import Padded, Shape  # noqa: E402
from polytask.deep.sharing import (  # noqa: E402
    AnchoredSharing,
    HardSharing,
    LowSupervision,
    Sharing,
    SoftSharing,
    TensorFactorised,
    TensorTraceNorm,
)
from polytask.deep.train import Checkpoint, Patience, Update, steps  # noqa: E402

__all__ = [
    "AbsoluteError",
    "AnchoredSharing",
    "Annealed",
    "Balancer",
    "BinaryCrossEntropy",
    "BoundaryDistance",
    "ChainCRF",
    "Checkpoint",
    "CoxPartialLikelihood",
    "CrossEntropy",
    "CumulativeLogit",
    "Curriculum",
    "DeepClassifier",
    "DeepModel",
    "Dense",
    "Equal",
    "Funnel",
    "Given",
    "HardSharing",
    "HuberError",
    "InverseDepth",
    "ListwiseRanking",
    "Loss",
    "LowSupervision",
    "Mixture",
    "MixtureRatio",
    "MixtureRatioOfOthers",
    "Offsets",
    "OrderedQuantile",
    "Padded",
    "PairwiseRanking",
    "Patience",
    "PoissonDeviance",
    "Proportional",
    "Quantile",
    "RoundRobin",
    "Sampling",
    "Sequences",
    "Shape",
    "Sharing",
    "SoftSharing",
    "Source",
    "SquaredError",
    "Stage",
    "Temperature",
    "TensorFactorised",
    "TensorTraceNorm",
    "Uncertainty",
    "Uniform",
    "Update",
    "mlp",
    "steps",
]
