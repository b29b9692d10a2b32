"""Norms as stages, and dropout where it is wanted."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.deep.shape import Shape
from polytask.errors import require


@dataclass(frozen=True)
class LayerNorm(Stage):
    """Mean 0 and deviation 1 within a row, times a learned scale, plus a learned shift.

    Over the channels of a vector or of a position of a sequence; over the channels of a map at all
    its positions.

    References
    ----------
    Ba, Kiros, Hinton. Layer normalization. arXiv 1607.06450, 2016.

    Examples
    --------
    >>> import torch
    >>> from polytask import deep
    >>> deep.LayerNorm().build(2)(torch.tensor([[1.0, 3.0]])).round(decimals=2).tolist()
    [[-1.0, 1.0]]
    """

    def build(self, inputs):
        """`torch.nn.LayerNorm`, for maps `torch.nn.GroupNorm` with one group."""
        shape = Shape.of(inputs)
        if shape.word == "maps":
            return nn.GroupNorm(1, shape.channels)
        return nn.LayerNorm(shape.channels)

    def outputs(self, inputs):
        """As it came in."""
        return Shape.of(inputs)


@dataclass(frozen=True)
class BatchNorm(Stage):
    """Mean 0 and deviation 1 of every channel over the batch, then a learned scale and shift.

    Over rows, and over all positions of maps or the real ones of sequences. At prediction the
    running mean and deviation of training are taken, so that a row does not see its neighbours.

    Parameters
    ----------
    momentum : float in (0, 1]
        How much of the running mean every batch replaces.

    Notes
    -----
    Tasks with data sets of their own mix their statistics in one of these; `LayerNorm` has none.

    References
    ----------
    Ioffe, Szegedy. Batch normalization: accelerating deep network training by reducing internal
    covariate shift. ICML 2015.

    Examples
    --------
    >>> from polytask import deep
    >>> trunk = (deep.Dense(64), deep.BatchNorm(), deep.Dense(64))
    >>> deep.HardSharing(trunk).trunk[1]
    BatchNorm(momentum=0.1)
    """

    momentum: float = 0.1

    def __post_init__(self):
        require(
            0 < self.momentum <= 1,
            f"BatchNorm needs momentum in (0, 1]. Found momentum={self.momentum}.",
        )

    def build(self, inputs):
        """`torch.nn.BatchNorm1d`, for maps `torch.nn.BatchNorm2d`."""
        shape = Shape.of(inputs)
        if shape.word == "sequences":
            return _OverReal(shape.channels, self.momentum)
        kind = nn.BatchNorm2d if shape.word == "maps" else nn.BatchNorm1d
        return kind(shape.channels, momentum=self.momentum)

    def outputs(self, inputs):
        """As it came in."""
        return Shape.of(inputs)


class _OverReal(nn.Module):
    """Batch norm of sequences over their real positions."""

    masked = True

    def __init__(self, channels, momentum):
        super().__init__()
        self.norm = nn.BatchNorm1d(channels, momentum=momentum)

    def forward(self, H, mask=None):
        if mask is None:
            return self.norm(H.flatten(0, 1)).reshape(H.shape)
        out = torch.zeros_like(H)
        out[mask] = self.norm(H[mask])
        return out


@dataclass(frozen=True)
class Dropout(Stage):
    """Silences a share of the units while training, and makes the others as much louder.

    Of maps whole channels are silenced.

    Parameters
    ----------
    share : float in [0, 1)

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov. Dropout: a simple way to prevent
    neural networks from overfitting. JMLR 15, 2014.

    Examples
    --------
    >>> from polytask import deep
    >>> deep.HardSharing((deep.Dropout(0.2), *deep.mlp(64)))
    HardSharing(trunk=(Dropout(share=0.2), Dense(width=64, activation='relu')), dropout=0.0)
    """

    share: float = 0.5

    def __post_init__(self):
        require(0 <= self.share < 1, f"Dropout needs share in [0, 1). Found share={self.share}.")

    def build(self, inputs):
        """`torch.nn.Dropout`, for maps `torch.nn.Dropout2d`."""
        return (nn.Dropout2d if Shape.of(inputs).word == "maps" else nn.Dropout)(self.share)

    def outputs(self, inputs):
        """As it came in."""
        return Shape.of(inputs)
