"""Heads: the last layer of every task, and what its outputs mean by the task's loss."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from polytask.errors import UnsupportedError, require


def squared(outputs, y):
    """``(f - y)^2`` of outputs ``(b, T, 1)`` and labels ``(b, T)``, without a half."""
    return (outputs[..., 0] - y) ** 2


def absolute(outputs, y):
    """``|f - y|`` of outputs ``(b, T, 1)`` and labels ``(b, T)``."""
    return (outputs[..., 0] - y).abs()


def logistic(outputs, y):
    """Cross-entropy of logits ``(b, T, 1)`` and labels 0 or 1 ``(b, T)``."""
    return F.binary_cross_entropy_with_logits(outputs[..., 0], y, reduction="none")


def multinomial(outputs, y):
    """Cross-entropy of logits ``(b, T, K)`` and class numbers ``(b, T)``."""
    return F.cross_entropy(outputs.movedim(-1, 1), y.long(), reduction="none")


def _number(outputs):
    return outputs[:, 0]


def _two_classes(outputs):
    positive = torch.sigmoid(outputs[:, 0])
    return torch.stack([1 - positive, positive], 1)


def _classes(outputs):
    return torch.softmax(outputs, 1)


@dataclass(frozen=True)
class Meaning:
    """What the outputs of a head are: their loss per row, and the answer they stand for.

    Attributes
    ----------
    loss : callable
        Outputs ``(b, T, o)`` and labels ``(b, T)`` of tasks of one kind to losses ``(b, T)``.
    answer : callable
        Outputs ``(b, o)`` to numbers ``(b,)`` or probabilities ``(b, K)``.
    """

    loss: object
    answer: object


MEANINGS = {
    "squared": Meaning(squared, _number),
    "absolute": Meaning(absolute, _number),
    "logistic": Meaning(logistic, _two_classes),
    "multinomial": Meaning(multinomial, _classes),
}


def meaning(task):
    """The `Meaning` of a task's outputs, by the loss of its kind.

    Raises
    ------
    UnsupportedError
        If there is no head for such a loss.
    """
    require(
        task.kind.loss in MEANINGS,
        f"Deep models have heads for the losses {list(MEANINGS)}. Found {task.kind.loss!r} in "
        f"task {task.name!r}. Leave the task out, or say another kind.",
        UnsupportedError,
    )
    return MEANINGS[task.kind.loss]


class Heads(nn.Module):
    """A linear head per task, computed as one product.

    ``Y_t = H V_t + c_t`` with ``V_t`` of shape ``(h, o_t)``: the heads stand side by side in one
    matrix, because forty small products cost as much as one large one times forty.
    """

    def __init__(self, tasks, inputs):
        super().__init__()
        self.names = [task.name for task in tasks]
        self.widths = [task.kind.width for task in tasks]
        self.linear = nn.Linear(inputs, sum(self.widths))

    def forward(self, H):
        """Features ``(b, h)`` to a dict of task name -> outputs ``(b, o_t)``."""
        return dict(zip(self.names, self.linear(H).split(self.widths, 1)))
