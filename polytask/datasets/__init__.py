"""Data sets for multi-task learning: embedded ones, and loaders for the array sets of the field.

``names()`` lists them, ``load("school")`` gives a table, ``get("school")`` the data set with its
facts, options and official splits; every class can be reached here too: ``datasets.School()``.
A file is looked for in ``$POLYTASK_DATA``, in ``../shared/data`` beside a checkout, in the user's
cache, and is then brought from a pinned public commit (``pip install "polytask[data]"``).
"""

from polytask.datasets.base import Dataset
from polytask.datasets.catalog import classes, get, load, names
from polytask.datasets.conll import read_conll, read_conllu
from polytask.datasets.positions import Positions

__all__ = ["Dataset", "Positions", "get", "load", "names", "read_conll", "read_conllu"]


def __getattr__(name):
    # the classes are found by walking, when one is asked for: importing this package stays light
    for one in classes().values():
        if one.__name__ == name:
            return one
    raise AttributeError(f"polytask.datasets has no {name!r}. See polytask.datasets.names().")


def __dir__():
    return sorted([*__all__, *(one.__name__ for one in classes().values())])
