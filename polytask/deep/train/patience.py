"""Early stopping: a value beside the loop, asked after every step."""

import copy
import math

from polytask.deep.train.watch import MeanLoss
from polytask.errors import require


class Patience:
    """Say when the held-out part has not improved for a while, and keep the best weights.

    Parameters
    ----------
    net : torch.nn.Module
        The net in training.
    epochs : int, >= 1
        How many epochs may pass without a better one.
    watch : Watch
        What better means: `MeanLoss`, `MainTask` or `MeanGain`.

    Attributes
    ----------
    best : float
        Smallest score so far.
    best_epoch : int

    Notes
    -----
    A mean over tasks compares like with like only where losses have like units: give the loop
    targets in standard units, as `DeepModel` does.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks, deep
    >>> X = np.random.default_rng(0).normal(size=(40, 3))
    >>> train, held = Tasks.from_arrays(X, X @ np.ones((3, 2))).split(seed=0)
    >>> net = deep.HardSharing(()).build(train.tasks, 3)
    >>> patience = deep.Patience(net, epochs=3)
    >>> for step in deep.steps(net, train, validation=held, learning_rate=0.3):
    ...     if patience.over(step):
    ...         break
    >>> patience.restore()
    >>> step.epoch - patience.best_epoch
    3
    """

    def __init__(self, net, epochs=20, *, watch=MeanLoss()):  # noqa: B008  frozen
        require(epochs >= 1, f"Patience needs epochs >= 1. Found epochs={epochs}.")
        self.net, self.watch = net, watch
        self.epochs = epochs
        self.best = math.inf
        self.best_epoch = 0
        self._weights = None

    def over(self, step):
        """Look at a step; True where it is time to stop."""
        if not step.validation:
            return False
        score = self.watch.score(step.validation)
        if score < self.best:
            self.best, self.best_epoch = score, step.epoch
            self._weights = copy.deepcopy(self.net.state_dict())
        return step.epoch - self.best_epoch >= self.epochs

    def restore(self):
        """Give the net the weights of its best epoch; nothing happens where none was scored."""
        if self._weights is not None:
            self.net.load_state_dict(self._weights)

    def state_dict(self):
        """The best so far, and its weights."""
        return {"best": self.best, "epoch": self.best_epoch, "weights": self._weights}

    def load_state_dict(self, state):
        """Go on from there."""
        self.best, self.best_epoch = state["best"], state["epoch"]
        self._weights = state["weights"]
