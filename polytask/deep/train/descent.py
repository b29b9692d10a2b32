"""Plain gradient descent, where the answer has to be that of the written objective."""

import torch


def descent(net, learning_rate, *, momentum=0.0):
    """An optimiser for `steps` that moves along the gradient, as long as it is.

    The exact steps of a net end at the minimum of losses and price with it, without momentum.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(np.eye(4), [0.0, 1, 2, 3])
    >>> net = deep.HardSharing(()).build(data.tasks, 4)
    >>> run = deep.steps(net, data, epochs=200, optimizer=descent(net, 0.5))
    >>> [step.losses.item() for step in run][-1] < 1e-3
    True
    """
    return torch.optim.SGD(net.parameters(), lr=learning_rate, momentum=momentum)
