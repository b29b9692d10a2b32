"""What labels that are numbers have in common: how they are read."""

import numpy as np

from polytask.errors import DataError
from polytask.kinds.base import Kind, missing


class Numbers(Kind):
    """A finite number per row; a code is the number itself."""

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

    @classmethod
    def of(cls, values, column):
        return cls()


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
