"""Heads: the last layer of every task."""

from itertools import accumulate

import torch
from torch import nn

from polytask.deep.shape import Shape
from polytask.deep.targets import targets
from polytask.errors import UnsupportedError, require

UNTOLD = object()


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

    Examples
    --------
    >>> import torch
    >>> from polytask import deep
    >>> from polytask.kinds import Binary, Multiclass
    >>> from polytask.task import Task
    >>> tasks = (Task("sold", Binary()), Task("tree", Multiclass(("ash", "elm", "oak"))))
    >>> {name: tuple(out.shape) for name, out in deep.Heads(tasks, 5)(torch.zeros(2, 5)).items()}
    {'sold': (2, 1), 'tree': (2, 3)}
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

    def rows_of(self, names):
        """What serves these tasks alone: pairs of a parameter and its rows."""
        ends = accumulate(self.widths)
        each = zip(self.names, self.widths, ends)
        rows = [i for name, width, end in each if name in names for i in range(end - width, end)]
        plain = [(p, rows) for p in self.linear.parameters()] if rows else []
        lonely = [module for name, module in zip(self.lonely, self.own) if name in names]
        return [*plain, *((p, slice(None)) for module in lonely for p in module.parameters())]

    def forward(self, H, tasks=None, mask=UNTOLD):
        """Features of a batch to a dict of task name -> outputs ``(b, *grid, o_t)``.

        Parameters
        ----------
        tasks : collection of str, optional
            The tasks that are asked; default: all.
        mask : bool tensor (b, length), or None
            Where sequences are real; None: everywhere. Heads with ``masked = True`` have to be
            told.
        """
        H = H.movedim(self.shape.axis, -1)
        found = {}
        if self.linear is not None:
            found = dict(zip(self.names, self.linear(H).split(self.widths, -1)))
        for name, module in zip(self.lonely, self.own):
            if tasks is None or name in tasks:
                found[name] = _called(module, H, mask, name)
        wanted = self.order if tasks is None else [name for name in self.order if name in tasks]
        return {name: found[name] for name in wanted}


def _called(module, H, mask, name):
    if not getattr(module, "masked", False):
        return module(H)
    require(
        mask is not UNTOLD,
        f"The head of task {name!r} has to know where sentences end, and this sharing does not "
        "tell. Take HardSharing or another sharing that does.",
        UnsupportedError,
    )
    return module(H, mask)


class ColumnHeads(nn.Module):
    """A linear head per task, each on a column of its own: ``Y_t = H_t V_t + c_t``.

    Heads of one width are one batched product; a loss with a head of its own stands beside it.

    Parameters
    ----------
    tasks : sequence of T Task or Target
    inputs : Shape or int
        Of the features in every column.
    """

    def __init__(self, tasks, inputs):
        super().__init__()
        self.shape = Shape.of(inputs)
        aims, channels = targets(tasks), self.shape.channels
        self.names = [aim.name for aim in aims]
        own = {t: aim.loss.head(aim.kind, channels) for t, aim in enumerate(aims)}
        self.lonely = [t for t, module in own.items() if module is not None]
        self.own = nn.ModuleList([own[t] for t in self.lonely])
        starts = {t: nn.Linear(channels, aims[t].width) for t in own if own[t] is None}
        widths = sorted({aims[t].width for t in starts})
        self.places = [[t for t in starts if aims[t].width == width] for width in widths]
        self.matrices, self.biases = nn.ParameterList(), nn.ParameterList()
        for places in self.places:
            linear = [starts[t] for t in places]
            self.matrices.append(torch.stack([one.weight.detach().T for one in linear]))
            self.biases.append(torch.stack([one.bias.detach() for one in linear])[:, None])

    def rows_of(self, names):
        """What serves these tasks alone: pairs of a parameter and its rows."""
        found = []
        for places, *both in zip(self.places, self.matrices, self.biases):
            rows = [row for row, t in enumerate(places) if self.names[t] in names]
            found += [(p, rows) for p in both if rows]
        lonely = [one for t, one in zip(self.lonely, self.own) if self.names[t] in names]
        return [*found, *((p, slice(None)) for module in lonely for p in module.parameters())]

    def forward(self, H, tasks=None):
        """Features of all columns ``(T, b, ...)`` to task name -> outputs ``(b, *grid, o_t)``.

        Parameters
        ----------
        tasks : collection of str, optional
            The tasks that are asked; default: all.
        """
        axis = self.shape.axis
        H = H if axis < 0 else H.movedim(axis + 1, -1)
        found = {
            t: _called(module, H[t], UNTOLD, self.names[t])
            for t, module in zip(self.lonely, self.own)
            if self._asked(t, tasks)
        }
        for places, matrix, bias in zip(self.places, self.matrices, self.biases):
            # one width: all columns are there, in order, and nothing is copied
            some = H if len(places) == len(H) else H[places]
            out = torch.baddbmm(bias, some.flatten(1, -2), matrix)
            found |= dict(zip(places, out.reshape(*some.shape[:-1], out.shape[-1]).unbind()))
        return {name: found[t] for t, name in enumerate(self.names) if self._asked(t, tasks)}

    def _asked(self, t, tasks):
        return tasks is None or self.names[t] in tasks
