"""Towers: what stands above features that every task has for itself."""

from torch import nn

from polytask.deep.heads import Heads
from polytask.deep.trunk import Trunk


class Towers(nn.Module):
    """Stages and a head per task, on features of its own.

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
        self.trunks = nn.ModuleList([Trunk(stages, inputs, dropout) for _ in aims])
        self.heads = nn.ModuleList([Heads((aim,), self.trunks[0].shapes[-1]) for aim in aims])

    def forward(self, features, which, mask=None):
        """Features per task, in the order of ``which``, to a dict of task name -> outputs."""
        found = {}
        for t, H in zip(which, features):
            found |= self.heads[t](self.trunks[t](H, mask))
        return found


def asked(net, tasks):
    """Positions of the tasks that are asked, in the order of the net."""
    names = [aim.name for aim in net.targets]
    return [t for t, name in enumerate(names) if tasks is None or name in tasks]
