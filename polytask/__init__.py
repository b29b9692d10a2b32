"""Multi-task learning for Python.

What you need first: `Tasks` (say what a task is), a model from a wing (``linear``, ``bayes``,
``deep``) or a baseline (`Independent`, `Pooled`), and ``report.compare`` (does learning together
help). Wings and reports are loaded when they are first used.
"""

from importlib import import_module

from polytask.errors import PolytaskError
from polytask.independent import Independent
from polytask.inputs import Encoder
from polytask.labels import Descriptors, Labels
from polytask.model import Model
from polytask.pooled import Pooled
from polytask.relation import Relation
from polytask.task import Task
from polytask.tasks import Tasks

__version__ = "0.1.0"

_ROOMS = ("bayes", "datasets", "deep", "kinds", "linear", "report", "reproduce")

__all__ = [
    "Descriptors",
    "Encoder",
    "Independent",
    "Labels",
    "Model",
    "PolytaskError",
    "Pooled",
    "Relation",
    "Task",
    "Tasks",
    *_ROOMS,
]


def __getattr__(name):
    if name in _ROOMS:
        return import_module(f"polytask.{name}")
    raise AttributeError(f"module 'polytask' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
