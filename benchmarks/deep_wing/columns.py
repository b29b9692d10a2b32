"""Cross-stitch and sluice nets as one would write them: task by task."""

import torch
from torch import nn

from deep_wing.sides import trunk_of

OWN, PRICE, G = 0.9, 0.05, 2


def start(count):
    """A convex mixture ``(count, count)``."""
    rest = (1 - OWN) / (count - 1)
    return nn.Parameter(torch.full((count, count), rest).fill_diagonal_(OWN))


class Literal(nn.Module):
    """A net per task; every mixture is the sum that the equation writes."""

    def __init__(self, case):
        super().__init__()
        self.T = case.T
        self.nets = nn.ModuleList(trunk_of(case) for _ in range(case.T))
        self.alphas = nn.ParameterList(start(self.parts) for _ in case.widths)
        self.heads = nn.ModuleList(nn.Linear(case.widths[-1], 1) for _ in range(case.T))
        self.mixtures = list(self.alphas)

    @property
    def parts(self):
        """How many features are mixed with each other."""
        return self.T

    def mixed(self, alpha, H):
        """Task by task, ``sum_t alpha_st x_t``."""
        return [sum(alpha[s, t] * H[t] for t in range(len(H))) for s in range(len(H))]

    def layers(self, x):
        """Features of every task after every mixture."""
        H = [x] * self.T
        for depth, alpha in enumerate(self.alphas):
            H = [net[2 * depth + 1](net[2 * depth](h)) for net, h in zip(self.nets, H)]
            H = self.mixed(alpha, H)
            yield H

    def read(self, layers):
        """What heads read."""
        return layers[-1]

    def forward(self, x):
        return [head(h)[:, 0] for head, h in zip(self.heads, self.read(list(self.layers(x))))]


class Stacked(Literal):
    """The nets one by one, the mixture as one product."""

    def mixed(self, alpha, H):
        H = torch.stack(H)
        return (alpha @ H.flatten(1)).view(H.shape).unbind()


class LiteralSluice(Literal):
    """Subspaces, a mixture of layers and the price, task by task."""

    def __init__(self, case):
        super().__init__(case)
        last = torch.tensor([0.1 / 2, 0.1 / 2, 0.9])
        self.beta = nn.Parameter(last.repeat(case.T, 1))
        self.mixtures = [*self.alphas, self.beta]

    @property
    def parts(self):
        return self.T * G

    def mixed(self, alpha, H):
        pieces = super().mixed(alpha, [piece for h in H for piece in h.chunk(G, 1)])
        return [torch.cat(pieces[G * t : G * t + G], 1) for t in range(self.T)]

    def read(self, layers):
        return [
            sum(self.beta[t, depth] * H[t] for depth, H in enumerate(layers)) for t in range(self.T)
        ]

    def price(self):
        """``PRICE * sum |G_1' G_2|^2`` over tasks and layers."""
        total = 0.0
        for net in self.nets:
            for layer in net[::2]:
                first, second = layer.weight.chunk(2)
                total = total + (first @ second.T).square().sum()
        return PRICE * total


class StackedSluice(LiteralSluice):
    """The nets one by one, mixtures and layer mixture as one product each."""

    def mixed(self, alpha, H):
        H = torch.stack(H)  # (T, b, h)
        parts = H.unflatten(2, (G, -1)).movedim(2, 1)  # (T, G, b, h / G)
        out = (alpha @ parts.reshape(len(alpha), -1)).view(parts.shape)
        return out.movedim(1, 2).flatten(2).unbind()

    def read(self, layers):
        stacked = [torch.stack(H) for H in layers]
        beta = self.beta[..., None, None]
        return sum(beta[:, depth] * H for depth, H in enumerate(stacked)).unbind()
