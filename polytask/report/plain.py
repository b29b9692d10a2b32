"""Plain values: what JSON can hold, and files that are written whole or not at all."""

import math
import os
import tempfile
from pathlib import Path

import numpy as np

from polytask.errors import DataError


def plain(value, where="value"):
    """The same value in dicts, lists and Python scalars; a number that is not finite is None.

    Examples
    --------
    >>> plain({"a": (np.float64(0.5), float("nan"))})
    {'a': [0.5, None]}
    """
    if value is None or isinstance(value, bool | int | str):
        return _scalar(value)
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist(), where)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_key(k, where): plain(v, f"{where}[{k!r}]") for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    raise DataError(
        f"A report holds dicts, lists, text and numbers. Found {type(value).__name__} at {where}. "
        "Turn it into one of these first."
    )


def require_keys(records, keys, name):
    """Refuse records that lack a key, naming the field, the record and the key."""
    for i, record in enumerate(records):
        missing = [key for key in keys if not (isinstance(record, dict) and key in record)]
        if missing:
            raise DataError(
                f"Report.{name} needs records with {', '.join(keys)}. "
                f"Found record {i} without {', '.join(missing)}. Add them; None means undefined."
            )


def write_whole(path, text):
    """Write text to a file in one step: a cut write leaves what was there before."""
    path = Path(path)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        os.chmod(draft, 0o666 & ~_umask())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _scalar(value):
    # A subclass (a str enum, a numpy str) would print differently after a round trip.
    for kind in (bool, int, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _key(key, where):
    if isinstance(key, np.generic):
        key = key.item()
    if isinstance(key, str):
        return str(key)
    raise DataError(
        f"The keys of a report are text. Found {key!r} at {where}. Write it as text first."
    )
