"""Run one reproduction, or many into one file."""

import json as plain_json
from pathlib import Path

from polytask.report.plain import plain, write_whole
from polytask.reproduce.base import Reproduction
from polytask.reproduce.catalog import get, names
from polytask.reproduce.outcome import Reproduced


def reproduce(name, *, quick=False, json=None, out=None, progress=None):
    """Measure a published table again.

    Parameters
    ----------
    name : str or Reproduction
    quick : bool
        At most five minutes, with fewer seeds; gates that ask for more seeds are not judged.
    json : path, optional
        Where the result is written, in one step.
    out : path, optional
        A folder where pieces of work are kept as they come; called again, what is there is not
        done again.
    progress : callable, optional
        Called with a `Done` after every piece.

    Returns
    -------
    Reproduced

    Raises
    ------
    ParameterError
        If there is no reproduction of this name.
    DownloadError, MissingExtraError
        If its data are not here and cannot be brought.

    Examples
    --------
    >>> from polytask.reproduce import Piece, Reproduction, Row, reproduce
    >>> class Coin(Reproduction):
    ...     name, chapter, paper, protocol = "coin", "linear", "Nobody.", "One throw."
    ...     def pieces(self, quick):
    ...         return [Piece("throw", (), lambda: {"heads": 1.0})]
    ...     def rows(self, records):
    ...         return [Row("heads", "coin", "share", "1", (records["throw"]["heads"],), 0.5)]
    >>> reproduce(Coin()).rows[0].measured
    1.0
    """
    one = name if isinstance(name, Reproduction) else get(name)
    records = {}
    for done in one.run(quick, out=out):
        records[done.name] = done.record
        if progress is not None:
            progress(done)
    failed = {name: r for name, r in records.items() if r["status"] == "failed"}
    found = Reproduced(
        one.name,
        one.paper,
        one.protocol,
        tuple(one.rows(records)),
        sum(record["seconds"] for record in records.values()),
        tuple(f"{name}: {record['error']}" for name, record in failed.items()),
    )
    _write(json, found.to_dict())
    return found


def reproduce_all(chapter=None, *, quick=False, json=None, out=None, progress=None):
    """Measure all published tables again, or those of one chapter.

    Parameters
    ----------
    chapter : str, optional
        One of `CHAPTERS`.
    quick, out, progress
        As in `reproduce`.
    json : path, optional
        One file with a list of results; it is written after every table.

    Returns
    -------
    list of Reproduced

    Examples
    --------
    >>> from polytask.reproduce import reproduce_all
    >>> reproduce_all("text")
    []
    """
    found = []
    for name in names(chapter):
        found.append(reproduce(name, quick=quick, out=out, progress=progress))
        _write(json, [one.to_dict() for one in found])
    return found


def _write(path, value):
    if path is not None:
        text = plain_json.dumps(plain(value), indent=1, ensure_ascii=False, allow_nan=False)
        write_whole(Path(path), text + "\n")
