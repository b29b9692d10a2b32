"""Sparse gates: selectors that each pick one expert by the bits of its number."""

import math

import torch
from torch import nn

from polytask.deep.sharing.gates import linears

# Added below the logarithm of a share that may be 0; that of the authors' code.
EPSILON = 1e-6


def smooth_step(t, gamma):
    """0 below ``-gamma/2``, 1 above ``gamma/2``, between them the cubic that is smooth at both.

    Examples
    --------
    >>> smooth_step(torch.tensor([-1.0, 0.0, 0.25, 1.0]), 1.0)
    tensor([0.0000, 0.5000, 0.8438, 1.0000])
    """
    u = (t / gamma).clamp(-0.5, 0.5)
    return 0.5 + 1.5 * u - 2 * u**3


class Selectors(nn.Module):
    """Gates as mixtures of selectors, ``g = sum_i softmax(w)_i r(z_i)``.

    ``r(z)_e`` is the product over the bits of e of ``S(z_j)`` or ``1 - S(z_j)``: once every bit is
    settled, one expert has everything, and the others nothing at all.

    Parameters
    ----------
    count : int
        Experts.
    chosen : int
        Selectors per gate.
    gamma : float
        Width of the smooth step S.
    """

    def __init__(self, count, chosen, gamma):
        super().__init__()
        self.count, self.chosen, self.gamma = count, chosen, gamma
        self.bits = math.ceil(math.log2(count))
        codes = [[e >> j & 1 for j in reversed(range(self.bits))] for e in range(count)]
        codes = torch.tensor(codes, dtype=torch.bool).reshape(count, self.bits)
        self.register_buffer("codes", codes, persistent=False)

    def picks(self, z):
        """Shares ``(..., chosen, count)`` of the selectors for logits ``(..., chosen, bits)``."""
        step = smooth_step(z, self.gamma).unsqueeze(-2)
        return torch.where(self.codes, step, 1 - step).prod(-1)

    def price(self, picks):
        """Entropy of the selectors, and the price of codes without an expert, ``(...)``."""
        entropy = -(picks * (picks + EPSILON).log()).sum((-1, -2))
        reached = picks.sum(-1)
        # beyond a power of two some codes stand for no expert, and a selector may settle there
        lost = (1 / reached.clamp_min(EPSILON)).sum(-1) if self.count < 2**self.bits else None
        return entropy, lost


class TaskSelectors(Selectors):
    """One gate per task, the same for all rows."""

    def __init__(self, inputs, count, chosen, gamma, tasks):
        super().__init__(count, chosen, gamma)
        some = range(tasks if count > 1 else 0)
        self.z = nn.ParameterList([_uniform(gamma / 100, chosen, self.bits) for _ in some])
        some = some if chosen > 1 else ()
        self.w = nn.ParameterList([_uniform(0.05, chosen) for _ in some])

    def forward(self, S, which):
        """Gates ``(t, b, count)`` of the tasks ``which``."""
        if self.count == 1:
            return S.new_ones(len(which), len(S), 1)
        gates = self.picks(torch.stack([self.z[t] for t in which]))
        if self.chosen > 1:
            shares = torch.stack([self.w[t] for t in which]).softmax(-1)
            gates = gates * shares.unsqueeze(-1)
        return gates.sum(-2)[:, None].expand(-1, len(S), -1)

    def prices(self, S, which):
        """Prices ``(t,)`` of the tasks ``which``."""
        return self.price(self.picks(torch.stack([self.z[t] for t in which])))


class RowSelectors(Selectors):
    """A gate per task and row, from what the experts see."""

    def __init__(self, inputs, count, chosen, gamma, tasks):
        super().__init__(count, chosen, gamma)
        some = range(tasks if count > 1 else 0)
        self.z = nn.ModuleList([_linear(inputs, chosen * self.bits, gamma / 100) for _ in some])
        some = some if chosen > 1 else ()
        self.w = nn.ModuleList([_linear(inputs, chosen, 0.05) for _ in some])

    def forward(self, S, which):
        """Gates ``(t, b, count)`` of the tasks ``which`` for what they look at, ``(b, inputs)``."""
        if self.count == 1:
            return S.new_ones(len(which), len(S), 1)
        gates = self._picked(S, which)
        if self.chosen > 1:
            gates = gates * linears([self.w[t] for t in which], S).softmax(-1).unsqueeze(-1)
        return gates.sum(-2)

    def prices(self, S, which):
        """Mean prices over rows ``(t,)`` of the tasks ``which``."""
        entropy, lost = self.price(self._picked(S, which))
        return entropy.mean(1), None if lost is None else lost.mean(1)

    def _picked(self, S, which):
        z = linears([self.z[t] for t in which], S)
        return self.picks(z.unflatten(-1, (self.chosen, self.bits)))


def _uniform(bound, *shape):
    return nn.Parameter(torch.empty(*shape).uniform_(-bound, bound))


def _linear(inputs, outputs, bound):
    made = nn.Linear(inputs, outputs)
    for parameter in made.parameters():
        nn.init.uniform_(parameter, -bound, bound)
    return made
