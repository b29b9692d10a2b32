"""Parts of a conversion: from the bytes of an original to the bytes of a file in our layout."""

import csv
import gzip
import io
from inspect import signature

import numpy as np

from polytask.errors import extra


def same(content):
    """The original is in our layout already."""
    return content


def packed(content):
    """Text, compressed without a time stamp."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def repacked(content):
    """Compressed text, compressed again without name and time stamp."""
    return packed(gzip.decompress(content))


def npz(**arrays):
    """Arrays as the bytes of an ``.npz`` file."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def mat(content):
    """The arrays of a MATLAB file."""
    from scipy.io import loadmat

    # newer SciPy wants to be told the sparse type; the converters make their own of either
    asked = "spmatrix" in signature(loadmat).parameters
    return loadmat(io.BytesIO(content), **({"spmatrix": False} if asked else {}))


def lines(rows):
    """Rows of cells as comma-separated text with a line feed after each."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def csr_parts(matrix, prefix=""):
    """The parts of a sparse matrix by name, column numbers as uint16."""
    matrix = matrix.tocsr()
    matrix.sort_indices()
    return {
        f"{prefix}indptr": matrix.indptr.astype(np.int32),
        f"{prefix}indices": matrix.indices.astype(np.uint16),
        f"{prefix}data": matrix.data,
        f"{prefix}shape": np.array(matrix.shape, dtype=np.int64),
    }


def arff(content):
    """The names of the columns and the rows of an ARFF file, as text; ``?`` becomes empty."""
    head, _, body = content.decode("utf-8").replace("\r\n", "\n").partition("@data")
    names = [
        _attribute(line) for line in head.splitlines() if line.lower().startswith("@attribute")
    ]
    found = csv.reader(body.strip().splitlines(), skipinitialspace=True)
    return names, [
        ["" if cell.strip() == "?" else cell.strip() for cell in row] for row in found if row
    ]


def _attribute(line):
    rest = line.split(None, 1)[1].strip()
    quote = rest[0] if rest[0] in "'\"" else ""
    return rest[1:].split(quote)[0] if quote else rest.split()[0]


def hdf5(content):
    """The arrays of an HDF5 file by path.

    Raises
    ------
    MissingExtraError
        Without h5py.
    """
    h5py = extra("h5py", "data")
    found = {}
    with h5py.File(io.BytesIO(content)) as file:
        file.visititems(
            lambda path, one: found.update({path: one[:]} if hasattr(one, "dtype") else {})
        )
    return found
