"""Which classes a model file may name, and how they are found."""

import re
from dataclasses import is_dataclass
from importlib import import_module

from polytask.errors import MissingExtraError, ModelFileError, require
from polytask.model import Model
from polytask.slot import Slot

# Part by part in lower case: neither ``__main__`` nor a private module can be written so. A penalty
# inside a penalty may be of a class that is no part of the face: one underscore.
NAME = re.compile(r"polytask(\.[a-z][a-z0-9_]*)+:_?[A-Za-z][A-Za-z0-9]*")
# Rooms whose classes are no part of a model.
CLOSED = ("cli", "datasets", "persist", "report", "reproduce")


def name_of(kind):
    """``module:Class``, as files write it.

    >>> from polytask import Independent
    >>> name_of(Independent)
    'polytask.independent:Independent'
    """
    return f"{kind.__module__}:{kind.__qualname__}"


def storable(kind):
    """Whether values of this class are records: models, slots and dataclasses."""
    return isinstance(kind, type) and (issubclass(kind, Slot | Model) or is_dataclass(kind))


def ours(name):
    """Whether this is a name of a class of the package that may stand in a model file."""
    return bool(NAME.fullmatch(name)) and name.split(":")[0].split(".")[1] not in CLOSED


def find_class(name, trusted=()):
    """The class that a model file names.

    Nothing outside ``polytask`` is imported, unless ``trusted`` names it.

    Raises
    ------
    ModelFileError
        If the name is none of ours, or what it names is no model, slot or record.
    """
    require(
        isinstance(name, str) and (ours(name) or name in trusted),
        f"A model file names classes of polytask only. Found {str(name)[:80]!r}. If you know where "
        f"the file comes from, load it with trusted=({str(name)[:80]!r},).",
        ModelFileError,
    )
    module, _, qualname = name.partition(":")
    found = vars(_module(module, name)).get(qualname)
    require(
        storable(found) and name_of(found) == name,
        f"A model file names models, slots and records of polytask. Found {name!r}, which is none. "
        "It may come from another version of polytask: install that one.",
        ModelFileError,
    )
    return found


def _module(module, name):
    try:
        return import_module(module)
    except MissingExtraError:
        raise
    except ImportError as error:
        if error.name and not error.name.startswith("polytask"):
            raise MissingExtraError(
                f"The model file needs {name}, which needs the package {error.name!r}, which is "
                f'not installed. Run: pip install "polytask[{module.split(".")[1]}]"'
            ) from error
        raise ModelFileError(
            f"Found {name!r} in the model file, which this version of polytask does not have. "
            "Install the version that wrote the file."
        ) from error
