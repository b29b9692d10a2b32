"""Tables that are longer than the memory, one chunk of rows at a time."""

from polytask.errors import DataError, extra, require
from polytask.tasks import Tasks

# Rows in a chunk: 100 columns of float64 are 50 MB.
ROWS = 65_536


def slices(X, Y, weight=None, *, rows=ROWS):
    """Chunks of arrays that lie on disk: memory-mapped, or anything else that is cut like them.

    Parameters
    ----------
    X : array (n, d), for instance ``np.load(path, mmap_mode="r")``
    Y : array (n,) or (n, T), NaN where a label is missing
    weight : array (n,) or (n, T), optional
    rows : int, >= 1
        Rows in a chunk.

    Yields
    ------
    (X, Y, weight) of up to ``rows`` rows

    Raises
    ------
    DataError
        If the arrays differ in length.

    Examples
    --------
    >>> import numpy as np
    >>> [X.shape for X, Y, weight in slices(np.zeros((5, 2)), np.zeros(5), rows=2)]
    [(2, 2), (2, 2), (1, 2)]
    """
    _positive(rows)
    n = X.shape[0]
    lengths = [len(one) for one in (Y, weight) if one is not None]
    require(
        lengths == [n] * len(lengths),
        f"Chunks need as many labels and weights as rows, {n}. Found {lengths}.",
        DataError,
    )
    for start in range(0, n, rows):
        at = slice(start, start + rows)
        yield X[at], Y[at], None if weight is None else weight[at]


def parquet(path, targets, *, inputs=None, by=None, weight=None, kinds=None, drop=(), rows=ROWS):
    """Chunks of a Parquet file, or of a folder of them; needs ``polytask[data]``.

    Parameters
    ----------
    path : str or Path
    targets : sequence of str
        Label columns; gaps are missing labels.
    inputs : sequence of str, optional
        Default: every column that is not named otherwise.
    by, weight, drop
        As in ``Tasks.from_frame``: the column that names the task of a line, the column of
        weights, columns to leave out.
    kinds : dict of column or task name -> kind, optional
        Labels are numbers where nothing else is said: one chunk cannot show all classes.
    rows : int, >= 1
        Most rows in a chunk.

    Yields
    ------
    Tasks

    Raises
    ------
    DataError
        If a column is not there, or a chunk cannot be read as in ``Tasks.from_frame``.
    """
    _positive(rows)
    arrow, dataset = extra("pyarrow", "data"), _dataset(path)
    names = dataset.schema.names
    wanted = _columns(names, targets, inputs, by, weight, drop)
    kinds = dict.fromkeys(targets, "regression") | (kinds or {})
    options = {"batch_size": rows, "batch_readahead": 0, "fragment_readahead": 0}
    for batch in dataset.to_batches(columns=wanted, use_threads=False, **options):
        if batch.num_rows:
            yield Tasks.from_frame(
                arrow.Table.from_batches([batch]),
                targets,
                by=by,
                weight=weight,
                kinds=kinds,
                allow_empty=True,
                verbose=False,
            )


def _dataset(path):
    """The files, read as they are needed: by default whole columns are read ahead."""
    arrow = extra("pyarrow.dataset", "data")
    frugal = arrow.ParquetFragmentScanOptions(pre_buffer=False, use_buffered_stream=True)
    form = arrow.ParquetFileFormat(default_fragment_scan_options=frugal)
    return arrow.dataset(path, format=form)


def _columns(names, targets, inputs, by, weight, drop):
    """The columns that are read, in the order of the file."""
    special = [*targets, *(name for name in (by, weight) if name is not None)]
    inputs = [n for n in names if n not in {*special, *drop}] if inputs is None else list(inputs)
    unknown = [name for name in [*special, *inputs, *drop] if name not in names]
    require(
        not unknown,
        f"Expected columns of the file. Found none called {unknown[:5]} among {names[:8]}.",
        DataError,
    )
    return [name for name in names if name in {*special, *inputs}]


def _positive(rows):
    require(rows >= 1, f"A chunk needs at least one row. Found rows={rows}.")
