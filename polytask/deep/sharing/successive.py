"""Successive regularisation: what earlier stages of an epoch have learnt is held."""

import torch
from torch import nn


class Successive(nn.Module):
    """Copies of parameters as they were when a stage of training began, and a pull back to them.

    A *stage* is a run of steps that ask for the same tasks. Where it changes, copies are renewed.
    They are buffers, so that a training that is taken up again has them.

    Parameters
    ----------
    tasks : int
    held : list of Parameter
        All that some stage may hold.
    """

    def __init__(self, tasks, held):
        super().__init__()
        self._held = list(held)  # a plain list: they belong to the net
        self.register_buffer("asked", torch.zeros(tasks, dtype=torch.bool))
        for i, parameter in enumerate(self._held):
            self.register_buffer(f"copy_{i}", parameter.detach().clone())

    def __iter__(self):
        """Pairs of a parameter and its copy."""
        return ((p, getattr(self, f"copy_{i}")) for i, p in enumerate(self._held))

    @torch.no_grad()
    def enter(self, asked):
        """A step asks for these tasks, a mask ``(T,)``: another mask begins a stage."""
        if not torch.equal(asked, self.asked):
            self.asked.copy_(asked)
            for parameter, copy in self:
                copy.copy_(parameter)

    def leave(self):
        """An epoch ends, and with it the stage."""
        self.asked.zero_()

    @torch.no_grad()
    def pull(self, strength, rate):
        """The exact step of ``strength |theta - copy|^2`` for the parameters of ``strength``.

        Parameters
        ----------
        strength : dict of id of a parameter -> float, >= 0
            ``inf`` puts it back.
        rate : float
        """
        for parameter, copy in self:
            force = 2 * rate * strength.get(id(parameter), 0.0)
            if force:
                share = 1.0 if force == float("inf") else force / (1 + force)
                parameter.lerp_(copy, share)
