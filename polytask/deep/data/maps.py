"""Pictures with labels at their points, and batches of them."""

from dataclasses import dataclass

import torch

from polytask.deep.data.batch import Batch, Source
from polytask.errors import DataError, require


@dataclass(frozen=True, eq=False)
class Maps(Source):
    """Maps of one size in memory, with labels per point or per map.

    Attributes
    ----------
    tasks : tuple of T Task or Target
    X : tensor (n, k, height, width)
    Y, W : dicts of task name -> tensor (n, height, width[, v]) or (n[, v])
        Labels, and their weights (without the last axis of vectors), 0 where there is none.

    Examples
    --------
    >>> import numpy as np
    >>> import torch
    >>> from polytask.datasets import Positions
    >>> from polytask.kinds import DenseNumbers
    >>> from polytask.task import Task
    >>> depth = np.array([[[1.0, np.nan]], [[2.0, 3.0]]])
    >>> data = Positions(np.ones((2, 3, 1, 2)), (Task("depth", DenseNumbers()),), {"depth": depth})
    >>> batch = Maps.of(data, torch.zeros(())).batch(torch.tensor([0]))
    >>> batch.Y["depth"].tolist(), batch.W["depth"].tolist()
    ([[[1.0, 0.0]]], [[[1.0, 0.0]]])
    """

    tasks: tuple
    X: torch.Tensor
    Y: dict
    W: dict

    @classmethod
    def of(cls, data, like):
        """The maps of `Positions`, with numbers of the type and on the device of ``like``.

        Raises
        ------
        DataError
            If rows are no maps of one size.
        """
        X = torch.as_tensor(data.X)
        require(
            X.ndim == 4,
            f"Maps need rows (channels, height, width) of one size. Found {tuple(X.shape)}.",
            DataError,
        )
        labels = {name: torch.as_tensor(data[name]).to(like) for name in data.names}
        return cls(
            data.tasks,
            X.to(like),
            {name: y.nan_to_num() for name, y in labels.items()},
            {task.name: _there(task.kind, labels[task.name]).to(like) for task in data.tasks},
        )

    @property
    def n_rows(self):
        """Number of maps."""
        return len(self.X)

    def batch(self, rows):
        """The `Batch` of these maps ``(b,)``."""
        Y, W = ({name: one[rows] for name, one in part.items()} for part in (self.Y, self.W))
        return Batch(self.X[rows], Y, W)

    def batches(self, size, generator, epoch=1):
        """All maps once, in a new order."""
        order = torch.randperm(self.n_rows, generator=generator).to(self.X.device)
        return order.tensor_split(-(-self.n_rows // size))

    def chunks(self, size):
        """All maps in order."""
        return torch.arange(self.n_rows, device=self.X.device).split(size)


def _there(kind, y):
    """Which labels are known; a vector is one label."""
    vector = kind.classes is None and kind.width > 1
    return ~(y.isnan().any(-1) if vector else y.isnan())
