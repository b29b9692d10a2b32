"""Bringing a file: fetched, checked, converted, and only then put in its place in one step."""

import errno
import os
import tempfile
from pathlib import Path

from polytask.errors import DownloadError, extra


def bring(file, cache, address, *, advice):
    """Make a `DataFile` from its pinned originals and keep it in the cache.

    Parameters
    ----------
    file : DataFile
    cache : Path
    address : str
        Base of the address.
    advice : str
        What else the user can do; ends the message of every error.

    Returns
    -------
    Path

    Raises
    ------
    DownloadError
        The file is not there, the connection was cut, the bytes are not the pinned ones, or the
        disk is full. Nothing half-written is left.
    MissingExtraError
        Converting needs a package that is not installed.
    """
    try:
        return _bring(file, Path(cache), address)
    except DownloadError as error:
        raise DownloadError(f"{file.path} was not brought. {error} {advice}.") from error
    except OSError as error:
        raise DownloadError(
            f"{file.path} was not brought. {_full(error, cache)} {advice}."
        ) from error


def _bring(file, cache, address):
    target = cache / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="bringing-") as folder:
        parts = [_fetch(one, address, folder) for one in file.originals]
        made = Path(folder) / "made"
        made.write_bytes(file.convert(*parts))
        os.replace(made, target)
    return target


def _fetch(original, address, folder):
    pooch = extra("pooch", "data")
    url = original.url(address)
    try:
        path = pooch.retrieve(
            url, known_hash=f"sha256:{original.sha256}", fname=original.sha256, path=folder
        )
    except ValueError as error:
        raise DownloadError(
            f"Expected the pinned bytes of {url}. Found others, and threw them away: "
            f"{_line(error)} Something between here and there answered instead; try later. Or:"
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES):
            raise
        raise DownloadError(
            f"Expected {url} to answer in full. Found: {_line(error)} Check the connection and try "
            f"again. Or:"
        ) from error
    return Path(path).read_bytes()


def _full(error, cache):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        found = "Found the disk full. Free some space"
    else:
        found = f"Found: {_line(error)} Free it for writing"
    return (
        f"Expected room for it in {cache}. {found}, or set $POLYTASK_CACHE to another folder. Or:"
    )


def _line(error):
    text = " ".join(str(error).split())
    return (text[:300] or type(error).__name__).rstrip(".") + "."
