"""A curriculum: the rows that are worth most first, more of them in every epoch."""

import torch

from polytask.deep.data.batch import Source
from polytask.errors import DataError, require


class Curriculum(Source):
    r"""Begin with the rows of largest weight, and take in the others epoch by epoch.

    In epoch e the ``ceil(c_e n)`` rows with the largest weights are seen once, with
    ``c_e = min(1, start + (1 - start) (e - 1) / (epochs - 1))``. With ``epochs=1`` the share stays
    at ``start``: a selection by threshold.

    Parameters
    ----------
    source : Source
        Whose picks are numbers of rows: a `Table`, `Sequences`, `Arrays`.
    weight : array (n,)
        What a row is worth (easy, or like the target's); equal ones in the order of the rows.
    start : float in (0, 1]
        Share of the rows in the first epoch.
    epochs : int, >= 1
        Epoch from which on all rows are seen.

    Raises
    ------
    ParameterError
        If an option is out of its range.
    DataError
        If there is not one weight per row.

    References
    ----------
    Bengio, Louradour, Collobert, Weston. Curriculum learning. ICML 2009.
    Platanios, Stretcu, Neubig, Poczos, Mitchell. Competence-based curriculum learning for neural
    machine translation. NAACL 2019. The linear competence.

    Examples
    --------
    >>> import torch
    >>> from polytask import Tasks
    >>> from polytask.deep.data import Table
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), torch.eye(4)[:, :1].numpy())
    >>> table = Table.of(data, torch.zeros(()))
    >>> lessons = Curriculum(table, [0.1, 0.9, 0.5, 0.7], start=0.5, epochs=3)
    >>> for epoch in (1, 2, 3):
    ...     sorted(torch.cat(lessons.batches(2, torch.Generator(), epoch)).tolist())
    [1, 3]
    [1, 2, 3]
    [0, 1, 2, 3]
    """

    def __init__(self, source, weight, *, start=0.2, epochs=10):
        require(0 < start <= 1, f"Curriculum needs start in (0, 1]. Found start={start}.")
        require(epochs >= 1, f"Curriculum needs epochs >= 1. Found epochs={epochs}.")
        weight = torch.as_tensor(weight)
        require(
            weight.shape == (source.n_rows,) and not weight.isnan().any(),
            f"Curriculum needs a weight for each of {source.n_rows} rows, none of them NaN. Found "
            f"shape {tuple(weight.shape)}.",
            DataError,
        )
        self.source, self.tasks = source, source.tasks
        self.start, self.epochs = start, epochs
        self._best_first = weight.argsort(descending=True, stable=True)

    @property
    def n_rows(self):
        """Rows of the source."""
        return self.source.n_rows

    def share(self, epoch):
        """Share of the rows that an epoch sees."""
        behind = (epoch - 1) / (self.epochs - 1) if self.epochs > 1 else 0.0
        return min(1.0, self.start + (1 - self.start) * behind)

    def batches(self, size, generator, epoch=1):
        """The best rows once, in a new order."""
        count = -int(-self.share(epoch) * self.n_rows // 1)  # rounded up
        rows = self._best_first[:count]
        rows = rows[torch.randperm(count, generator=generator)]
        return rows.tensor_split(-(-count // size))

    def batch(self, pick):
        """That of the source."""
        return self.source.batch(pick)

    def chunks(self, size):
        """All rows."""
        return self.source.chunks(size)

    def part(self, pick, rank, size):
        """That of the source."""
        return self.source.part(pick, rank, size)
