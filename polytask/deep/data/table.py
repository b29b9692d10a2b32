"""A table of tasks as tensors, and batches of its rows."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse

from polytask.deep.data.batch import Batch, Source
from polytask.deep.data.queries import cut
from polytask.deep.targets import targets
from polytask.ops import Scale


@dataclass(frozen=True, eq=False)
class Units:
    """The units in which a net computes: of the inputs ``(d,)`` and of the labels ``(T,)``.

    Attributes
    ----------
    inputs, labels : Scale
        Classes keep their codes.
    """

    inputs: Scale
    labels: Scale

    @classmethod
    def own(cls, data):
        """Those of the data themselves."""
        return cls(_same(data.n_features), _same(data.n_tasks))

    @classmethod
    def standard(cls, data, aims=None):
        """Mean 0 and deviation 1, over the rows for inputs, over the labels for numbers.

        ``aims`` are the targets; labels keep their units where the loss needs them (a count).
        """
        each = [
            Scale.of(one.y[:, None], one.w) if one.n and aim.loss.scaled else _same(1)
            for one, aim in zip(data, aims or targets(data.tasks), strict=True)
        ]
        labels = Scale(*(np.concatenate([getattr(s, f) for s in each]) for f in ("mean", "std")))
        return cls(Scale.of(data.X, data.row_weight), labels)


@dataclass(frozen=True, eq=False)
class Table(Source):
    """Inputs, labels and weights of the rows that have a label.

    Attributes
    ----------
    tasks : tuple of T Task
    X : tensor (n, d), or CSR matrix (n, d) that is made dense batch by batch
    Y : tensor (n, T)
        0 where there is no label.
    W : tensor (n, T)
        Weights; 0 where there is no label.
    units : Units
        In which batches are given; those of a CSR matrix are applied batch by batch.
    groups : long tensor (n,), or None
        The query of every row, where a task orders rows; batches are then of whole queries.
    """

    tasks: tuple
    X: object
    Y: torch.Tensor
    W: torch.Tensor
    units: Units
    groups: torch.Tensor | None = None

    @classmethod
    def of(cls, data, like, *, units=None):
        """The table of a `Tasks`, with numbers of the type and on the device of ``like``.

        Rows without a label are left out: they say nothing.
        """
        units = units or Units.own(data)
        rows = np.flatnonzero(data.W.any(axis=1))
        X = data.X[rows]
        return cls(
            tasks=data.tasks,
            X=sparse.csr_matrix(X)
            if sparse.issparse(X)
            else _tensor(units.inputs.transform(X), like),
            Y=_tensor(np.nan_to_num(units.labels.transform(data.Y[rows])), like),
            W=_tensor(data.W[rows], like),
            units=units,
            groups=_queries(data, rows, like),
        )

    @property
    def n_rows(self):
        """Rows with a label."""
        return len(self.Y)

    def batch(self, rows):
        """The `Batch` of these rows ``(b,)``."""
        if sparse.issparse(self.X):
            dense = self.X[rows.cpu().numpy()].toarray()
            X = _tensor(self.units.inputs.transform(dense), self.Y)
        else:
            X = self.X[rows]
        groups = None if self.groups is None else self.groups[rows]
        return Batch(X, self.Y[rows], self.W[rows], groups=groups)

    def batches(self, size, generator, epoch=1):
        """All rows once, in a new order, in batches of one size up to a row; queries stay whole."""
        if self.groups is not None:
            return cut(self.groups, size, generator)
        order = torch.randperm(self.n_rows, generator=generator).to(self.Y.device)
        # a last batch of one row would weigh as much as all others
        return order.tensor_split(-(-self.n_rows // size))

    def chunks(self, size):
        """All rows in order, queries whole."""
        if self.groups is not None:
            return cut(self.groups, size)
        return torch.arange(self.n_rows, device=self.Y.device).split(size)


def _queries(data, rows, like):
    """Numbers of the queries of these rows, where a task needs them."""
    if not any(task.kind.grouped for task in data.tasks):
        return None
    _, numbers = np.unique(data.groups[rows], return_inverse=True)
    return torch.as_tensor(numbers, device=like.device)


def _same(k):
    return Scale(np.zeros(k), np.ones(k))


def _tensor(values, like):
    return torch.as_tensor(np.ascontiguousarray(values), dtype=like.dtype, device=like.device)
