"""Sentences as a source of batches, and the tags that a net gives to their words."""

import torch

from polytask.deep.data import Sequences
from polytask.deep.train import one_thread

# Sentences at once where nothing is learned.
CHUNK = 256


def sentences(data, vocabulary, like, *, pool=50):
    """The sentences of `Positions` as a `Source` of padded batches.

    Parameters
    ----------
    data : Positions
        Whose rows are sentences.
    vocabulary : Vocabulary
        Or any function from a sentence to its numbers ``(length, k)``.
    like : tensor
        Type and device of labels.
    pool : int, >= 1
        Batches among which sentences are sorted by length.

    Returns
    -------
    Sequences

    Examples
    --------
    >>> import torch
    >>> from polytask.datasets.positions import tagged
    >>> from polytask.deep.text import Vocabulary
    >>> data = tagged([("Go", "now"), ("Stay",)], {"pos": [("VB", "RB"), ("VB",)]})
    >>> source = sentences(data, Vocabulary.of(data.X, min_count=1), torch.zeros(()))
    >>> source.batch(torch.tensor([0, 1])).W["pos"].tolist()
    [[1.0, 1.0], [1.0, 0.0]]
    """
    rows = [vocabulary(sentence) for sentence in data.X]
    return Sequences.of(
        data.tasks, rows, {name: list(data[name]) for name in data.names}, like, pool=pool
    )


@torch.no_grad()
def tags(net, source, name):
    """The tags that a net gives to every word, as they are written.

    Parameters
    ----------
    net : Net
        With a target of this name, of kind `Tagging` or `Dependency`.
    source : Sequences
    name : str
        Of the task.

    Returns
    -------
    list of n tuples
        In the order of the rows of the source; of tags, or of pairs (head, relation).

    Examples
    --------
    >>> import torch
    >>> from polytask import deep
    >>> from polytask.datasets.positions import tagged
    >>> from polytask.deep.text import Vocabulary
    >>> data = tagged([("Go", "now"), ("Stay",)] * 9, {"pos": [("VB", "RB"), ("VB",)] * 9})
    >>> vocabulary = Vocabulary.of(data.X)
    >>> source = sentences(data, vocabulary, torch.zeros(()))
    >>> trunk = (deep.Embedding(vocabulary.sizes, 4), deep.Recurrent(4))
    >>> net = deep.HardSharing(trunk).build(data.tasks, deep.Shape(3, (None,)))
    >>> for step in deep.steps(net, source, epochs=60, learning_rate=0.03):
    ...     pass
    >>> tags(net, source, "pos")[:2]
    [('VB', 'RB'), ('VB',)]
    """
    aim = next(one for one in net.targets if one.name == name)
    found, was = {}, net.training
    net.eval()
    with one_thread(net):
        for pick in source.chunks(CHUNK):
            batch = source.batch(pick)
            outputs = net(batch.X, (name,))[name]
            # where tags see each other, the end of a sentence has to be known
            ends = (batch.X.mask,) if aim.loss.couples else ()
            answer = aim.loss.answer(outputs, *ends)
            codes = (answer if aim.kind.classes is None else answer.argmax(-1)).cpu().numpy()
            lengths = batch.X.mask.sum(1).tolist()
            for row, some, length in zip(pick.tolist(), codes, lengths):
                found[row] = tuple(aim.kind.decode([some[:length]])[0])
    net.train(was)
    return [found[row] for row in range(len(found))]
