"""Pairs of sentences as a source of batches."""

import torch

from polytask.deep.data import Batch, Sequences, Source
from polytask.deep.train import one_thread
from polytask.errors import DataError, require

# Pairs at once where nothing is learned.
CHUNK = 256


class Pairs(Source):
    """Pairs of sentences with labels per pair; a batch has all first sentences, then all second.

    `PairFeatures` brings the halves together.

    Attributes
    ----------
    tasks : tuple of T Task
    both : Sequences
        The n first sentences, then the n second ones.
    Y, W : dicts of task name -> tensor (n,)
        Labels, and weights that are 0 where there is none.
    """

    def __init__(self, tasks, both, Y, W):
        self.tasks, self.both, self.Y, self.W = tasks, both, Y, W

    @property
    def n_rows(self):
        """Number of pairs."""
        return self.both.n_rows // 2

    def batch(self, rows):
        """The `Batch` of these pairs ``(b,)``: 2 b sequences, b labels."""
        X = self.both.batch(torch.cat([rows, rows + self.n_rows])).X
        Y, W = ({name: one[rows] for name, one in part.items()} for part in (self.Y, self.W))
        return Batch(X, Y, W, tuple(task.name for task in self.tasks))

    def batches(self, size, generator, epoch=1):
        """All pairs once, in a new order."""
        order = torch.randperm(self.n_rows, generator=generator).to(self.both.lengths.device)
        return order.tensor_split(-(-self.n_rows // size))

    def chunks(self, size):
        """All pairs in order."""
        return torch.arange(self.n_rows, device=self.both.lengths.device).split(size)


def pairs(data, vocabulary, like):
    """The pairs of `Positions` as a `Source`.

    Parameters
    ----------
    data : Positions
        Whose rows are pairs of sentences, with a label per pair.
    vocabulary : Vocabulary
        Or any function from a sentence to its numbers ``(length, k)``.
    like : tensor
        Type and device of labels.

    Returns
    -------
    Pairs

    Raises
    ------
    DataError
        If a row is no pair.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask.datasets import Positions
    >>> from polytask.deep.text import Vocabulary
    >>> from polytask.kinds import Regression
    >>> from polytask.task import Task
    >>> X = ((("A", "dog"), ("A", "cat", "sits")), (("Go",), ("Stay",)))
    >>> data = Positions(X, (Task("near", Regression()),), {"near": np.array([3.5, 1.0])})
    >>> batch = pairs(data, Vocabulary.of(["A"]), torch.zeros(())).batch(torch.tensor([0, 1]))
    >>> tuple(batch.X.values.shape), batch.Y["near"].tolist()
    ((4, 3, 3), [3.5, 1.0])
    """
    wrong = [i for i, row in enumerate(data.X) if len(row) != 2 or isinstance(row[0], str)]
    require(
        not wrong,
        f"Rows have to be pairs of sentences. Found another in row {wrong[0] if wrong else None}.",
        DataError,
    )
    every = [vocabulary(pair[side]) for side in (0, 1) for pair in data.X]
    labels = {
        name: torch.as_tensor(data[name], dtype=like.dtype, device=like.device)
        for name in data.names
    }
    return Pairs(
        data.tasks,
        Sequences.of((), every, {}, like),
        {name: y.nan_to_num() for name, y in labels.items()},
        {name: (~y.isnan()).to(y.dtype) for name, y in labels.items()},
    )


@torch.no_grad()
def judged(net, source, name):
    """What a net says about every pair: numbers ``(n,)``, or probabilities ``(n, K)``.

    Parameters
    ----------
    net : Net
        With a target of this name.
    source : Pairs
    name : str
        Of the task.

    Returns
    -------
    array
        In the order of the pairs.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import deep
    >>> from polytask.datasets import Positions
    >>> from polytask.deep.text import Vocabulary
    >>> from polytask.kinds import Regression
    >>> from polytask.task import Task
    >>> X = ((("A", "dog"), ("A", "cat", "sits")), (("Go",), ("Stay",)))
    >>> data = Positions(X, (Task("near", Regression()),), {"near": np.array([3.5, 1.0])})
    >>> vocabulary = Vocabulary.of(["A"])
    >>> trunk = (deep.Embedding(vocabulary.sizes, 4), deep.PairFeatures())
    >>> net = deep.HardSharing(trunk).build(data.tasks, deep.Shape(3, (None,)))
    >>> judged(net, pairs(data, vocabulary, torch.zeros(())), "near").shape
    (2,)
    """
    aim = next(one for one in net.targets if one.name == name)
    was, found = net.training, []
    net.eval()
    with one_thread(net):
        for pick in source.chunks(CHUNK):
            found.append(aim.loss.answer(net(source.batch(pick).X, (name,))[name]).cpu())
    net.train(was)
    return torch.cat(found).numpy()
