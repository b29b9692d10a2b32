"""What labels a task takes. An open set: one small class per kind."""

from polytask.kinds.arc import Arc
from polytask.kinds.base import Kind
from polytask.kinds.binary import Binary
from polytask.kinds.counts import Counts
from polytask.kinds.infer import infer
from polytask.kinds.multiclass import Multiclass
from polytask.kinds.regression import Regression
from polytask.kinds.survival import Survival

__all__ = ["Arc", "Binary", "Counts", "Kind", "Multiclass", "Regression", "Survival", "infer"]
