"""One step of training: losses, gradients, an update, and what is remembered between steps."""

import torch

from polytask.deep.train.crew import Crew
from polytask.deep.train.joint import Joint
from polytask.deep.train.precision import Precision
from polytask.deep.train.rest import Rest
from polytask.deep.train.schedule import Schedule
from polytask.deep.train.stream import Stream
from polytask.errors import UnsupportedError, require


class Learner:
    """A net with its optimiser, its weighing of tasks and its random numbers.

    Parameters
    ----------
    net : torch.nn.Module
    objective : Objective
    balance : Balancer
    update : Update
    optimizer : torch.optim.Optimizer, or None
    make : callable
        Makes an optimiser where none is given, and again where a net has new parameters.
    seed : int
    """

    def __init__(self, net, objective, balance, update, optimizer, make, seed):
        like = next(net.parameters())
        self.net, self.update, self.crew = net, update, Crew(like.device)
        require(
            self.crew.alone or balance.sees == "losses",
            f"Several processes balance tasks by their losses. {balance!r} sees {balance.sees}, "
            "which no process has of the whole batch. Train it in one process.",
            UnsupportedError,
        )
        self.crew.agree(net)
        self.names = tuple(aim.name for aim in objective.targets)
        self._make = None if optimizer else make
        self.optimizer = optimizer or make()
        self.weighing = balance.start(objective.targets, learning_rate=self.rate).to(like)
        self.precision = Precision(update.autocast, like.device)
        self.schedule = Schedule(update, self.optimizer)
        self._rest = Rest(net, self.names, update.rates)
        self._joint = Joint(net, objective, self.precision, self.crew)
        # dropout differs between processes; what changes a net does not
        self._stream = Stream(seed + self.crew.rank, like.device)
        self._changes = Stream(seed, like.device)

    @property
    def rate(self):
        """The learning rate of the net at present."""
        return self.optimizer.param_groups[0]["lr"]

    def learn(self, batches):
        """One step on these batches together: losses before it, who was there, their weights."""
        if not self.net.training:
            self.net.train()
        with self._stream:
            losses, present = self._joint(batches)
            self.optimizer.zero_grad()
            weights = self.weighing.backward(self.precision.scaled(losses), present)
            self._charge()
            self.crew.add_gradients(self.net)
            self._rest.step(self._move, self.optimizer, present)
            if hasattr(self.net, "after_step"):
                self.net.after_step(self.rate)
        self.schedule.after_step()
        return losses.detach(), present, weights

    def end_epoch(self, epoch, source):
        """Let the net change between epochs, with a new optimiser where its parameters are new."""
        self.crew.mean_buffers(self.net)
        if not hasattr(self.net, "after_epoch"):
            return
        with self._changes:
            changed = self.net.after_epoch(epoch, source)
        if changed and self._make:
            old, self.optimizer = self.optimizer, self._make()
            self.schedule.onto(old, self.optimizer)

    def _charge(self):
        """Add the gradient of the net's own penalty, which no balancer weighs."""
        price = self.net.penalty() if hasattr(self.net, "penalty") else None
        # gradients of all processes are summed, and the price is paid once
        if price is not None and self.crew.rank == 0:
            self.precision.scaled(price).backward()

    def _move(self):
        if self.update.clip is not None:
            self.precision.unscale(self.optimizer)
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.update.clip)
        self.precision.step(self.optimizer)

    # -- what a training is resumed from ------------------------------------------------------

    def state_dict(self):
        """Everything that the next step depends on, but the data."""
        return {
            "net": self.net.state_dict(),
            **{name: part.state_dict() for name, part in self._parts().items()},
        }

    def load_state_dict(self, state):
        """Go on from there; a net comes first, because its parameters may be new."""
        self.net.load_state_dict(state["net"])
        if self._make:
            self.optimizer = self._make()
            self.schedule = Schedule(self.update, self.optimizer)
        for name, part in self._parts().items():
            part.load_state_dict(state[name])

    def _parts(self):
        return {
            "optimizer": self.optimizer,
            "schedule": self.schedule,
            "weighing": self.weighing,
            "precision": self.precision,
            "stream": self._stream,
            "changes": self._changes,
        }
