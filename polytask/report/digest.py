"""A name for a piece of work that is the same in every process and changes with what it does."""

import hashlib
from dataclasses import fields, is_dataclass

import numpy as np
from scipy import sparse


def digest(*parts):
    """A sha256 over values of any depth: numbers, text, arrays, slots, estimators.

    Two estimators are the same when their class and parameters are; arrays by their content, to
    the last bit. What is known by its place in memory only (a function, an open file) is taken by
    its printed text: then the same work may get another name in another process, never the reverse.

    Examples
    --------
    >>> digest({"a": 1}) == digest({"a": 1}), digest(np.zeros(3)) == digest(np.zeros(4))
    (True, False)
    """
    sha = hashlib.sha256()
    for part in parts:
        for piece in _pieces(part):
            sha.update(piece)
            sha.update(b"\x00")
    return sha.hexdigest()


def _pieces(value):
    if isinstance(value, np.ndarray) and value.dtype != object:
        yield f"array {value.dtype.str} {value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif sparse.issparse(value):
        yield from _pieces(("sparse", value.format, value.shape, *_arrays(value)))
    elif isinstance(value, dict):
        yield f"dict {len(value)}".encode()
        for key in sorted(value, key=repr):
            yield from _pieces((key, value[key]))
    elif isinstance(value, list | tuple | np.ndarray):
        yield f"{type(value).__name__} {len(value)}".encode()
        for item in value:
            yield from _pieces(item)
    elif (params := _params(value)) is not None:
        yield f"{type(value).__module__}.{type(value).__qualname__}".encode()
        yield from _pieces(params)
    else:
        yield f"{type(value).__name__} {value!r}".encode()


def _arrays(value):
    value = value.tocsr() if not hasattr(value, "indptr") else value
    return value.data, value.indices, value.indptr


def _params(value):
    if isinstance(value, type):
        return None
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if hasattr(value, "get_params"):
        return value.get_params(deep=False)
    return None
