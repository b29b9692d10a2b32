"""The contract of a kind."""

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from polytask.slot import Slot


class Kind(Slot):
    """What labels a task takes, its default loss, and the metrics it is judged by.

    Attributes
    ----------
    name : str
        The word that tables and the command line use.
    loss : str
        Name of the default loss.
    metrics : tuple of str
        Names of the metrics, the default first.
    classes : tuple or None
        The labels as the user writes them, in sorted order; None where labels are numbers.
    width : int
        Number of outputs a model computes for such a task.
    numeric : bool
        True where labels are numbers whose differences mean something.
    grouped : bool
        True where rows are judged within groups of the table: `score` takes ``groups=`` too.
    positional : bool
        True where a row has labels at positions, and so is no row of a table.
    """

    name: ClassVar[str]
    loss: ClassVar[str]
    metrics: ClassVar[tuple[str, ...]]
    classes: tuple | None = None
    width: int = 1
    numeric: ClassVar[bool] = True
    grouped: ClassVar[bool] = False
    positional: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def of(cls, values, column):
        """The kind of this class that fits these labels ``(n,)`` of ``column``."""

    @abstractmethod
    def encode(self, values, column):
        """Labels ``(n,)`` as float64 codes; NaN where there is none.

        Raises
        ------
        DataError
            If a label does not belong to this kind; names the column.
        """

    @abstractmethod
    def decode(self, codes):
        """Codes ``(n,)`` as the user's labels."""

    @abstractmethod
    def predict(self, outputs):
        """Codes ``(n,)`` from a model's outputs: ``(n,)`` numbers or ``(n, K)`` probabilities."""

    def strata(self, codes):
        """Masks ``(n,)`` of labels that folds deal evenly: classes, events and censored rows."""
        return [np.ones(len(codes), dtype=bool)]

    @abstractmethod
    def score(self, y, outputs, weight=None):
        """The kind's own score, larger is better; ``y`` are codes ``(n,)`` without gaps."""


def missing(values):
    """Mask ``(n,)`` of the gaps in a column of any type: None, NaN, NaT, pandas' NA."""
    values = np.asarray(values)
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind == "O":
        return np.fromiter((_is_gap(v) for v in values), bool, len(values))
    if values.dtype.kind in "mM":
        return np.isnat(values)
    return np.zeros(len(values), bool)


def _is_gap(value):
    # pandas' NA refuses to be a truth value, and only NaN differs from itself
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value
