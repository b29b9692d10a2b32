"""Where in a sequence a position stands."""

import math
from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.deep.shape import blanked
from polytask.errors import require


@dataclass(frozen=True)
class PositionalEncoding(Stage):
    """Adds to every position of a sequence waves that tell where it stands.

    Channels ``2j`` and ``2j + 1`` of position s get the sine and the cosine of
    ``s / longest^(2j / channels)``.

    Parameters
    ----------
    longest : float, > 1
        The longest wave, in positions, is 2 pi times as long.

    References
    ----------
    Vaswani et al. Attention is all you need. NIPS 2017, section 3.5.

    Examples
    --------
    >>> import torch
    >>> from polytask import deep
    >>> waves = deep.PositionalEncoding().build(deep.Shape(2, (None,)))(torch.zeros(1, 3, 2))
    >>> waves[0, 1]  # sin 1, cos 1
    tensor([0.8415, 0.5403])
    """

    longest: float = 10_000.0

    def __post_init__(self):
        require(
            self.longest > 1, f"PositionalEncoding needs longest > 1. Found longest={self.longest}."
        )

    def build(self, inputs):
        """A module without parameters."""
        self.needs(inputs, "sequences")
        return _Waves(self.longest)

    def outputs(self, inputs):
        """As it came in."""
        return self.needs(inputs, "sequences")


class _Waves(nn.Module):
    masked = True

    def __init__(self, longest):
        super().__init__()
        self.longest = longest

    def forward(self, H, mask=None):
        length, channels = H.shape[1:]
        place = torch.arange(length, dtype=H.dtype, device=H.device)[:, None]
        pair = torch.arange(0, channels, 2, dtype=H.dtype, device=H.device)
        angle = place * torch.exp(-math.log(self.longest) / channels * pair)
        waves = torch.stack([angle.sin(), angle.cos()], -1).flatten(1)[:, :channels]
        return blanked(H + waves, mask)
