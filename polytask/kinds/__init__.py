"""What labels a task takes. An open set: one small class per kind."""

from polytask.kinds.base import Kind
from polytask.kinds.binary import Binary
from polytask.kinds.counts import Counts
from polytask.kinds.dependency import Dependency
from polytask.kinds.infer import infer
from polytask.kinds.multiclass import Multiclass
from polytask.kinds.ordinal import Ordinal
from polytask.kinds.positions import DenseClasses, DenseNumbers, Tagging
from polytask.kinds.ranking import Ranking
from polytask.kinds.regression import Regression
from polytask.kinds.survival import Survival

__all__ = [
    "Binary",
    "Counts",
    "DenseClasses",
    "DenseNumbers",
    "Dependency",
    "Kind",
    "Multiclass",
    "Ordinal",
    "Ranking",
    "Regression",
    "Survival",
    "Tagging",
    "infer",
]
