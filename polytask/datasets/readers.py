"""Reading files of our layout: text tables, packed arrays, idx pictures."""

import csv
import gzip
import io
import zipfile
import zlib
from contextlib import contextmanager

import numpy as np
from scipy import sparse

from polytask.errors import DataError


@contextmanager
def reading(path):
    """Say which file it was when one is damaged or has another layout."""
    try:
        yield
    except (
        EOFError,
        KeyError,
        OSError,
        ValueError,
        IndexError,
        zipfile.BadZipFile,
        zlib.error,
    ) as e:
        raise DataError(
            f"Expected a readable data file. Found {path} damaged or of another layout "
            f"({type(e).__name__}: {e}). Remove it, and it is brought again."
        ) from e


def text(path):
    """The text of a file; one that ends in ``.gz`` is unpacked."""
    with reading(path):
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


def table(path, *, header=True, skip=0):
    """A comma-separated file: its header (or None), and its rows as lists of str."""
    lines = csv.reader(text(path).splitlines()[skip:], skipinitialspace=True)
    rows = [[cell.strip() for cell in row] for row in lines if row]
    with reading(path):
        names = rows.pop(0) if header else None
        width = len(names or rows[0])
        uneven = [i for i, row in enumerate(rows) if len(row) != width]
        if uneven:
            raise ValueError(f"row {uneven[0]} has {len(rows[uneven[0]])} cells, not {width}")
    return names, rows


def arrays(path):
    """The arrays of an ``.npz`` file, by name; nothing in it is executed."""
    with reading(path), np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def numbers(rows, columns=None):
    """Cells as float64 ``(n, k)``; an empty cell is a gap."""
    width = len(rows[0]) if columns is None else len(columns)
    cells = (row if columns is None else [row[j] for j in columns] for row in rows)
    flat = (float(cell) if cell else np.nan for row in cells for cell in row)
    return np.fromiter(flat, np.float64, len(rows) * width).reshape(len(rows), width)


def category(rows, column):
    """Codes ``(n,)`` as float64 of one text column, and its levels in sorted order."""
    cells = [row[column] for row in rows]
    levels = tuple(sorted(set(cells)))
    code = {level: float(i) for i, level in enumerate(levels)}
    return np.fromiter(map(code.__getitem__, cells), np.float64, len(cells)), levels


def csr(parts, prefix=""):
    """A float64 CSR matrix from the parts of one; without ``data`` every entry is 1."""
    indices = parts[f"{prefix}indices"].astype(np.int32)
    data = parts.get(f"{prefix}data", np.ones(len(indices))).astype(np.float64)
    shape = tuple(int(side) for side in parts[f"{prefix}shape"])
    return sparse.csr_matrix((data, indices, parts[f"{prefix}indptr"]), shape=shape)


def idx(path):
    """An array of bytes in the idx format of MNIST: ``(n,)`` or ``(n, height * width)``."""
    with reading(path):
        raw = gzip.decompress(path.read_bytes())
        sides = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i]) for i in range(raw[3])]
        values = np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3])
        return values.reshape(sides[0], -1) if len(sides) > 1 else values.reshape(sides)
