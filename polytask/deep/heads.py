"""Heads: the last layer of every task."""

from torch import nn

from polytask.deep.shape import Shape
from polytask.deep.targets import targets


class Heads(nn.Module):
    """A linear head per task, computed as one product.

    ``Y_t = H V_t + c_t`` with ``V_t`` of shape ``(h, o_t)``: the heads stand side by side in one
    matrix, because forty small products cost as much as one large one times forty. A loss with a
    head of its own (a chain of tags) stands beside it.

    Parameters
    ----------
    tasks : sequence of Task or Target
    inputs : Shape or int
        Of the features; with a grid there is an answer for every position.
    """

    def __init__(self, tasks, inputs):
        super().__init__()
        self.shape = Shape.of(inputs)
        aims = targets(tasks)
        own = {aim.name: aim.loss.head(aim.kind, self.shape.channels) for aim in aims}
        self.own = nn.ModuleList([module for module in own.values() if module is not None])
        self.order = [aim.name for aim in aims]
        self.lonely = [name for name, module in own.items() if module is not None]
        plain = [aim for aim in aims if own[aim.name] is None]
        self.names, self.widths = [aim.name for aim in plain], [aim.width for aim in plain]
        self.linear = nn.Linear(self.shape.channels, sum(self.widths)) if plain else None

    def forward(self, H, tasks=None):
        """Features of a batch to a dict of task name -> outputs ``(b, *grid, o_t)``.

        Parameters
        ----------
        tasks : collection of str, optional
            The tasks that are asked; default: all.
        """
        H = H.movedim(self.shape.axis, -1)
        found = {}
        if self.linear is not None:
            found = dict(zip(self.names, self.linear(H).split(self.widths, -1)))
        for name, module in zip(self.lonely, self.own):
            if tasks is None or name in tasks:
                found[name] = module(H)
        wanted = self.order if tasks is None else [name for name in self.order if name in tasks]
        return {name: found[name] for name in wanted}
