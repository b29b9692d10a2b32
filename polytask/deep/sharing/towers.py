"""Towers: what stands above features that every task has for itself."""

import torch
from torch import nn

from polytask.deep.heads import Heads
from polytask.deep.sharing.stacked import stacked
from polytask.deep.trunk import Trunk


class Towers(nn.Module):
    """Stages and a head per task, on features of its own.

    Heads of one width are computed as one product.

    Parameters
    ----------
    aims : sequence of T Target
    inputs : Shape
        Of the features of one task.
    stages : tuple of Stage
        Between the features and the head; ``()`` leaves the head.
    """

    def __init__(self, aims, inputs, stages=(), dropout=0.0):
        super().__init__()
        self.names = [aim.name for aim in aims]
        self.trunks = nn.ModuleList([Trunk(stages, inputs, dropout) for _ in aims])
        self.shape = self.trunks[0].shapes[-1]
        self.heads = nn.ModuleList([Heads((aim,), self.shape) for aim in aims])

    def forward(self, features, which, mask=None):
        """Features ``(t, b, ...)`` of the tasks ``which`` to a dict of task name -> outputs."""
        H = [self.trunks[t](one, mask) for t, one in zip(which, features)]
        found, alike = {}, {}
        for t, one in zip(which, H):
            head = self.heads[t]
            if head.linear is None:
                found |= head(one, None, mask)
            else:
                alike.setdefault(head.linear.out_features, {})[t] = one.movedim(self.shape.axis, -1)
        for group in alike.values():
            out = stacked([self.heads[t].linear for t in group], torch.stack([*group.values()]))
            found |= {self.names[t]: one for t, one in zip(group, out.unbind())}
        return {self.names[t]: found[self.names[t]] for t in which}


def asked(net, tasks):
    """Positions of the tasks that are asked, in the order of the net."""
    names = [aim.name for aim in net.targets]
    return [t for t, name in enumerate(names) if tasks is None or name in tasks]
