"""Labels that count something: how often in a row."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import DataError
from polytask.kinds.numbers import Numbers
from polytask.ops.deviance import poisson_deviance


@dataclass(frozen=True)
class Counts(Numbers):
    """A number of events per row, zero or more; outputs are means, judged by Poisson deviance.

    It is never inferred: say ``kinds={"visits": "counts"}``. Rates (events over exposure, with the
    exposure as weight) need not be whole numbers.

    Examples
    --------
    >>> Counts().encode([0, 3, None], "visits")
    array([ 0.,  3., nan])
    >>> Counts().encode([-1], "visits")
    Traceback (most recent call last):
    polytask.errors.DataError: Task 'visits' counts events and needs labels of 0 or more. Found \
-1.0 in row 0. Correct it, or say kind 'regression'.
    """

    name: ClassVar[str] = "counts"
    loss: ClassVar[str] = "poisson"
    metrics: ClassVar[tuple[str, ...]] = ("poisson_deviance", "rmse", "mae")

    def encode(self, values, column):
        codes = super().encode(values, column)
        negative = np.flatnonzero(codes < 0)
        if len(negative):
            raise DataError(
                f"Task {column!r} counts events and needs labels of 0 or more. Found "
                f"{codes[negative[0]]} in row {negative[0]}. Correct it, or say kind 'regression'."
            )
        return codes

    def score(self, y, outputs, weight=None):
        """Share of the deviance of the mean that is explained; NaN where all labels are equal."""
        if len(y) < 2 or np.all(y == y[0]):
            return float("nan")
        mean = np.full(len(y), np.average(y, weights=weight))
        here = poisson_deviance(y, np.maximum(outputs, 0.0), weight)
        return 1 - here / poisson_deviance(y, mean, weight)
