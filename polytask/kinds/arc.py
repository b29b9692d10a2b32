"""Labels that point at another position of the same row."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import DataError
from polytask.kinds.numbers import Numbers


@dataclass(frozen=True)
class Arc(Numbers):
    """The position that a position depends on, counted from 1; 0 for none (the root of a tree).

    For heads of words in a sentence. It is never inferred.

    Examples
    --------
    >>> Arc().encode([2, 0, None], "head")
    array([ 2.,  0., nan])
    >>> Arc().encode([0.5], "head")
    Traceback (most recent call last):
    polytask.errors.DataError: Task 'head' points at positions and needs whole labels of 0 or \
more. Found 0.5 in row 0. Correct it, or say kind 'regression'.
    """

    name: ClassVar[str] = "arc"
    loss: ClassVar[str] = "arc"
    metrics: ClassVar[tuple[str, ...]] = ()
    numeric: ClassVar[bool] = False

    def encode(self, values, column):
        codes = super().encode(values, column)
        wrong = np.flatnonzero((codes < 0) | (codes % 1 > 0))
        if len(wrong):
            raise DataError(
                f"Task {column!r} points at positions and needs whole labels of 0 or more. Found "
                f"{codes[wrong[0]]} in row {wrong[0]}. Correct it, or say kind 'regression'."
            )
        return codes

    def score(self, y, outputs, weight=None):
        """Share of the positions whose arc is right: the unlabelled attachment score."""
        return float(np.average(np.asarray(y) == np.asarray(outputs), weights=weight))
