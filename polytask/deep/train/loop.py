"""The training loop, a generator of steps: logging and stopping are a ``for`` around it."""

from dataclasses import dataclass
from itertools import islice

import torch

from polytask.deep.balance import Equal
from polytask.deep.data import Source, Table
from polytask.deep.train.evaluation import evaluate, objective_of
from polytask.deep.train.learner import Learner
from polytask.deep.train.optimizer import adamw
from polytask.deep.train.update import Update
from polytask.errors import require


@dataclass(frozen=True, eq=False)
class Step:
    """What happened in one step.

    Attributes
    ----------
    epoch : int
        From 1.
    names : tuple of T str
    losses : tensor (T,)
        Per task, before the update; 0 where the batch has no label of it.
    present : bool tensor (T,)
        Which tasks have a label in the batch.
    weights : tensor (T,)
        Effective weights of the tasks.
    ends_epoch : bool
    validation : dict of task name -> float, or None
        At the end of an epoch: loss on the held-out part, for the tasks with labels there.
    number : int
        Steps since the start of the training, this one counted.
    done : float
        Share of the training that is behind; between ends of epochs an estimate, where the source
        does not say how many batches it has.
    """

    epoch: int
    names: tuple[str, ...]
    losses: torch.Tensor
    present: torch.Tensor
    weights: torch.Tensor
    ends_epoch: bool
    validation: dict | None
    number: int = 0
    done: float = 0.0


def steps(
    net,
    data,
    balance=Equal(),  # noqa: B008  frozen
    *,
    loss=None,
    epochs=100,
    batch_size=64,
    learning_rate=3e-3,
    weight_decay=0.01,
    optimizer=None,
    validation=None,
    update=Update(),  # noqa: B008  frozen
    seed=0,
):
    """Train a net on all tasks together, and yield after every step.

    Parameters
    ----------
    net : torch.nn.Module
        Inputs ``(b, d)`` to a dict of task name -> outputs ``(b, o_t)``, such as
        ``HardSharing().build(tasks, d)``. It decides the type and the device of the numbers.
    data : Tasks or Source
    balance : Balancer
    loss : Loss or dict of task name -> Loss, optional
        For a net without ``targets`` of its own; default: that of every task's kind.
    epochs : int
        Passes over the data: of a table, times that every labelled row is seen.
    batch_size : int
        Most rows per batch.
    learning_rate, weight_decay : float
        Of AdamW; biases do not decay.
    optimizer : torch.optim.Optimizer, optional
        In place of AdamW.
    validation : Tasks or Source, optional
        Scored at the end of every epoch.
    update : Update
        Accumulation, clipping, precision, schedule, rates of tasks.
    seed : int
        Of the order of the rows and of dropout; torch's global stream is not touched.

    Returns
    -------
    Run
        To be iterated; every `Step` comes after its update.

    Raises
    ------
    ParameterError
        If a loss is no longer finite at the end of an epoch; names the task.

    Notes
    -----
    A task without a label in a step does not move: neither what serves it alone nor the momentum
    of that. Where ``torch.distributed`` was started (by ``torchrun``), the processes train one net
    together, each on its part of every batch.

    Examples
    --------
    >>> import torch
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), [[0.0, 1], [1, 0], [2, 1], [3, 0]])
    >>> net = deep.HardSharing(deep.mlp(8)).build(data.tasks, data.n_features)
    >>> seen = [step.losses.sum().item() for step in deep.steps(net, data, epochs=50)]
    >>> len(seen), seen[-1] < seen[0]
    (50, True)
    """
    like = next(net.parameters())
    source, held = source_of(data, like), source_of(validation, like)
    objective = objective_of(net, source, loss)
    make = lambda: adamw(net, learning_rate, weight_decay)  # noqa: E731  one word for one act
    learner = Learner(net, objective, balance, update, optimizer, make, seed)
    watched = held and objective_of(net, held, loss)
    return Run(learner, source, epochs, batch_size, seed, held and (held, watched))


class Run:
    """A training that goes on whenever it is iterated, and can be put down and taken up again.

    ``state_dict()`` between two steps holds all that the rest depends on: net, optimiser, weighing
    of tasks, schedule, place in the epoch, random states. A run with the same arguments that loads
    it makes the same steps to the last bit.

    Attributes
    ----------
    epoch : int
        Epochs that are complete.
    place : int
        Steps made in the epoch that is not.
    number : int
        Steps made.

    Examples
    --------
    >>> import torch
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), [[0.0, 1], [1, 0], [2, 1], [3, 0]])
    >>> net = deep.HardSharing(deep.mlp(8)).build(data.tasks, data.n_features)
    >>> run = deep.steps(net, data, epochs=3, batch_size=2)
    >>> first = next(iter(run))
    >>> run.epoch, run.place, [(step.epoch, step.number) for step in run]
    (0, 1, [(1, 2), (2, 3), (2, 4), (3, 5), (3, 6)])
    """

    def __init__(self, learner, source, epochs, batch_size, seed, held=None):
        self.learner, self.source, self._held = learner, source, held
        self.epochs, self.batch_size = epochs, batch_size
        self.epoch = self.place = self.number = 0
        batches = source.count(batch_size)
        self._per_epoch = batches and -(-batches // learner.update.accumulate)
        self._order = torch.Generator().manual_seed(seed)
        self._at_start = self._order.get_state()

    def __iter__(self):
        while self.epoch < self.epochs:
            for picks, last in self._rest_of_epoch():
                losses, present, weights = self.learner.learn([self._batch(p) for p in picks])
                self.place, self.number = self.place + 1, self.number + 1
                scores = self._end_epoch(losses) if last else None
                epoch = self.epoch if last else self.epoch + 1
                facts = (losses, present, weights, last, scores, self.number, self._done())
                yield Step(epoch, self.learner.names, *facts)

    def _rest_of_epoch(self):
        """Picks of the steps that are left of an epoch, each with whether it is the last."""
        self._order.set_state(self._at_start)
        picks = self.source.batches(self.batch_size, self._order, self.epoch + 1)
        return islice(_together(picks, self.learner.update.accumulate), self.place, None)

    def _batch(self, pick):
        crew = self.learner.crew
        part = pick if crew.alone else self.source.part(pick, crew.rank, crew.size)
        return None if part is None else self.source.batch(part)

    def _end_epoch(self, losses):
        """Look at the losses, let the net change, and score it on the held-out part."""
        self.epoch, self.place = self.epoch + 1, 0
        self._at_start = self._order.get_state()
        _check_finite(losses, self.learner.names, self.epoch)
        self.learner.end_epoch(self.epoch, self.source)
        scores = self._held and evaluate(self.learner.net, *self._held)
        self.learner.schedule.after_epoch(scores)
        return scores

    def _done(self):
        part = min(1.0, self.place / self._per_epoch) if self._per_epoch else 0.0
        return (self.epoch + part) / self.epochs

    def state_dict(self):
        """Where the training stands, between two steps."""
        return {
            "epoch": self.epoch,
            "place": self.place,
            "number": self.number,
            "order": self._at_start,
            "learner": self.learner.state_dict(),
        }

    def load_state_dict(self, state):
        """Go on from where another run with the same arguments stood."""
        self.epoch, self.place, self.number = state["epoch"], state["place"], state["number"]
        self._at_start = state["order"]
        self.learner.load_state_dict(state["learner"])


def _together(picks, count):
    """``count`` picks at a time, and whether they are the last ones."""
    picks = iter(picks)
    some = tuple(islice(picks, count))
    while some:
        following = tuple(islice(picks, count))
        yield some, not following
        some = following


def source_of(data, like):
    """A `Tasks` as a source with numbers like these; a source, or None, as it is."""
    return data if data is None or isinstance(data, Source) else Table.of(data, like)


def _check_finite(losses, names, epoch):
    broken = [name for name, loss in zip(names, losses.tolist()) if not abs(loss) < float("inf")]
    require(
        not broken,
        f"Training needs finite losses. Found another in epoch {epoch} for {broken[:5]}. Lower "
        "learning_rate, or scale inputs and targets.",
    )
