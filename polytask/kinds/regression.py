"""Labels that are numbers on a line."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from sklearn.metrics import r2_score

from polytask.errors import DataError
from polytask.kinds.base import Kind, missing


@dataclass(frozen=True)
class Regression(Kind):
    """A number per row, judged by squared error unless told otherwise.

    Examples
    --------
    >>> Regression().encode(["1.5", None], "price")
    array([1.5, nan])
    """

    name: ClassVar[str] = "regression"
    loss: ClassVar[str] = "squared"
    metrics: ClassVar[tuple[str, ...]] = ("rmse", "r2", "mae")

    @classmethod
    def of(cls, values, column):
        return cls()

    def encode(self, values, column):
        values = np.asarray(values)
        if values.dtype.kind in "biuf":
            codes = values.astype(np.float64)
        else:
            codes = _numbers(values, column)
        infinite = np.isinf(codes)
        if infinite.any():
            raise DataError(
                f"Label column {column!r} needs finite numbers. Found {int(infinite.sum())} values "
                f"of infinity. Mark them as missing (NaN) or drop the rows."
            )
        return codes

    def decode(self, codes):
        return np.asarray(codes, dtype=np.float64)

    def predict(self, outputs):
        return np.asarray(outputs, dtype=np.float64)

    def score(self, y, outputs, weight=None):
        if len(y) < 2:
            return float("nan")
        return float(r2_score(y, outputs, sample_weight=weight))


def _numbers(values, column):
    gaps = missing(values)
    codes = np.full(len(values), np.nan)
    for i in np.flatnonzero(~gaps):
        try:
            codes[i] = float(values[i])
        except (TypeError, ValueError):
            raise DataError(
                f"Label column {column!r} was read as numbers. Found {values[i]!r} in row {i}. "
                f"Correct it, or say kinds={{{column!r}: 'multiclass'}}."
            ) from None
    return codes
