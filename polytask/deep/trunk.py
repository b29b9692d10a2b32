"""Stages in a row, as one module."""

from torch import nn

from polytask.deep.blocks import Stage
from polytask.deep.shape import Shape
from polytask.errors import require


def checked(stages, name):
    """The stages as a tuple; refused in the name of a sharing where they are none.

    Raises
    ------
    ParameterError
        If they are no sequence of stages.
    """
    require(
        isinstance(stages, tuple | list) and all(isinstance(s, Stage) for s in stages),
        f"{name} needs a trunk of stages, such as mlp(64, 64). Found {stages!r}.",
    )
    return tuple(stages)


def called(module, H, mask):
    """What a module makes of a batch, with the mask where it takes one."""
    return module(H, mask) if getattr(module, "masked", False) else module(H)


class Trunk(nn.Module):
    """Stages one after the other, each followed by dropout.

    Attributes
    ----------
    shapes : list of Shape
        Of the inputs, then after every stage.
    """

    masked = True

    def __init__(self, stages, inputs, dropout=0.0):
        super().__init__()
        self.shapes = [Shape.of(inputs)]
        self.stages = nn.ModuleList()
        self.dropout = nn.Dropout(dropout) if dropout else nn.Identity()
        for stage in stages:
            self.stages.append(stage.build(self.shapes[-1]))
            self.shapes.append(Shape.of(stage.outputs(self.shapes[-1])))

    def walk(self, X, mask=None):
        """What stands after every stage, in order."""
        for module in self.stages:
            X = called(module, X, mask)
            # words are numbers of a list: nothing of them can be silenced
            X = self.dropout(X) if X.is_floating_point() else X
            yield X

    def forward(self, X, mask=None):
        """What stands after the last stage."""
        H = X
        for H in self.walk(X, mask):  # noqa: B007  the last one is the answer
            pass
        return H
