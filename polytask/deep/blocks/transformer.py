"""A layer of a transformer encoder."""

from dataclasses import dataclass

from torch import nn
from torch.nn import functional as F

from polytask.deep.blocks.activations import ACTIVATIONS, known
from polytask.deep.blocks.base import Stage
from polytask.deep.shape import blanked
from polytask.errors import UnsupportedError, require


@dataclass(frozen=True)
class Transformer(Stage):
    """A layer of an encoder: positions attend to each other, then a perceptron at each.

    ``H + attention(norm(H))``, then ``H + perceptron(norm(H))``: norms first, so that deep stacks
    need no warm-up.

    Parameters
    ----------
    heads : int, >= 1
        Of the attention; the number of channels is a multiple of it.
    width : int >= 1, optional
        Units of the perceptron; default: four times the channels.
    dropout : float in [0, 1)
        On attention weights, and on what both parts add.
    activation : {"relu", "gelu", "tanh", "sigmoid", "linear"}

    Notes
    -----
    It does not see the order of positions: put `PositionalEncoding` before the first one.

    References
    ----------
    Vaswani et al. Attention is all you need. NIPS 2017, section 3.
    Xiong et al. On layer normalization in the transformer architecture. ICML 2020.

    Examples
    --------
    >>> from polytask import deep
    >>> words = deep.Embedding((20_000,), 32).outputs(deep.Shape(1, (None,)))
    >>> deep.Transformer().outputs(words)
    Shape(channels=32, grid=(None,))
    """

    heads: int = 4
    width: int | None = None
    dropout: float = 0.0
    activation: str = "gelu"

    def __post_init__(self):
        require(self.heads >= 1, f"Transformer needs heads >= 1. Found heads={self.heads}.")
        require(
            self.width is None or self.width >= 1,
            f"Transformer needs width >= 1. Found width={self.width}.",
        )
        require(
            0 <= self.dropout < 1,
            f"Transformer needs dropout in [0, 1). Found dropout={self.dropout}.",
        )
        known(self.activation, "Transformer")

    def build(self, inputs):
        """Two norms, the attention and the perceptron."""
        return _Layer(self, self._taken(inputs).channels)

    def outputs(self, inputs):
        """As it came in."""
        return self._taken(inputs)

    def producers(self, weights):
        """The last matrices of both parts, a row per channel."""
        return [weights["out.weight"], weights["down.weight"]]

    def _taken(self, inputs):
        shape = self.needs(inputs, "sequences")
        require(
            shape.channels % self.heads == 0,
            f"Transformer needs channels that are a multiple of its heads. Found "
            f"{shape.channels} channels and {self.heads} heads. Put a Dense before it, or take "
            "other heads.",
            UnsupportedError,
        )
        return shape

    @classmethod
    def examples(cls):
        """A usual one, and a narrow one."""
        yield cls()
        yield cls(2, 5, 0.1, "tanh")


class _Layer(nn.Module):
    masked = True

    def __init__(self, stage, channels):
        super().__init__()
        width = stage.width or 4 * channels
        self.heads, self.share = stage.heads, stage.dropout
        self.before, self.between = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.asks = nn.Linear(channels, 3 * channels)  # queries, keys and values side by side
        self.out = nn.Linear(channels, channels)
        self.up, self.down = nn.Linear(channels, width), nn.Linear(width, channels)
        self.activation = ACTIVATIONS[stage.activation]()
        self.dropout = nn.Dropout(stage.dropout)

    def forward(self, H, mask=None):
        H = H + self.dropout(self._attention(self.before(H), mask))
        inner = self.dropout(self.activation(self.up(self.between(H))))
        return blanked(H + self.dropout(self.down(inner)), mask)

    def _attention(self, H, mask):
        parts = self.asks(H).unflatten(-1, (3, self.heads, -1))  # (b, length, 3, heads, k)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4)
        if mask is not None:
            # a sequence without a position attends to its padding, and is blanked
            mask = (mask | ~mask.any(1, keepdim=True))[:, None, None]
        seen = F.scaled_dot_product_attention(
            queries, keys, values, mask, self.share if self.training else 0.0
        )
        return self.out(seen.transpose(1, 2).flatten(2))
