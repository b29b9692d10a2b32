"""Numbers of fewer bits inside the net, and gradients that survive them."""

from contextlib import nullcontext

import torch


class Precision:
    """In which type a net computes, and how its optimiser steps then.

    Parameters
    ----------
    name : {None, "bfloat16", "float16"}
    device : torch.device
    """

    def __init__(self, name, device):
        self._type = device.type
        self.dtype = name and getattr(torch, name)
        self.scaler = torch.amp.GradScaler(device.type) if name == "float16" else None

    def context(self):
        """In which the net is called."""
        return nullcontext() if self.dtype is None else torch.autocast(self._type, self.dtype)

    def scaled(self, losses):
        """The same losses, whose gradients come out larger."""
        if self.scaler is None:
            return losses
        self.scaler.scale(losses.new_ones(()))  # makes its factor at the first call
        return _Larger.apply(losses, self.scaler.get_scale())

    def unscale(self, optimizer):
        """Gradients in their own units again."""
        if self.scaler is not None:
            self.scaler.unscale_(optimizer)

    def step(self, optimizer):
        """A step; none where a gradient overflowed, and the factor falls."""
        if self.scaler is None:
            optimizer.step()
        else:
            self.scaler.step(optimizer)
            self.scaler.update()

    def state_dict(self):
        """The factor and how long it has held."""
        return {} if self.scaler is None else self.scaler.state_dict()

    def load_state_dict(self, state):
        """Go on from there."""
        if self.scaler is not None:
            self.scaler.load_state_dict(state)


class _Larger(torch.autograd.Function):
    @staticmethod
    def forward(ctx, losses, factor):
        ctx.factor = factor
        return losses.view_as(losses)

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.factor, None
