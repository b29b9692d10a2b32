"""Features of one net that another part looks at: their channels, their mean, their grid."""

from torch import nn
from torch.nn import functional as F


def mean_of(H, shape, mask=None):
    """Channels of a batch averaged over the positions of every row, ``(b, channels)``.

    Parameters
    ----------
    H : tensor (b, channels), (b, length, channels) or (b, channels, height, width)
    shape : Shape
    mask : bool tensor (b, length), optional
        Positions that are not real do not count.
    """
    if not shape.grid:
        return H
    flat = H.movedim(shape.axis, -1).flatten(1, -2)  # (b, positions, channels)
    if mask is None or mask.shape != flat.shape[:2]:
        return flat.mean(1)
    real = mask.unsqueeze(-1).to(flat)
    return (flat * real).sum(1) / real.sum(1).clamp_min(1)


def per_channel(values, shape):
    """Values ``(..., channels)`` so that they multiply batches of a `Shape`: ones at the grid."""
    places = len(shape.grid)
    if shape.axis == -1:
        return values.reshape(*values.shape[:-1], *[1] * places, values.shape[-1])
    return values.reshape(*values.shape, *[1] * places)


class Pointwise(nn.Linear):
    """A linear map of the channels, the same at every position: a convolution of size 1.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.shape import Shape
    >>> Pointwise(Shape(3, (5, 7)), 2)(torch.zeros(4, 3, 5, 7)).shape
    torch.Size([4, 2, 5, 7])
    """

    def __init__(self, shape, channels):
        super().__init__(shape.channels, channels)
        self.axis = shape.axis

    def forward(self, H):
        return super().forward(H.movedim(self.axis, -1)).movedim(-1, self.axis)


def fitted(H, before, after, like, mask=None):
    """Features on the grid of other features: pooled, spread, or as they are.

    Parameters
    ----------
    H : tensor of the shape ``before``
    before, after : Shape
        Channels do not matter.
    like : tensor of the shape ``after``
        Its sizes count where a `Shape` leaves them open.
    """
    if len(before.grid) != len(after.grid) or not before.grid:
        mean = mean_of(H, before, mask)
        sizes = [n for axis, n in enumerate(like.shape[1:], 1) if axis != like.ndim + after.axis]
        if after.axis == 1:
            return per_channel(mean, after).expand(*mean.shape, *like.shape[2:])
        return per_channel(mean, after).expand(len(mean), *sizes, mean.shape[-1])
    pool = (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d)[len(after.grid) - 1]
    first, wanted = H.movedim(before.axis, 1), like.movedim(after.axis, 1).shape[2:]
    if first.shape[2:] == wanted:
        return H
    return pool(first, wanted).movedim(1, before.axis)
