"""Tasks that stay where they are in a step, and tasks that go further than others."""

import torch

from polytask.errors import TaskError, require


class Rest:
    """Steps of an optimiser under which an absent task does not move, its momentum neither.

    Heads of all tasks stand in one matrix, so a task that is absent from a batch has a gradient of
    0 there, and an optimiser with momentum or decay would move it. What serves one task alone is
    what ``net.rows_of(names)`` says, and every parameter outside the shared part that has no
    gradient at all in such a step: a tower, a gate, an expert of its own.

    Parameters
    ----------
    net : torch.nn.Module
    names : tuple of T str
    rates : dict of task name -> float, or None
        How far a task's own numbers go, as a multiple of the optimiser's step.
    """

    def __init__(self, net, names, rates):
        strange = [name for name in rates or {} if name not in names]
        require(not strange, f"rates names {strange[:3]}, and the tasks are {names}.", TaskError)
        require(
            not rates or hasattr(net, "rows_of"),
            "rates needs a net that says by rows_of(names) which numbers serve one task alone. "
            "Give the net such a method, or leave rates out.",
        )
        self.net, self.names = net, names
        self.never = [a.name for a in getattr(net, "targets", ()) if a.name not in names]
        self.rates = {name: rate for name, rate in (rates or {}).items() if rate != 1}

    def step(self, take, optimizer, present):
        """``take()`` a step of the optimiser, for the tasks that are present ``(T,)``."""
        plain = not self.rates and not self.never and bool(present.all())
        if plain or not hasattr(self.net, "rows_of"):
            return take()
        absent = [name for name, there in zip(self.names, present.tolist()) if not there]
        resting = self._still([*absent, *self.never], optimizer)
        going = self._at_own_rates(absent)
        take()
        with torch.no_grad():
            for one in resting:
                one.put_back()
            for p, rows, old, rate in going:
                p[rows] = old.lerp(p[rows], rate)
        return None

    def _still(self, names, optimizer):
        """What only these tasks have; what a penalty pulls at has a gradient, and moves."""
        own = [(p, rows) for p, rows in self._own(names) if not p.grad[rows].any()]
        own += [(p, slice(None)) for p in self._silent()]
        return [_Still(p, rows, optimizer) for p, rows in own]

    def _at_own_rates(self, absent):
        """Parameters with the rows of tasks that have a rate, their numbers and that rate."""
        return [
            (p, rows, p.detach()[rows].clone(), rate)
            for name, rate in self.rates.items()
            if name not in absent
            for p, rows in self._own([name])
        ]

    def _own(self, names):
        """Parameters that the step will move, with the rows that belong to these tasks."""
        return [pair for pair in self.net.rows_of(names) if pair[0].grad is not None]

    def _silent(self):
        """Parameters outside the shared part that nothing pulls at in this step."""
        shared = {id(p) for p in self.net.shared()} if hasattr(self.net, "shared") else set()
        lone = [p for p in self.net.parameters() if id(p) not in shared and p.grad is not None]
        return [p for p in lone if not p.grad.any()]


class _Still:
    """Rows of a parameter and of all that its optimiser remembers of them, before a step."""

    def __init__(self, parameter, rows, optimizer):
        self.parameter, self.rows, self.optimizer = parameter, rows, optimizer
        self.old = {name: tensor[rows].clone() for name, tensor in self._tensors()}

    def put_back(self):
        """The rows as they were; 0 where the step made a memory, which is how one begins."""
        for name, tensor in self._tensors():
            tensor[self.rows] = self.old.get(name, 0.0)

    def _tensors(self):
        state = self.optimizer.state.get(self.parameter, {})
        like = [(n, s) for n, s in state.items() if torch.is_tensor(s)]
        shape = self.parameter.shape
        return [(None, self.parameter.detach()), *((n, s) for n, s in like if s.shape == shape)]
