"""The contract of a data set: a slot value that loads a table, and the facts about it."""

from typing import ClassVar

import numpy as np

from polytask.datasets.store import Store
from polytask.errors import ParameterError, require
from polytask.slot import Slot

FACTS = ("rows", "features", "tasks", "source", "licence", "citation", "split", "traps")


class Dataset(Slot):
    """A named data set: its facts, and ``load()``, which gives the table.

    The facts are class attributes and need no file. The fields of a subclass are its options.

    Attributes
    ----------
    name : str
        What ``datasets.load`` and the command line take.
    title : str
    form : str
        ``"table"``: `load` gives a `Tasks`. ``"sentences"``, ``"pairs"`` (of sentences) and
        ``"pictures"`` have labels at positions: `load` gives `Positions`.
    rows, features, tasks : int
        Of the table that ``load()`` gives with the default options.
    source, licence, citation : str
        Where it comes from, on what terms, and what to cite.
    split : str
        The split that publications use; ``splits()`` gives it as rows where there is one.
    traps : str
        What makes results on it mean less than they seem to.
    files : tuple of DataFile
        In our layout, each with its pinned public original; empty for an embedded set.

    Examples
    --------
    >>> from polytask import datasets
    >>> datasets.get("school").tasks
    139
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    form: ClassVar[str] = "table"
    rows: ClassVar[int]
    features: ClassVar[int]
    tasks: ClassVar[int]
    source: ClassVar[str]
    licence: ClassVar[str]
    citation: ClassVar[str]
    split: ClassVar[str]
    traps: ClassVar[str]
    files: ClassVar[tuple] = ()

    def __init_subclass__(cls):
        # the facts live once, as attributes; help() and the pages show them under the examples
        super().__init_subclass__()
        if "name" in vars(cls) and cls.__doc__:
            facts = "\n".join(f"    * {fact}: {_shown(getattr(cls, fact))}" for fact in FACTS)
            cls.__doc__ = f"{cls.__doc__.rstrip()}\n\n    Notes\n    -----\n{facts}\n    "

    def load(self):
        """The table, as `Tasks`, or as `Positions` where the ``form`` is another.

        Raises
        ------
        DownloadError, MissingExtraError
            If a file is not on this computer and cannot be brought; says what to do.
        DataError
            If a file is damaged; names it.
        """
        raise NotImplementedError

    def splits(self):
        """The official splits as pairs (training rows, test rows); an empty list without any.

        Returns
        -------
        list of (int64 array, int64 array)
            Positions in the table that ``load()`` gives. An official validation part belongs to the
            training rows, since choosing is done inside them; ``parts()`` keeps it apart.
        """
        parts = self.parts()
        if not parts:
            return []
        train = [rows for name, rows in parts.items() if name != "test"]
        return [(np.sort(np.concatenate(train)), parts["test"])]

    def parts(self):
        """Rows of the official parts by name (``train``, ``valid``, ``test``); often empty."""
        return {}

    def here(self):
        """Whether every file is on this computer, so that ``load()`` brings nothing."""
        store = Store.here()
        return all(store.find(file) is not None for file in self.files)

    @classmethod
    def facts(cls):
        """Name, title and facts as a dict, for tables and JSON."""
        return {key: getattr(cls, key) for key in ("name", "title", *FACTS)}

    def _path(self, ending):
        """The path of the one file of this set whose path ends like this."""
        (file,) = (file for file in self.files if file.path.endswith(ending))
        return Store.here().path(file, self.title)


def one_of(owner, option, value, known):
    """Refuse a value that is none of the known ones."""
    require(
        value in known,
        f"{type(owner).__name__} needs {option} out of {tuple(known)}. Found {value!r}.",
        ParameterError,
    )


def _shown(value):
    return f"{value:,}" if isinstance(value, int) else value
