"""A convolution, a norm and an activation."""

from dataclasses import dataclass, replace

from torch import nn

from polytask.deep.blocks.activations import ACTIVATIONS, known
from polytask.deep.blocks.base import Stage
from polytask.deep.shape import blanked
from polytask.errors import UnsupportedError, require

# Over a batch and its positions; over the channels and positions of a row.
NORMS = {
    "none": lambda channels: nn.Identity(),
    "batch": nn.BatchNorm2d,
    "layer": lambda channels: nn.GroupNorm(1, channels),
}


@dataclass(frozen=True)
class Convolution(Stage):
    """A convolution over the positions of maps or sequences, then a norm and an activation.

    Parameters
    ----------
    channels : int, >= 1
        That come out.
    kernel : int, >= 1
        Positions that are seen in every direction.
    stride : int, >= 1
        Steps between positions that come out; 1 for sequences, whose labels stand at positions.
    padding : int, optional
        Zeros at every edge; default: half a kernel, so that stride 1 keeps the grid. Sequences take
        the default and an odd kernel.
    activation : {"relu", "gelu", "tanh", "sigmoid", "linear"}
    norm : {"none", "batch", "layer"}
        Before the activation; ``"batch"`` for maps only. ``"layer"`` is over the channels of a map
        at all its positions, or of a sequence at each.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner. Gradient-based learning applied to document recognition.
    Proceedings of the IEEE 86, 1998.

    Examples
    --------
    >>> from polytask import deep
    >>> deep.Convolution(16, stride=2).outputs(deep.Shape(3, (60, 80)))
    Shape(channels=16, grid=(30, 40))
    """

    channels: int
    kernel: int = 3
    stride: int = 1
    padding: int | None = None
    activation: str = "relu"
    norm: str = "none"

    def __post_init__(self):
        for name in ("channels", "kernel", "stride"):
            value = getattr(self, name)
            require(value >= 1, f"Convolution needs {name} >= 1. Found {name}={value}.")
        known(self.activation, "Convolution")
        require(
            self.norm in NORMS,
            f"Convolution needs a norm out of {list(NORMS)}. Found {self.norm!r}.",
        )

    def build(self, inputs):
        """`torch.nn.Conv2d` or `torch.nn.Conv1d`, the norm and the activation."""
        shape = self._taken(inputs)
        if shape.word == "sequences":
            return _OverTime(self, shape.channels)
        return nn.Sequential(
            nn.Conv2d(shape.channels, self.channels, self.kernel, self.stride, self._pad),
            NORMS[self.norm](self.channels),
            ACTIVATIONS[self.activation](),
        )

    def outputs(self, inputs):
        """The new channels, on a grid that stride and padding make."""
        shape = self._taken(inputs)
        if shape.word == "sequences":
            return replace(shape, channels=self.channels)
        grid = tuple(None if size is None else self._left(size) for size in shape.grid)
        require(
            all(size is None or size >= 1 for size in grid),
            f"{self!r} leaves nothing of {shape}. Take a smaller kernel or more padding.",
        )
        return replace(shape, channels=self.channels, grid=grid)

    def producers(self, weights):
        """The kernel, a row per channel."""
        return [weights["0.weight"].flatten(2)]

    @property
    def _pad(self):
        return self.kernel // 2 if self.padding is None else self.padding

    def _left(self, size):
        return (size + 2 * self._pad - self.kernel) // self.stride + 1

    def _taken(self, inputs):
        shape = self.needs(inputs, "maps", "sequences")
        keeps = self.stride == self.kernel % 2 == 1 and self.padding is None
        require(
            shape.word == "maps" or (keeps and self.norm != "batch"),
            f"On sequences a convolution keeps every position: an odd kernel, stride 1, no padding "
            f"of its own, no batch norm. Found {self!r}.",
            UnsupportedError,
        )
        return shape

    @classmethod
    def examples(cls):
        """A usual one, and one that makes a map smaller."""
        yield cls(8)
        yield cls(6, 5, norm="layer", activation="tanh")
        yield cls(5, 2, stride=2, padding=0, norm="batch")


class _OverTime(nn.Sequential):
    """A convolution of sequences: the zeros beyond their ends are real ones."""

    masked = True

    def __init__(self, stage, inputs):
        super().__init__(
            nn.Conv1d(inputs, stage.channels, stage.kernel, padding="same"),
            nn.LayerNorm(stage.channels) if stage.norm == "layer" else nn.Identity(),
            ACTIVATIONS[stage.activation](),
        )

    def forward(self, H, mask=None):
        H = self[0](blanked(H, mask).mT).mT
        return blanked(self[2](self[1](H)), mask)
