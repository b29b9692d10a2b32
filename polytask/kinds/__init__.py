"""What labels a task takes. An open set: one small class per kind."""

from polytask.kinds.base import Kind
from polytask.kinds.binary import Binary
from polytask.kinds.infer import infer
from polytask.kinds.multiclass import Multiclass
from polytask.kinds.regression import Regression

__all__ = ["Binary", "Kind", "Multiclass", "Regression", "infer"]
