"""Everybody as an endless generator of whole steps: batch, losses, gradients, AdamW."""

from itertools import count, pairwise

import torch
from torch import nn

from deep_wing.problems import tensors
from polytask import deep

RATE, DECAY = 3e-3, 0.01


def optimizer(net, mixtures=()):
    """The AdamW of `deep.steps`: in one pass; matrices decay, mixtures learn faster."""
    own = {id(p) for p in mixtures}
    rest = [p for p in net.parameters() if id(p) not in own]
    groups = [
        {"params": [p for p in rest if p.ndim > 1], "weight_decay": DECAY},
        {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0},
        {"params": list(mixtures), "weight_decay": 0.0, "lr": 3 * RATE},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], RATE, fused=True)


def ours(sharing):
    """`deep.steps` on the net of a sharing."""

    def start(case):
        data = case.table()
        net = sharing(case).build(data.tasks, case.inputs)
        return iter(deep.steps(net, data, epochs=10**9, batch_size=case.b))

    return start


def by_hand(net_of):
    """The loop that everybody writes: ``net_of(case)`` answers a list of ``(b,)`` per task."""

    def start(case):
        X, Y = tensors(case.table())
        net = net_of(case)
        descent = optimizer(net, getattr(net, "mixtures", ()))
        for _ in count():
            for rows in torch.randperm(len(X)).split(case.b):
                x, y = X[rows], Y[rows]
                loss = net.price() if hasattr(net, "price") else 0.0
                for t, out in enumerate(net(x)):
                    loss = loss + ((out - y[:, t]) ** 2).mean()
                descent.zero_grad()
                loss.backward()
                descent.step()
                yield

    return start


def in_one_matrix(case):
    """The shortest loop there is: heads as one layer, all losses as one expression."""
    X, Y = tensors(case.table())
    net = nn.Sequential(trunk_of(case), nn.Linear(case.widths[-1], case.T))
    descent = optimizer(net)
    for _ in count():
        for rows in torch.randperm(len(X)).split(case.b):
            x, y = X[rows], Y[rows]
            descent.zero_grad()
            ((net(x) - y) ** 2).mean(0).sum().backward()
            descent.step()
            yield


def trunk_of(case):
    """Linear layers and ReLUs."""
    widths = (case.inputs, *case.widths)
    layers = [(nn.Linear(a, b), nn.ReLU()) for a, b in pairwise(widths)]
    return nn.Sequential(*(one for pair in layers for one in pair))


class HeadPerTask(nn.Module):
    """A trunk, and a layer per task."""

    def __init__(self, case):
        super().__init__()
        self.trunk = trunk_of(case)
        self.heads = nn.ModuleList(nn.Linear(case.widths[-1], 1) for _ in range(case.T))

    def forward(self, x):
        h = self.trunk(x)
        return [head(h)[:, 0] for head in self.heads]
