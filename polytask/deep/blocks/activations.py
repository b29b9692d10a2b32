"""Activations by name."""

from torch import nn

from polytask.errors import require

ACTIVATIONS = {
    "gelu": nn.GELU,
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}


def known(activation, name):
    """Refuse an activation that is none of them, in the name of a stage.

    Raises
    ------
    ParameterError
    """
    require(
        activation in ACTIVATIONS,
        f"{name} needs an activation out of {list(ACTIVATIONS)}. Found {activation!r}.",
    )
