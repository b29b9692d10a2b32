"""What a net answers for all rows of a source."""

import torch

from polytask.deep.train.stream import one_thread


@torch.no_grad()
def predictions(net, source, *, size=256):
    """Answers for every row, in the order in which the source gives its rows.

    Parameters
    ----------
    net : Net
    source : Source
        Whose batches are rows of one form: tables and maps, not sequences of unlike lengths.
    size : int, >= 1
        Rows at once.

    Returns
    -------
    dict of task name -> array
        Numbers ``(n, *grid)``, vectors, or probabilities ``(n, *grid, K)``.

    Examples
    --------
    >>> import numpy as np
    >>> import torch
    >>> from polytask import deep
    >>> from polytask.datasets import Positions
    >>> from polytask.kinds import DenseClasses
    >>> from polytask.task import Task
    >>> sky = Task("sky", DenseClasses(("no", "yes")))
    >>> data = Positions(np.ones((2, 3, 4, 4)), (sky,), {"sky": np.zeros((2, 4, 4))})
    >>> net = deep.HardSharing((deep.Convolution(4),)).build(data.tasks, deep.Shape(3, (4, 4)))
    >>> predictions(net, deep.data.Maps.of(data, torch.zeros(())))["sky"].shape
    (2, 4, 4, 2)
    """
    names = {task.name for task in source.tasks}
    aims = [aim for aim in net.targets if aim.name in names]
    was, found = net.training, {aim.name: [] for aim in aims}
    net.eval()
    with one_thread(net):
        for pick in source.chunks(size):
            outputs = net(source.batch(pick).X, tuple(found))
            for aim in aims:
                found[aim.name].append(aim.loss.answer(outputs[aim.name]).cpu())
    net.train(was)
    return {name: torch.cat(parts).numpy() for name, parts in found.items()}
