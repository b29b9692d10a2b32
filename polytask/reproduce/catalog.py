"""The reproductions, found by walking the package."""

import difflib
import inspect
import pkgutil
from functools import cache
from importlib import import_module

import polytask.reproduce
from polytask.errors import ParameterError, require
from polytask.reproduce.base import CHAPTERS, Reproduction


@cache
def classes():
    """Every reproduction by its name, in the order of the chapters."""
    found = {}
    for info in pkgutil.iter_modules(polytask.reproduce.__path__, "polytask.reproduce."):
        for value in vars(import_module(info.name)).values():
            if _is_reproduction(value) and value.__module__ == info.name:
                found[value.name] = value
    return dict(sorted(found.items(), key=lambda one: (CHAPTERS.index(one[1].chapter), one[0])))


def _is_reproduction(value):
    return (
        inspect.isclass(value) and issubclass(value, Reproduction) and not inspect.isabstract(value)
    )


def names(chapter=None):
    """The names of all reproductions, or of those of one chapter.

    Raises
    ------
    ParameterError
        If there is no such chapter.

    Examples
    --------
    >>> "school" in names("linear")
    True
    """
    require(
        chapter is None or chapter in CHAPTERS,
        f"A chapter is one of {', '.join(CHAPTERS)}. Found {chapter!r}.",
    )
    return tuple(
        name for name, one in classes().items() if chapter is None or one.chapter == chapter
    )


def get(name):
    """The reproduction of this name.

    Parameters
    ----------
    name : str
        As in `names`; ``_`` is as good as ``-``.

    Raises
    ------
    ParameterError
        If there is none; says which are near.

    Examples
    --------
    >>> get("school").chapter
    'linear'
    """
    found = classes().get(str(name).lower().replace("_", "-"))
    if found is None:
        near = difflib.get_close_matches(str(name), classes(), n=3)
        raise ParameterError(
            f"Expected the name of a reproduction. Found {name!r}. "
            f"{'Near' if near else 'Known'}: {', '.join(near or names())}."
        )
    return found()
