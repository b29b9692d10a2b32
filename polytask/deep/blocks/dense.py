"""A linear map and an activation, and stacks of them."""

from dataclasses import dataclass, replace

from torch import nn

from polytask.deep.blocks.activations import ACTIVATIONS, known
from polytask.deep.blocks.base import Stage
from polytask.errors import require


@dataclass(frozen=True)
class Dense(Stage):
    """A linear map and an activation, ``phi(x A + b)``.

    Parameters
    ----------
    width : int, >= 1
        Number of units.
    activation : {"relu", "gelu", "tanh", "sigmoid", "linear"}

    Examples
    --------
    >>> from polytask.deep import Dense
    >>> Dense(8).build(3)
    Sequential(
      (0): Linear(in_features=3, out_features=8, bias=True)
      (1): ReLU()
    )
    """

    width: int
    activation: str = "relu"

    def __post_init__(self):
        require(self.width >= 1, f"Dense needs width >= 1. Found width={self.width}.")
        known(self.activation, "Dense")

    def build(self, inputs):
        """`torch.nn.Linear` and the activation."""
        shape = self.needs(inputs, "vectors", "sequences")
        return nn.Sequential(nn.Linear(shape.channels, self.width), ACTIVATIONS[self.activation]())

    def outputs(self, inputs):
        """As many channels as units, at the same positions."""
        return replace(self.needs(inputs, "vectors", "sequences"), channels=self.width)

    def producers(self, weights):
        """The matrix, a row per unit."""
        return [weights["0.weight"]]

    @classmethod
    def examples(cls):
        """A usual one and a saturating one."""
        yield cls(8)
        yield cls(5, "tanh")


def mlp(*widths, activation="relu"):
    """Stages of a multilayer perceptron, one per width; none of them is a linear model.

    Parameters
    ----------
    widths : int, >= 1
        Units per layer, from the inputs to the heads.
    activation : {"relu", "gelu", "tanh", "sigmoid", "linear"}

    Returns
    -------
    tuple of Dense

    Examples
    --------
    >>> from polytask import deep
    >>> deep.mlp(64, 32)
    (Dense(width=64, activation='relu'), Dense(width=32, activation='relu'))
    """
    return tuple(Dense(width, activation) for width in widths)
