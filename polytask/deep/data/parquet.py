"""Parquet files, read by row groups."""

import numpy as np
import torch

from polytask.deep.data.arrays import batch_of
from polytask.deep.data.batch import Source
from polytask.errors import DataError, extra, require


class Parquet(Source):
    """Tables on disk whose row groups are read a few at a time, and mixed.

    An epoch takes the row groups of all files in a new order, ``together`` at a time; the rows of
    those are shuffled. Only they are in memory.

    Parameters
    ----------
    paths : str, Path, or sequence of them
    tasks : sequence of T Task or Target
        Their names are columns; nulls are gaps.
    inputs : sequence of d str
        Columns of numbers without nulls.
    like : tensor
        Of which type and on which device batches are.
    units : Units, optional
        In which batches are given.
    together : int, >= 1
        Row groups in memory at once: more of them mix better.

    Raises
    ------
    DataError
        If a column is not there, or an input has nulls; names the file.
    MissingExtraError
        Without ``polytask[data]`` (pyarrow).

    Examples
    --------
    >>> import tempfile, torch
    >>> import pyarrow as pa, pyarrow.parquet as pq
    >>> from polytask.kinds import Binary
    >>> from polytask.task import Task
    >>> file = tempfile.NamedTemporaryFile(suffix=".parquet")
    >>> rows = {"age": [30, 41, 25, 60], "sold": ["no", None, "yes", "yes"]}
    >>> pq.write_table(pa.table(rows), file.name, row_group_size=2)
    >>> data = Parquet(file.name, (Task("sold", Binary(("no", "yes"))),), ["age"], torch.ones(1))
    >>> batch = data.batch(next(iter(data.chunks(2))))
    >>> batch.X.tolist(), batch.Y.tolist(), batch.W.tolist()
    ([[30.0], [41.0]], [[0.0], [0.0]], [[1.0], [0.0]])
    """

    def __init__(self, paths, tasks, inputs, like, *, units=None, together=8):
        require(together >= 1, f"Parquet needs together >= 1. Found together={together}.")
        parquet = extra("pyarrow.parquet", "data")
        paths = [paths] if isinstance(paths, str) or hasattr(paths, "__fspath__") else list(paths)
        self.files = [(str(path), parquet.ParquetFile(path)) for path in paths]
        self.tasks, self.inputs, self.like = tuple(tasks), list(inputs), like
        self.units, self.together = units, together
        for path, file in self.files:
            self._check(path, file.schema_arrow.names)
        self.groups = [
            (f, g, file.metadata.row_group(g).num_rows)
            for f, (_, file) in enumerate(self.files)
            for g in range(file.num_row_groups)
        ]
        self._open = (None, None)  # the groups that were read last, and their columns

    @property
    def n_rows(self):
        """Rows of all files."""
        return sum(rows for _, _, rows in self.groups)

    def batches(self, size, generator, epoch=1):
        """Pairs of the groups to read and the rows among them."""
        order = torch.randperm(len(self.groups), generator=generator)
        for some in order.split(self.together):
            groups = tuple(some.tolist())
            count = sum(self.groups[g][2] for g in groups)
            rows = torch.randperm(count, generator=generator)
            for part in rows.tensor_split(-(-count // size)) if count else ():
                yield groups, part

    def count(self, size):
        """Batches of an epoch; up to one per reading more, where groups are of unlike sizes."""
        full = self.groups[: len(self.groups) // self.together * self.together]
        if len({rows for _, _, rows in self.groups}) > 1:
            return -(-self.n_rows // size)
        rest = self.groups[len(full) :]
        pools = [full[i : i + self.together] for i in range(0, len(full), self.together)]
        return sum(-(-sum(g[2] for g in pool) // size) for pool in [*pools, rest])

    def batch(self, pick):
        """The `Batch` of some rows; groups that were read for the last one are read no more."""
        groups, rows = pick
        if self._open[0] != groups:
            self._open = groups, self._read(groups)
        X, Y = (columns[rows.numpy()] for columns in self._open[1])
        return batch_of(X, Y, ~np.isnan(Y) * 1.0, self.units, self.like)

    def chunks(self, size):
        """All rows, group by group."""
        for g, (_, _, count) in enumerate(self.groups):
            for rows in torch.arange(count).split(size) if count else ():
                yield (g,), rows

    def part(self, pick, rank, size):
        """A part of the rows, out of the same groups."""
        rows = super().part(pick[1], rank, size)
        return None if rows is None else (pick[0], rows)

    def _check(self, path, there):
        names = [*self.inputs, *(task.name for task in self.tasks)]
        missing = [name for name in names if name not in there]
        require(
            not missing,
            f"{path} has no column {missing[:3]}. It has {there[:10]}.",
            DataError,
        )

    def _read(self, groups):
        """Inputs ``(r, d)`` and encoded labels ``(r, T)`` of some groups."""
        parts = [self._read_one(*self.groups[g][:2]) for g in groups]
        return [np.concatenate(each) for each in zip(*parts)]

    def _read_one(self, f, g):
        path, file = self.files[f]
        names = [task.name for task in self.tasks]
        table = file.read_row_group(g, columns=[*self.inputs, *names])
        empty = [name for name in self.inputs if table[name].null_count]
        require(not empty, f"Inputs {empty[:3]} of {path} have gaps. Fill or drop them.", DataError)
        X = np.column_stack([table[name].to_numpy() for name in self.inputs])
        Y = [task.kind.encode(_labels(table[task.name]), task.name) for task in self.tasks]
        return X, np.column_stack(Y)


def _labels(column):
    """A column of labels with NaN or None at gaps."""
    values = column.to_numpy()
    return values if values.dtype.kind == "f" else np.asarray(column.to_pylist(), dtype=object)
