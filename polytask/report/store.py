"""Results in a folder, one file each, written as they come and read back when work is resumed."""

import json
from pathlib import Path

from polytask.errors import DataError
from polytask.report.plain import plain, write_whole


class Store:
    """Finished pieces of work by key; with no folder, nothing is kept.

    A file is written whole or not at all, so that a process killed in the middle leaves only
    finished pieces. What cannot be read back (cut off by a full disk, foreign) counts as not done.

    Parameters
    ----------
    folder : path or None
        Made if it is not there.

    Examples
    --------
    >>> Store(None).get("any") is None
    True
    """

    def __init__(self, folder=None):
        self.folder = None if folder is None else Path(folder)
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                f"out needs a folder for results. Found {str(folder)!r}: {error.strerror}. "
                "Name another one."
            ) from error

    def get(self, key):
        """The record of a finished piece, or None."""
        if self.folder is None:
            return None
        try:
            record = json.loads(_file(self.folder, key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record["record"] if isinstance(record, dict) and record.get("key") == key else None

    def put(self, key, record):
        """Keep a record; returns it as it will be read back."""
        record = plain(record, "record")
        if self.folder is not None:
            write_whole(_file(self.folder, key), json.dumps({"key": key, "record": record}))
        return record


def _file(folder, key):
    return folder / f"{key}.json"
