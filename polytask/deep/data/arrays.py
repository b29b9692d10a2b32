"""Arrays that stay on disk: memory-mapped files, read batch by batch."""

import numpy as np
import torch

from polytask.deep.data.batch import Batch, Source
from polytask.errors import DataError, require


class Arrays(Source):
    """Rows of arrays that are larger than memory; a batch reads its rows and nothing else.

    Parameters
    ----------
    tasks : sequence of T Task or Target
    X : array-like (n, ...)
        A `numpy.memmap`, or whatever gives rows for increasing row numbers, as HDF5 does. Rows of
        any shape: vectors, sequences, maps.
    Y : array-like (n, T)
        Labels as the kinds encode them (class numbers), NaN at gaps.
    like : tensor
        Of which type and on which device batches are.
    W : array-like (n, T), optional
        Weights of the labels.
    units : Units, optional
        In which batches are given, for vectors.

    Raises
    ------
    DataError
        If the arrays have unlike numbers of rows, or Y not a column per task.

    Examples
    --------
    >>> import tempfile, numpy as np, torch
    >>> from polytask.kinds import Regression
    >>> from polytask.task import Task
    >>> file = tempfile.NamedTemporaryFile(suffix=".npy")
    >>> np.save(file.name, np.arange(12.0).reshape(6, 2))
    >>> X = np.load(file.name, mmap_mode="r")
    >>> Y = [[0], [1], [np.nan], [3], [4], [5]]
    >>> data = Arrays((Task("a", Regression()),), X, Y, torch.ones(1))
    >>> data.batch(torch.tensor([5, 2])).X.tolist(), data.batch(torch.tensor([5, 2])).W.tolist()
    ([[10.0, 11.0], [4.0, 5.0]], [[1.0], [0.0]])
    """

    def __init__(self, tasks, X, Y, like, *, W=None, units=None):
        self.tasks, self.like = tuple(tasks), like
        self.X, self.Y, self.W = X, _indexed(Y), None if W is None else _indexed(W)
        shape = (self.n_rows, len(self.tasks))
        require(
            all(array is None or array.shape == shape for array in (self.Y, self.W)),
            f"Arrays need labels (and weights) of shape (rows, tasks), here {shape}. Found Y of "
            f"shape {self.Y.shape}{'' if W is None else f', W of shape {self.W.shape}'}.",
            DataError,
        )
        self.units = units

    @property
    def n_rows(self):
        """Number of rows, labelled or not."""
        return self.X.shape[0]

    def batch(self, rows):
        """The `Batch` of these rows ``(b,)``."""
        rows = rows.cpu().numpy()
        ahead = np.argsort(rows, kind="stable")  # forward through the file
        back = np.argsort(ahead, kind="stable")
        X, Y = (np.asarray(array[rows[ahead]])[back] for array in (self.X, self.Y))
        W = ~np.isnan(Y) * (1.0 if self.W is None else self.W[rows[ahead]][back])
        return batch_of(X, Y, W, self.units, self.like)

    def batches(self, size, generator, epoch=1):
        """All rows once, in a new order."""
        order = torch.randperm(self.n_rows, generator=generator)
        return order.tensor_split(-(-self.n_rows // size))

    def chunks(self, size):
        """All rows in order."""
        return torch.arange(self.n_rows).split(size)


def batch_of(X, Y, W, units, like):
    """A `Batch` of arrays as read, in these units; NaN labels become 0 of weight 0."""
    if units is not None:
        X, Y = units.inputs.transform(X), units.labels.transform(Y)
    W = np.where(np.isnan(Y), 0.0, W)
    return Batch(*(tensor(values, like) for values in (X, np.nan_to_num(Y), W)))


def tensor(values, like):
    """Numbers of the type and on the device of ``like``."""
    return torch.as_tensor(np.ascontiguousarray(values)).to(like)


def _indexed(values):
    """What can be asked for rows, as it is; lists as arrays."""
    return values if hasattr(values, "shape") else np.asarray(values, float)
