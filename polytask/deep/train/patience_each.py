"""Early stopping task by task: each keeps the weights of its own best epoch."""

import copy
import math

from torch import nn

from polytask.deep.sharing import Net
from polytask.errors import UnsupportedError, require


class PatienceEach:
    """Say when no task has improved for a while, and keep for each the weights of its best epoch.

    Tasks that learn at unlike speeds are best at unlike epochs; one common moment to stop is too
    early for some and too late for others. ``restore()`` gives a net of as many copies of the
    trained one as there are unlike best epochs, each of which answers for its tasks. That is what
    it costs: a task per copy at worst.

    Parameters
    ----------
    net : torch.nn.Module
        The net in training.
    epochs : int, >= 1
        How many epochs may pass in which no task has a better held-out loss.

    Attributes
    ----------
    best : dict of task name -> float
    best_epoch : dict of task name -> int

    References
    ----------
    Caruana. Multitask learning. Machine Learning 28, 1997: the nets of tasks are halted
    individually.

    Examples
    --------
    >>> import numpy as np
    >>> from polytask import Tasks, deep
    >>> X = np.random.default_rng(0).normal(size=(80, 3))
    >>> train, held = Tasks.from_arrays(X, X @ np.ones((3, 2))).split(seed=0)
    >>> net = deep.HardSharing(deep.mlp(8)).build(train.tasks, 3)
    >>> patience = deep.PatienceEach(net, epochs=3)
    >>> for step in deep.steps(net, train, validation=held, learning_rate=0.03):
    ...     if patience.over(step):
    ...         break
    >>> best = patience.restore()
    >>> len(best.copies) == len(set(patience.best_epoch.values()))
    True
    """

    def __init__(self, net, epochs=20):
        require(epochs >= 1, f"PatienceEach needs epochs >= 1. Found epochs={epochs}.")
        self.net, self.epochs = net, epochs
        self.best: dict[str, float] = {}
        self.best_epoch: dict[str, int] = {}
        self._weights: dict[int, dict] = {}  # by epoch; tasks that were best together share them

    def over(self, step):
        """Look at a step; True where it is time to stop."""
        if not step.validation:
            return False
        better = [n for n, loss in step.validation.items() if loss < self.best.get(n, math.inf)]
        for name in better:
            self.best[name], self.best_epoch[name] = step.validation[name], step.epoch
        if better:
            self._weights[step.epoch] = copy.deepcopy(self.net.state_dict())
        needed = set(self.best_epoch.values())
        self._weights = {e: weights for e, weights in self._weights.items() if e in needed}
        return bool(needed) and step.epoch - max(needed) >= self.epochs

    def restore(self):
        """A net that answers for every task from the weights of its best epoch.

        Tasks that were never scored are answered by the net as it is now.
        """
        require(
            isinstance(self.net, Net),
            "PatienceEach restores nets that a Sharing built. Found "
            f"{type(self.net).__name__}. Keep its weights yourself, or use Patience.",
            UnsupportedError,
        )
        names = [aim.name for aim in self.net.targets]
        epochs = {name: self.best_epoch.get(name, 0) for name in names}
        found = sorted(set(epochs.values()))
        copies = [self._at(epoch) for epoch in found]
        return BestOfEach(copies, {name: found.index(epoch) for name, epoch in epochs.items()})

    def _at(self, epoch):
        net = copy.deepcopy(self.net)
        net.load_state_dict(self._weights.get(epoch, net.state_dict()))
        return net

    def state_dict(self):
        """The best so far, and their weights."""
        return {"best": self.best, "epochs": self.best_epoch, "weights": self._weights}

    def load_state_dict(self, state):
        """Go on from there."""
        self.best, self.best_epoch = dict(state["best"]), dict(state["epochs"])
        self._weights = dict(state["weights"])


class BestOfEach(Net):
    """Copies of one net from several epochs, each for the tasks that were best then.

    Parameters
    ----------
    copies : list of Net
    places : dict of task name -> int
        Which copy answers for a task.
    """

    shared_parts = ("copies",)

    def __init__(self, copies, places):
        super().__init__(copies[0].targets)
        self.copies = nn.ModuleList(copies)
        self.places = places

    def forward(self, X, tasks=None):
        """Every task from its own copy, which is asked for no other."""
        wanted = [n for n in self.places if tasks is None or n in tasks]
        found = {}
        for place in dict.fromkeys(self.places[name] for name in wanted):
            names = tuple(name for name in wanted if self.places[name] == place)
            found |= self.copies[place](X, names)
        return {name: found[name] for name in wanted}

    def shared(self):
        """What served several tasks in training, of every copy."""
        return [parameter for net in self.copies for parameter in net.shared()]
