"""Sequences of unlike lengths with labels per position or per sequence, and batches of them."""

from dataclasses import dataclass

import numpy as np
import torch

from polytask.deep.data.batch import Batch, Source
from polytask.deep.shape import Padded
from polytask.errors import DataError, TaskError, require


@dataclass(frozen=True, eq=False)
class Sequences(Source):
    """Sequences in memory, all positions one after the other; batches are padded.

    A batch holds sequences of about one length: rows are shuffled, cut into pools of ``pool``
    batches, sorted by length inside a pool, and the batches of all pools are shuffled again.

    Attributes
    ----------
    tasks : tuple of T Task or Target
    lengths : long tensor (n,)
        Positions of every sequence.
    X : tensor (N, k)
        What every position holds, ``N = sum(lengths)``; whole numbers stay whole.
    Y, W : dicts of task name -> tensor (N, ...) or (n, ...)
        Labels per position or per sequence, and their weights, which are 0 where there is none.
    whole : tuple of str
        The tasks with one label per sequence.
    pool : int, >= 1
        Batches among which sequences are sorted; 1 leaves their order to chance.

    Examples
    --------
    >>> import torch
    >>> from polytask.kinds import Multiclass
    >>> from polytask.task import Task
    >>> tag = Task("tag", Multiclass(("noun", "verb")))
    >>> words, tags = [[4, 7, 2], [5]], [[0, 1, 0], [float("nan")]]
    >>> data = Sequences.of((tag,), words, {"tag": tags}, torch.zeros(()))
    >>> batch = data.batch(torch.tensor([0, 1]))
    >>> batch.X.values[..., 0].tolist(), batch.X.mask.tolist()
    ([[4, 7, 2], [5, 0, 0]], [[True, True, True], [True, False, False]])
    >>> batch.W["tag"].tolist()
    [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """

    tasks: tuple
    lengths: torch.Tensor
    X: torch.Tensor
    Y: dict
    W: dict
    whole: tuple = ()
    pool: int = 50

    @classmethod
    def of(cls, tasks, X, Y, like, *, W=None, pool=50):
        """Sequences from lists, with numbers of the type and on the device of ``like``.

        Parameters
        ----------
        tasks : sequence of Task or Target
        X : sequence of n arrays (L_i,) or (L_i, k)
            Whole numbers (words, to be embedded) or floats.
        Y : dict of task name -> sequence of n
            Labels as a kind encodes them, NaN at gaps: per sequence a number, or per position an
            array ``(L_i, ...)``. None where a sequence has no label of the task.
        W : dict of task name -> sequence of n, optional
            Weights of the labels, one per sequence or an array ``(L_i,)``.

        Raises
        ------
        DataError
            If a sequence is empty, or a label list is not as long as its sequence; names both.
        TaskError
            If a task has no labels, or labels no task.
        """
        require(pool >= 1, f"Sequences need pool >= 1. Found pool={pool}.")
        _check_names([task.name for task in tasks], Y)
        rows = [_columns(row, i) for i, row in enumerate(X)]
        require(rows, "Sequences need at least one sequence. Found none.", DataError)
        lengths = np.array([len(row) for row in rows])
        labels = {name: _labels(name, each, lengths) for name, each in Y.items()}
        weights = {
            name: _weights(labels[name], (W or {}).get(name), lengths, name) for name in labels
        }
        values = torch.as_tensor(np.concatenate(rows))
        return cls(
            tuple(tasks),
            torch.as_tensor(lengths, device=like.device),
            values.to(like) if values.is_floating_point() else values.long().to(like.device),
            {name: torch.as_tensor(np.nan_to_num(y)).to(like) for name, (y, _) in labels.items()},
            {name: torch.as_tensor(w).to(like) for name, w in weights.items()},
            tuple(name for name, (_, whole) in labels.items() if whole),
            pool,
        )

    def __post_init__(self):
        object.__setattr__(self, "_starts", self.lengths.cumsum(0) - self.lengths)

    @property
    def n_rows(self):
        """Number of sequences."""
        return len(self.lengths)

    def batch(self, rows):
        """The `Batch` of these sequences ``(b,)``, as long as the longest of them."""
        lengths = self.lengths[rows]
        places = torch.arange(int(lengths.max()), device=lengths.device)
        mask = places < lengths[:, None]
        # (b, length); a place behind the end reads the last position, and counts nothing
        at = self._starts[rows][:, None] + places.minimum(lengths[:, None] - 1)
        where = {name: rows if name in self.whole else at for name in self.Y}
        return Batch(
            Padded(self.X[at] * mask[..., None], mask),
            {name: y[where[name]] for name, y in self.Y.items()},
            {
                name: w[where[name]] if name in self.whole else w[at] * mask
                for name, w in self.W.items()
            },
        )

    def batches(self, size, generator, epoch=1):
        """All sequences once, in batches of about one length."""
        order = torch.randperm(self.n_rows, generator=generator).to(self.lengths.device)
        picks = []
        for pool in order.split(size * self.pool):
            if self.pool > 1:
                pool = pool[self.lengths[pool].argsort(stable=True)]
            picks.extend(pool.tensor_split(-(-len(pool) // size)))
        return [picks[i] for i in torch.randperm(len(picks), generator=generator)]

    def chunks(self, size):
        """All sequences, the shortest first."""
        return self.lengths.argsort(stable=True).split(size)


def _check_names(names, Y):
    missing = [name for name in names if name not in Y]
    strange = [name for name in Y if name not in names]
    require(not missing, f"Sequences need labels of every task. None for {missing[:3]}.", TaskError)
    require(not strange, f"Y names {strange[:3]}, and the tasks are {names[:10]}.", TaskError)


def _columns(row, i):
    """A sequence as ``(L_i, k)``."""
    row = np.asarray(row)
    require(len(row), f"Sequence {i} is empty. Leave it out.", DataError)
    return row[:, None] if row.ndim == 1 else row


def _labels(name, each, lengths):
    """Labels of a task in one array, and whether there is one per sequence."""
    require(
        len(each) == len(lengths),
        f"Task {name!r} has labels for {len(each)} sequences. Found {len(lengths)} sequences.",
        DataError,
    )
    if all(label is None or np.ndim(label) == 0 for label in each):
        return np.array([np.nan if y is None else y for y in each], float), True
    rest = next(np.shape(y)[1:] for y in each if y is not None)
    rows = [
        np.full((n, *rest), np.nan) if y is None else np.asarray(y, float)
        for y, n in zip(each, lengths)
    ]
    for i, (y, n) in enumerate(zip(rows, lengths)):
        require(
            y.shape == (n, *rest),
            f"Sequence {i} has {n} positions. Found labels of shape {y.shape} for task {name!r}.",
            DataError,
        )
    return np.concatenate(rows), False


def _weights(labels, given, lengths, name):
    """A weight per label, 0 where a part of it is missing."""
    y, whole = labels
    there = ~np.isnan(y.reshape(len(y), -1)).any(axis=1)
    if given is None:
        return there.astype(float)
    w = np.asarray(given, float) if whole else _labels(name, given, lengths)[0]
    require(
        w.shape == there.shape and (w[there] >= 0).all(),
        f"Task {name!r} needs a weight >= 0 per label, {there.shape}. Found shape {w.shape}.",
        DataError,
    )
    return np.where(there, w, 0.0)
