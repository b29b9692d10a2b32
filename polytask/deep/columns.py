"""The same stage several times side by side: the columns of nets that share softly."""

from abc import ABC, abstractmethod

import torch
from torch import nn

from polytask.deep.blocks import ACTIVATIONS, Dense
from polytask.deep.shape import Shape
from polytask.deep.trunk import called

# Weights of a column up to which one product of all columns is at least as fast as a product for
# each: whole steps of eight columns, three layers of one width, batch 128, torch 2.13 on a core of
# a server. 64 units: 1.9 times as fast, 256: 1.15, 512: level.
LARGEST = 2**17


class Columns(nn.Module, ABC):
    """One stage in every column: inputs ``(c, b, ...)`` to outputs ``(c, b, ...)``.

    Inputs that all columns have in common come as ``x.expand(c, *x.shape)``, which copies nothing.
    """

    masked = True

    @abstractmethod
    def forward(self, H, mask=None, which=None):
        """Features of all columns ``(c, b, ...)``, and the mask of real positions or None.

        ``which`` lists the columns that ``H`` holds, where it does not hold all.
        """

    @abstractmethod
    def stacks(self):
        """The weights of all columns, a dict of name in the stage -> tensor ``(c, *shape)``.

        Names and shapes are those in the stage's own module, however the columns are computed: of a
        linear map ``(outputs, inputs)``, of a kernel ``(outputs, inputs, height, width)``.
        """

    @abstractmethod
    def put(self, name, values):
        """Write weights ``(c, *shape)`` in place of those that `stacks` gives by this name."""


class Batched(Columns):
    """Dense stages of all columns as one batched product."""

    def __init__(self, starts, activation):
        super().__init__()
        linear = [start[0] for start in starts]
        # (c, inputs, outputs): the gradient of a transposed product would be copied once more
        self.weight = nn.Parameter(torch.stack([one.weight.detach().T for one in linear]))
        self.bias = nn.Parameter(torch.stack([one.bias.detach() for one in linear])[:, None])
        self.activation = ACTIVATIONS[activation]()

    def forward(self, H, mask=None, which=None):
        flat = H.flatten(1, -2)  # (c, b or b length, d)
        weight, bias = self.weight, self.bias
        if which is not None:
            weight, bias = weight[which], bias[which]
        out = self.activation(torch.baddbmm(bias, flat, weight))
        return out if H.dim() == 3 else out.reshape(*H.shape[:-1], out.shape[-1])

    def stacks(self):
        return {"0.weight": self.weight.mT, "0.bias": self.bias[:, 0]}

    @torch.no_grad()
    def put(self, name, values):
        self.stacks()[name].copy_(values)  # a view


class Looped(Columns):
    """Any stage, column by column."""

    def __init__(self, starts):
        super().__init__()
        self.columns = nn.ModuleList(starts)

    def forward(self, H, mask=None, which=None):
        some = self.columns if which is None else [self.columns[c] for c in which]
        return torch.stack([called(one, h, mask) for one, h in zip(some, H.unbind())])

    def stacks(self):
        each = [dict(one.named_parameters()) for one in self.columns]
        return {name: torch.stack([one[name] for one in each]) for name in each[0]}

    @torch.no_grad()
    def put(self, name, values):
        for one, value in zip(self.columns, values):
            one.get_parameter(name).copy_(value)


def columns(stage, inputs, count, *, same_start=False):
    """A stage in every one of ``count`` columns, computed the faster way.

    Parameters
    ----------
    stage : Stage
    inputs : Shape or int
    count : int, >= 1
    same_start : bool
        All columns start with the numbers of the first one.
    """
    shape = Shape.of(inputs)
    starts = [stage.build(shape) for _ in range(count)]
    if same_start:
        for one in starts[1:]:
            one.load_state_dict(starts[0].state_dict())
    if isinstance(stage, Dense) and shape.channels * stage.width <= LARGEST:
        return Batched(starts, stage.activation)
    return Looped(starts)
