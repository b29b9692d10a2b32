"""What two sequences have in common, as one vector."""

from dataclasses import dataclass, replace

import torch
from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.errors import require


@dataclass(frozen=True)
class PairFeatures(Stage):
    r"""Two sequences as one vector: the difference of what is largest in each, and the product.

    The first half of a batch are the first sequences of the pairs, the second half the second ones
    (`deep.text.pairs` makes such batches). With ``s = max_i h_i`` over the real positions, unit by
    unit: ``[s - s'; s * s']``, or ``[|s - s'|; s * s']``, which does not know which came first.

    Parameters
    ----------
    absolute : bool
        Whether the difference loses its sign.

    References
    ----------
    Tai, Socher, Manning. Improved semantic representations from tree-structured long short-term
    memory networks. ACL 2015.
    Hashimoto, Xiong, Tsuruoka, Socher. A joint many-task model. EMNLP 2017, section 2.5 and 2.6.

    Examples
    --------
    >>> import torch
    >>> from polytask import deep
    >>> pair = torch.tensor([[[1.0], [3.0]], [[5.0], [2.0]]])  # two sequences, one pair
    >>> deep.PairFeatures().build(deep.Shape(1, (None,)))(pair)
    tensor([[ 2., 15.]])
    """

    absolute: bool = True

    def build(self, inputs):
        """A module without parameters."""
        self.outputs(inputs)
        return _Pair(self.absolute)

    def outputs(self, inputs):
        """A vector of twice the channels per pair."""
        shape = self.needs(inputs, "sequences")
        return replace(shape, channels=2 * shape.channels, grid=())

    @classmethod
    def examples(cls):
        """None: a batch of pairs has half the rows behind it, and laws draw other batches."""
        return iter(())


class _Pair(nn.Module):
    masked = True

    def __init__(self, absolute):
        super().__init__()
        self.absolute = absolute

    def forward(self, H, mask=None):
        require(
            len(H) % 2 == 0,
            f"Pairs come as two halves of a batch. Found {len(H)} sequences.",
        )
        H = H if mask is None else H.masked_fill(~mask[..., None], torch.finfo(H.dtype).min)
        first, second = H.amax(1).chunk(2)
        gap = first - second
        return torch.cat([gap.abs() if self.absolute else gap, first * second], -1)
