"""A user's own `torch.utils.data.DataLoader` as a source."""

import torch
from torch.utils.data import DistributedSampler

from polytask.deep.data.batch import Batch, Source
from polytask.deep.shape import Padded
from polytask.errors import DataError, require

END = object()


class Loader(Source):
    """Batches that a `DataLoader`, or any iterable that can be walked again, makes.

    Its shuffling takes its seed from the loop: epochs differ, and a training repeats and is taken
    up again to the last bit, as far as the data set itself is a function of the row. Taking up
    reads, and drops, the batches of the epoch that were already seen.

    Parameters
    ----------
    tasks : sequence of T Task or Target
    loader : DataLoader
        It decides the batch size. Of several processes, each brings its own part of the rows, by
        a `DistributedSampler`.
    like : tensor
        To which type and device batches are moved.
    read : callable, optional
        What the loader gives -> `Batch`, or ``(X, Y)``, or ``(X, Y, W)``; default: it gives those.
        ``Y`` is a tensor (b, T) or a dict of task name -> tensor, NaN at gaps; where there is no
        ``W``, gaps weigh 0 and labels 1.

    Raises
    ------
    DataError
        If what comes is none of those.

    Examples
    --------
    >>> import torch
    >>> from torch.utils.data import DataLoader, TensorDataset
    >>> from polytask.kinds import Regression
    >>> from polytask.task import Task
    >>> rows = TensorDataset(torch.arange(6.0)[:, None], torch.tensor([[1.0], [float("nan")]] * 3))
    >>> data = Loader((Task("a", Regression()),), DataLoader(rows, batch_size=4), torch.ones(1))
    >>> [int(data.batch(pick).W.sum()) for pick in data.chunks(0)]
    [2, 1]
    """

    def __init__(self, tasks, loader, like, *, read=None):
        self.tasks, self.loader, self.like = tuple(tasks), loader, like
        self._read = read or (lambda item: item)
        self.sharded = isinstance(getattr(loader, "sampler", None), DistributedSampler)

    @property
    def n_rows(self):
        """Rows of its data set, or None."""
        rows = getattr(self.loader, "dataset", None)
        return len(rows) if hasattr(rows, "__len__") else None

    def count(self, size):
        """Batches of an epoch, where the loader says so."""
        return len(self.loader) if hasattr(self.loader, "__len__") else None

    def batches(self, size, generator, epoch=1):
        """What the loader gives, one after another; ``size`` is its own affair."""
        seed = int(torch.randint(2**31 - 1, (1,), generator=generator))
        if getattr(self.loader, "generator", None) is not None:
            self.loader.generator.manual_seed(seed)
        if self.sharded:
            self.loader.sampler.set_epoch(epoch)
        return _walk(self.loader, seed)

    def chunks(self, size):
        """What the loader gives; in its order, whatever that is."""
        return _walk(self.loader, 0)

    def part(self, pick, rank, size):
        """All of it: the loader of every process has its own part already."""
        return pick

    def batch(self, pick):
        """What the loader gave, as a `Batch`."""
        made = self._read(pick)
        if isinstance(made, Batch):
            return made
        require(
            isinstance(made, tuple | list) and len(made) in (2, 3),
            f"A Loader needs (X, Y) or (X, Y, W) or a Batch. Found {type(made).__name__}. Say by "
            "read= what its items are.",
            DataError,
        )
        X, Y, *W = made
        known = _each(Y, lambda y: (~torch.isnan(y)).to(self.like))
        W = W[0] if W else known
        labels = _each(Y, lambda y: torch.nan_to_num(y).to(self.like))
        return Batch(_moved(X, self.like), labels, _product(_each(W, self._like), known))

    def _like(self, values):
        return values.to(self.like)


def _walk(loader, seed):
    """The items of a loader, with torch's global stream as it was in between."""
    state = torch.Generator().manual_seed(seed).get_state()
    walk = None
    item = None
    while item is not END:
        with torch.random.fork_rng(devices=[]):
            torch.set_rng_state(state)
            walk = iter(loader) if walk is None else walk
            item = next(walk, END)
            state = torch.get_rng_state()
        if item is not END:
            yield item


def _each(values, make):
    return {k: make(v) for k, v in values.items()} if isinstance(values, dict) else make(values)


def _product(W, known):
    return {k: w * known[k] for k, w in W.items()} if isinstance(W, dict) else W * known


def _moved(X, like):
    if isinstance(X, Padded):
        return Padded(_moved(X.values, like), X.mask.to(like.device))
    return X.to(like) if X.is_floating_point() else X.to(like.device)
