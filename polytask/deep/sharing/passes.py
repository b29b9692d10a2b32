"""Several tasks through the same stages: their batches one after the other, as one."""

import torch
from torch import nn

from polytask.deep.trunk import called


def through(module, H, mask=None):
    """A stage on batches of several tasks ``(t, b, ...)``, as one batch ``(t b, ...)``."""
    rows = H.flatten(0, 1)
    if mask is not None:
        mask = mask.repeat(len(H), *[1] * (mask.ndim - 1))
    out = called(module, rows, mask)
    return out.unflatten(0, H.shape[:2])


class OneMask(nn.Module):
    """Dropout of batches ``(t, b, ...)`` that silences the same units for all tasks."""

    def __init__(self, share):
        super().__init__()
        self.dropout = nn.Dropout(share)

    def forward(self, H):
        if not self.training or self.dropout.p == 0:
            return H
        return H * self.dropout(torch.ones_like(H[:1]))
