"""A stage in several columns that computes with numbers it is lent."""

import copy

import torch
from torch import nn
from torch.func import functional_call

from polytask.deep.blocks import ACTIVATIONS, Dense


class Lent(nn.Module):
    """A stage whose weights come with every call; it keeps no numbers but the columns' statistics.

    Attributes
    ----------
    names : list of str
        Of the weights that it has to be lent.

    Examples
    --------
    >>> stage = Lent(Dense(4), Dense(4).build(3), 2)
    >>> weights = {"0.weight": torch.ones(2, 4, 3), "0.bias": torch.zeros(2, 4)}
    >>> stage(torch.ones(2, 5, 3), weights).shape
    torch.Size([2, 5, 4])
    """

    def __init__(self, stage, module, count):
        super().__init__()
        self.activation = ACTIVATIONS[stage.activation]() if isinstance(stage, Dense) else None
        self.names = [name for name, _ in module.named_parameters()]
        self.statistics = [name for name, _ in module.named_buffers()]
        for i, (_, value) in enumerate(module.named_buffers()):
            self.register_buffer(f"statistic_{i}", value.repeat(count, *[1] * value.ndim))
        # in a tuple it is no submodule, and its own numbers are nowhere
        self.pattern = (copy.deepcopy(module).to("meta"),)
        self.skeleton = None

    def __getstate__(self):
        # a recurrent module holds on to what it was lent last
        return self.__dict__ | {"skeleton": None}

    def __deepcopy__(self, memo):
        new = object.__new__(type(self))
        memo[id(self)] = new
        new.__dict__ = copy.deepcopy(self.__getstate__(), memo)
        return new

    def forward(self, H, weights, mask=None, which=None):
        """Features ``(c, b, ...)`` of columns with weights ``{name: (T, *shape)}``.

        Parameters
        ----------
        which : list of int, optional
            The columns that ``H`` holds; default: all.
        """
        which = list(range(len(H))) if which is None else which
        if self.activation is not None:
            weight, bias = (weights[name][which] for name in self.names)
            out = torch.baddbmm(bias[:, None], H.flatten(1, -2), weight.mT)
            return self.activation(out).reshape(*H.shape[:-1], out.shape[-1])
        module = self._module()
        arguments = (mask,) if getattr(module, "masked", False) else ()
        return torch.stack(
            [
                functional_call(module, self._of(t, weights), (h, *arguments))
                for t, h in zip(which, H.unbind())
            ]
        )

    def _of(self, t, weights):
        own = {name: getattr(self, f"statistic_{i}")[t] for i, name in enumerate(self.statistics)}
        return own | {name: weights[name][t] for name in self.names}

    def _module(self):
        if self.skeleton is None:
            self.skeleton = (copy.deepcopy(self.pattern[0]),)
        return self.skeleton[0].train(self.training)

    @torch.no_grad()
    def copy_statistics(self, modules):
        """Take over the statistics of a module per column."""
        for t, module in enumerate(modules):
            for i, (_, value) in enumerate(module.named_buffers()):
                getattr(self, f"statistic_{i}")[t] = value
