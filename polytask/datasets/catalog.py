"""The data sets, found by walking the package."""

import difflib
import pkgutil
from functools import cache
from importlib import import_module

import polytask.datasets
from polytask.datasets.base import Dataset
from polytask.errors import ParameterError


@cache
def classes():
    """Every data set class by its name; modules are imported at the first call."""
    for module in pkgutil.iter_modules(polytask.datasets.__path__, "polytask.datasets."):
        import_module(module.name)
    here = [one for one in _below(Dataset) if one.__module__.startswith("polytask.datasets.")]
    found = {one.name: one for one in here if "name" in vars(one)}
    return dict(sorted(found.items()))


def names():
    """The names of all data sets, sorted.

    Examples
    --------
    >>> names()[:3]
    ('adult', 'amazon_sentiment', 'andro')
    """
    return tuple(classes())


def get(name):
    """The data set of this name, with its default options.

    Parameters
    ----------
    name : str
        As in `names`; ``"computer-survey"`` and ``"ComputerSurvey"`` find ``"computer_survey"``.

    Returns
    -------
    Dataset
        Its facts need no file; ``get(name).replace(option=value)`` changes an option.

    Raises
    ------
    ParameterError
        If there is none of this name; says which are near.

    Examples
    --------
    >>> get("parkinsons").replace(target="total")
    Parkinsons(target='total', test_time=False)
    """
    known = {_plain(key): one for key, one in classes().items()}
    known |= {_plain(one.__name__): one for one in classes().values()}
    found = known.get(_plain(name))
    if found is None:
        near = difflib.get_close_matches(str(name).lower(), names(), n=3)
        raise ParameterError(
            f"Expected the name of a data set. Found {name!r}. "
            + (f"Near: {', '.join(near)}." if near else f"Known: {', '.join(names())}.")
        )
    return found()


def load(name):
    """The table of the data set of this name, with its default options.

    Parameters
    ----------
    name : str

    Returns
    -------
    Tasks, or Positions

    Raises
    ------
    ParameterError
        If there is no data set of this name.
    DownloadError, MissingExtraError
        If a file is not on this computer and cannot be brought; says what to do.

    Examples
    --------
    >>> load("linnerud").names
    ('Weight', 'Waist', 'Pulse')
    """
    return get(name).load()


def _plain(name):
    return str(name).lower().replace("-", "").replace("_", "")


def _below(cls):
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)
