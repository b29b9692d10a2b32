"""The file itself: a few named members, stored as they are, written whole or not at all."""

import hashlib
import os
import secrets
import zipfile
from pathlib import Path

from polytask.errors import ModelFileError, require

CONFIG, ARRAYS, ESTIMATORS = "config.json", "arrays.safetensors", "estimators.skops"
MEMBERS = (CONFIG, ARRAYS, ESTIMATORS)
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # no clock in the file: the same model is the same bytes


def digest(content):
    """The sha256 of a member, as text."""
    return hashlib.sha256(content).hexdigest()


def write(path, members):
    """Write ``{name: bytes}``; a reader sees the old file or the new one, never half of one.

    Raises
    ------
    ModelFileError
        If the folder is not there or cannot be written.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        file = part.open("xb")
    except OSError as error:
        raise ModelFileError(
            f"A model file needs a folder that can be written. Found {str(path.parent)!r}: "
            f"{error.strerror}. Make the folder, or name another file."
        ) from error
    try:
        with file:
            _pack(file, members)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _pack(file, members):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content)


def read(path):
    """The members of a model file as ``{name: bytes}``; nothing is unpacked to disk.

    Members are stored, not compressed, so that none can be larger than the file that holds it.

    Raises
    ------
    ModelFileError
        If it is no such file, is cut off, or holds a member of another name.
    """
    path = Path(path)
    require(
        path.is_file(),
        f"Expected a model file. Found no file {str(path)!r}. Check the name.",
        ModelFileError,
    )
    try:
        with zipfile.ZipFile(path) as archive:
            return {info.filename: _member(archive, info, path) for info in _infos(archive, path)}
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ModelFileError(
            f"{path.name} is no whole model file ({_reason(path, error)}). Copy it again from its "
            "source, or save the model again."
        ) from error


def _infos(archive, path):
    infos = archive.infolist()
    names = [info.filename for info in infos]
    strange = [name for name in names if name not in MEMBERS]
    require(
        not strange and len(set(names)) == len(names) and CONFIG in names,
        f"A model file holds {', '.join(MEMBERS)}, each at most once. Found "
        f"{[*strange, *names][:4]} in {path.name}. Copy it again from a source that you know.",
        ModelFileError,
    )
    return infos


def _member(archive, info, path):
    stored_only(info, path.name)
    return archive.read(info)


def stored_only(info, where):
    """Refuse a compressed member: it could be a thousand times larger than it looks."""
    require(
        info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size,
        f"Members of a model file are stored without compression. Found {info.filename!r} "
        f"compressed in {where}. Do not use this file.",
        ModelFileError,
    )


def _reason(path, error):
    with path.open("rb") as file:
        start = file.read(2)
    if start[:1] == b"\x80":
        return "it looks like a pickle, which polytask never loads"
    return str(error) or type(error).__name__
