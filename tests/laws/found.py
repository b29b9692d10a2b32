"""What the laws run over: every public class of a kind, found by walking the package."""

import importlib
import inspect
import pkgutil

import polytask
from polytask.errors import MissingExtraError
from polytask.model import Classifier, Model, Regressor

ABSTRACT = (Model, Regressor, Classifier)


def classes(base, package=polytask):
    """Every final subclass of ``base`` that is defined in ``package``, sorted by name."""
    found = set()
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".cli" in info.name or ".reproduce" in info.name:
            continue
        try:
            module = importlib.import_module(info.name)
        except MissingExtraError:
            continue  # a wing without its extra; `make test` installs all of them
        for _, value in inspect.getmembers(module, inspect.isclass):
            own = value.__module__.startswith("polytask.")
            if own and issubclass(value, base) and not _abstract(value):
                found.add(value)
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def _abstract(value):
    return inspect.isabstract(value) or value in ABSTRACT or value.__name__.startswith("_")
