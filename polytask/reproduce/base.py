"""What a reproduction is: pieces of work that can be done one by one, and rows made of them."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

import polytask
from polytask.report.digest import digest
from polytask.report.store import Store

CHAPTERS = (
    *("linear", "relations", "probabilistic", "sharing", "balance", "text", "auxiliary", "scale"),
)
FORMAT = 1  # of a stored record: another number and old pieces are done again
PACKAGES = ("numpy", "scipy", "scikit-learn")
OUTSIDE = ("cli", "reproduce", "persist")  # rooms whose code changes no number


@dataclass(frozen=True, eq=False)
class Piece:
    """One piece of work, such as one method on one split.

    Parameters
    ----------
    name : str
        Its own within the reproduction.
    recipe : tuple
        All that decides its numbers apart from the code: data, split, model, settings.
    work : callable
        Gives a dict that JSON can hold. ``{"status": "failed", "error": text}`` is not kept, so
        that it is tried again; an exception becomes that.

    Examples
    --------
    >>> Piece("sum", (1, 2), lambda: {"value": 1 + 2}).work()
    {'value': 3}
    """

    name: str
    recipe: tuple
    work: Callable


@dataclass(frozen=True)
class Done:
    """Where a reproduction stands, after each piece of work.

    Attributes
    ----------
    name : str
        Of the piece.
    record : dict
        What the work gave, and ``seconds``.
    done, total : int
    resumed : bool
        Whether it was there already.

    Examples
    --------
    >>> print(Done("ridge, split 1", {"seconds": 2.0}, 1, 60, False))
    1/60 ridge, split 1: 2.0 s
    """

    name: str
    record: dict
    done: int
    total: int
    resumed: bool

    def __str__(self):
        end = "resumed" if self.resumed else f"{self.record['seconds']:.1f} s"
        end = self.record["error"] if self.record.get("status") == "failed" else end
        return f"{self.done}/{self.total} {self.name}: {end}"


class Reproduction(ABC):
    """A published table, its protocol, and the code that measures it again.

    A subclass has the class attributes below and writes `pieces` and `rows`. It stands in a file of
    this package and is found by walking.

    Attributes
    ----------
    name : str
        As in ``polytask reproduce NAME``.
    chapter : str
        One of `CHAPTERS`.
    paper : str
        Where the published numbers stand.
    protocol : str
        Data, splits, what is chosen and how, the definition of the metric, what is not known.
    """

    name: ClassVar[str]
    chapter: ClassVar[str]
    paper: ClassVar[str]
    protocol: ClassVar[str]

    @abstractmethod
    def pieces(self, quick):
        """The `Piece`\\ s of the quick or the full form; the quick ones are among the full ones."""

    @abstractmethod
    def rows(self, records):
        """The `Row`\\ s, from ``{name of piece: record}``."""

    def run(self, quick=False, *, out=None):
        """Do the pieces one by one, and yield a `Done` after each.

        Parameters
        ----------
        quick : bool
        out : path, optional
            A folder. Pieces whose recipe, code and libraries are the same are read from it.
        """
        store, pieces = Store(out), self.pieces(quick)
        for at, piece in enumerate(pieces, 1):
            key = digest("reproduce", FORMAT, code(), self.name, piece.name, piece.recipe)
            record = store.get(key)
            resumed = record is not None
            if not resumed:
                record = _worked(piece)
                if record["status"] != "failed":
                    record = store.put(key, record)
            yield Done(piece.name, record, at, len(pieces), resumed)


def _worked(piece):
    start = time.perf_counter()
    try:
        record = {"status": "ok"} | piece.work()
    except Exception as error:
        record = {"status": "failed", "error": f"{type(error).__name__}: {error}"}
    return record | {"seconds": time.perf_counter() - start}


@cache
def code():
    """A digest of the package's files and the versions of the libraries under it."""
    house = Path(polytask.__file__).parent
    files = [path.relative_to(house) for path in sorted(house.rglob("*.py"))]
    inside = [path for path in files if path.parts[0] not in OUTSIDE]
    texts = [(path.as_posix(), (house / path).read_bytes()) for path in inside]
    return digest(texts, [version(name) for name in PACKAGES])
