"""One column of a data frame as numbers."""

import narwhals.stable.v2 as nw
import numpy as np

from polytask.errors import DataError, require
from polytask.kinds.base import missing
from polytask.labels import Input


def plain(series):
    """A narwhals column as an array ``(n,)`` of numbers, or of objects with None for a gap."""
    if series.dtype.is_numeric() or series.dtype.is_temporal():
        return series.to_numpy()
    return np.array(series.to_list(), dtype=object if series.null_count() else None)


def input_column(series, name, gaps, max_levels):
    """`Input` and codes ``(n,)`` of a column; text becomes level numbers, a gap NaN."""
    if series.dtype.is_temporal():
        raise DataError(
            f"Input column {name!r} holds dates or times. Name it as time=..., put it in drop=..., "
            f"or turn it into numbers."
        )
    if series.dtype.is_numeric() or series.dtype == nw.Boolean:
        column, codes = Input(name), _numbers(series)
    else:
        column, codes = _levels(series, name, max_levels)
    holes = int(np.isnan(codes).sum())
    require(
        gaps == "keep" or not holes,
        f"Input column {name!r} has {holes} gaps in {len(codes)} rows. Name it in `targets` if it "
        f"is a label, otherwise fill or drop it (on the command line: --impute median or "
        f"--drop {name}).",
        DataError,
    )
    return column, codes


def _numbers(series):
    values = series.to_numpy()
    if values.dtype.kind == "O":
        gap = missing(values)
        out = np.full(len(values), np.nan)
        out[~gap] = values[~gap].astype(np.float64)
        return out
    return values.astype(np.float64)


def _levels(series, name, max_levels):
    values = np.array(series.to_list(), dtype=object)
    gap = missing(values)
    text = np.array([str(v) for v in values[~gap]])
    levels, at = np.unique(text, return_inverse=True)
    require(
        len(levels) <= max_levels,
        f"Text column {name!r} has {len(levels)} levels, more than {max_levels}: "
        f"{levels[:3].tolist()}, ... Name it in `row`, `group` or `drop`, or raise "
        "max_levels (--max-levels).",
        DataError,
    )
    codes = np.full(len(values), np.nan)
    codes[~gap] = at
    return Input(name, tuple(levels.tolist())), codes


def coded(frame, inputs):
    """Numbers ``(n, d)`` of the columns ``inputs`` of a data frame, found by name.

    A level that is not known gets the code -1, which no encoder has a column for.

    Raises
    ------
    DataError
        Naming the columns that are missing.
    """
    table = nw.from_native(frame, eager_only=True)
    lost = [column.name for column in inputs if column.name not in table.columns]
    require(
        not lost,
        f"Expected the input columns {[c.name for c in inputs][:8]}. Missing: {lost[:5]}.",
        DataError,
    )
    return np.column_stack([_coded(table[column.name], column) for column in inputs])


def _coded(series, column):
    if column.levels is None:
        require(
            series.dtype.is_numeric() or series.dtype == nw.Boolean or not len(series.drop_nulls()),
            f"Input column {column.name!r} held numbers at fitting. Found {series.dtype}.",
            DataError,
        )
        return _numbers(series)
    values = np.array(series.to_list(), dtype=object)
    gap = missing(values)
    known = {level: code for code, level in enumerate(column.levels)}
    codes = np.full(len(values), np.nan)
    codes[~gap] = [known.get(str(value), -1) for value in values[~gap]]
    return codes
