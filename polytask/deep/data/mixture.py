"""Tasks with data sets of their own, of unlike sizes, in one training."""

from collections.abc import Iterator
from itertools import chain, repeat

import numpy as np
import torch

from polytask.deep.data.batch import Batch, Source
from polytask.deep.data.sampling import Proportional, Sampling, Size
from polytask.deep.data.table import Table, Units
from polytask.errors import DataError, TaskError, require


class Mixture(Source):
    """Several sources, of which every step takes a batch of one; a `Sampling` says which.

    The net is asked for the tasks of that source only, so nothing else is computed or moved.

    Parameters
    ----------
    sources : dict of name -> Source
        Data sets; two of them may have labels of one task.
    sampling : Sampling

    Attributes
    ----------
    tasks : tuple of T Task
        Of all sources, in order, each once.

    Raises
    ------
    TaskError
        If two sources have unlike tasks of one name.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks, deep
    >>> rng = np.random.default_rng(0)
    >>> apart = {"big": 300, "small": 40}
    >>> data = Tasks.stack({k: ((X := rng.normal(size=(n, 3))), X[:, 0]) for k, n in apart.items()})
    >>> net = deep.HardSharing(deep.mlp(8)).build(data.tasks, 3)
    >>> mixture = deep.Mixture.of(data, next(net.parameters()), deep.RoundRobin("shortest"))
    >>> [step.present.tolist() for step in deep.steps(net, mixture, epochs=1, batch_size=20)]
    [[True, False], [False, True], [True, False], [False, True]]
    """

    def __init__(self, sources, sampling=Proportional()):  # noqa: B008  frozen
        require(sources, "A mixture needs at least one source. Found none.", DataError)
        require(
            isinstance(sampling, Sampling),
            f"A mixture needs a Sampling, such as Proportional(). Found {sampling!r}.",
        )
        unsized = [n for n, one in sources.items() if one.n_rows is None or one.count(1) is None]
        require(
            not unsized,
            f"A mixture needs to know how many rows its sources have. {unsized[:3]} do not say. "
            "Give their loaders a data set and a batch size.",
            DataError,
        )
        self.sources, self.sampling = dict(sources), sampling
        self.tasks = _joined(self.sources)

    @classmethod
    def of(cls, data, like, sampling=Proportional(), *, units=None):  # noqa: B008  frozen
        """A mixture of the tasks of a `Tasks` whose rows carry one label each.

        Parameters
        ----------
        data : Tasks
        like : tensor
            Of which type and on which device numbers are.
        sampling : Sampling
        units : Units, optional
            Of the inputs and of the labels of all tasks.

        Raises
        ------
        DataError
            If a row has labels of several tasks.
        """
        units = units or Units.own(data)
        several = np.flatnonzero((data.W > 0).sum(axis=1) > 1)
        require(
            not len(several),
            f"A mixture needs rows with one label each. Found several in {len(several)} rows, such "
            f"as row {several[0] if len(several) else None}. Train such a table as it is.",
            DataError,
        )
        labels = units.labels
        return cls(
            {
                name: Table.of(
                    data.keep(name),
                    like,
                    units=Units(units.inputs, type(labels)(labels.mean[[t]], labels.std[[t]])),
                )
                for t, name in enumerate(data.names)
                if data.W[:, t].any()
            },
            sampling,
        )

    @property
    def n_rows(self):
        """Rows of all sources."""
        return sum(source.n_rows for source in self.sources.values())

    def count(self, size):
        """Steps of an epoch."""
        return len(self.sampling.plan(self._sizes(size), 1, torch.Generator()))

    def batches(self, size, generator, epoch=1):
        """Pairs of a source's name and a pick of it."""
        plan = self.sampling.plan(self._sizes(size), epoch, generator)
        walks: dict[str, Iterator] = {
            name: chain.from_iterable(_epochs(source, size, generator, epoch))
            for name, source in self.sources.items()
        }
        return ((name, next(walks[name])) for name in plan)

    def batch(self, pick):
        """The batch of one source, with the tasks that it has labels of."""
        name, inner = pick
        source = self.sources[name]
        batch = source.batch(inner)
        X, Y, W = batch
        names = tuple(task.name for task in source.tasks)
        if not isinstance(Y, dict):
            Y, W = (dict(zip(names, both.unbind(1))) for both in (Y, W))
        return Batch(X, Y, W, batch.tasks or names, batch.groups)

    def chunks(self, size):
        """All rows of every source."""
        for name, source in self.sources.items():
            for pick in source.chunks(size):
                yield name, pick

    def part(self, pick, rank, size):
        """A part of the source's pick."""
        name, inner = pick
        part = self.sources[name].part(inner, rank, size)
        return None if part is None else (name, part)

    def _sizes(self, size):
        return {name: Size(one.n_rows, one.count(size)) for name, one in self.sources.items()}


def _epochs(source, size, generator, epoch):
    """Picks of a source, epoch after epoch."""
    return (source.batches(size, generator, epoch) for _ in repeat(None))


def _joined(sources):
    """The tasks of all sources, each once."""
    tasks: dict[str, object] = {}
    for name, source in sources.items():
        for task in source.tasks:
            same = tasks.setdefault(task.name, task) == task
            require(
                same,
                f"Source {name!r} has another task {task.name!r} than the one before it. Found "
                f"{task} and {tasks[task.name]}. Rename one of them.",
                TaskError,
            )
    return tuple(tasks.values())
