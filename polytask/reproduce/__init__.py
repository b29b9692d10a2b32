"""Published tables: the protocol, the paper's numbers, ours beside them, and whether they agree.

``names("linear")`` lists a chapter, ``reproduce("school", quick=True, json="school.json",
out="polytask-runs/reproduce")`` runs one table, ``reproduce_all(chapter=None, ...)`` runs many into
one file. Both give values that print as a table (``str``), have ``to_dict()`` in the one JSON form,
and ``status``: 1 where a gate does not hold, else 0. With ``out``, what was done is not done again,
and a run that was killed ends with the numbers of an undisturbed one; ``progress`` is called after
every piece of work. A new table is a file here with a subclass of `Reproduction` or `Comparison`.
"""

from polytask.reproduce.base import CHAPTERS, Done, Piece, Reproduction
from polytask.reproduce.catalog import get, names
from polytask.reproduce.comparison import Comparison
from polytask.reproduce.outcome import Reproduced
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.run import reproduce, reproduce_all

__all__ = [
    "CHAPTERS",
    "Comparison",
    "Done",
    "Gate",
    "Piece",
    "Reproduced",
    "Reproduction",
    "Row",
    "get",
    "names",
    "reproduce",
    "reproduce_all",
]
