"""Multi-task learning for Python.

What you need first: `Tasks` (say what a task is), a model from a wing (``linear``, ``bayes``,
``deep``) or a baseline (`Independent`, `Pooled`, ``chains``), and ``report.compare`` (does learning
together help). Every name is loaded when it is first used, so that the command line answers at
once.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "Descriptors": "labels",
    "Encoder": "inputs",
    "Independent": "independent",
    "Labels": "labels",
    "Model": "model",
    "PolytaskError": "errors",
    "Pooled": "pooled",
    "Prepared": "prepared",
    "Relation": "relation",
    "Task": "task",
    "Tasks": "tasks",
}
_ROOMS = ("bayes", "chains", "datasets", "deep", "kernel", "kinds", "linear", "report", "reproduce")

__all__ = [*_HOMES, *_ROOMS]


def __getattr__(name):
    if name in _ROOMS:
        return import_module(f"polytask.{name}")
    if name in _HOMES:
        return getattr(import_module(f"polytask.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'polytask' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
