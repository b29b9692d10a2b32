"""Tasks, stages of a user's own and batches of every form, for the tests of sharings."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep import Padded, Shape, Stage
from polytask.deep.train import Stream
from polytask.kinds import Binary, Multiclass, Regression
from polytask.task import Task

TASKS = (
    Task("price", Regression()),
    Task("tree", Multiclass(("ash", "elm", "oak"))),
    Task("sold", Binary()),
)
NUMBERS = tuple(Task(name, Regression()) for name in ("a", "b", "c"))


def built(sharing, inputs=4, tasks=NUMBERS, seed=0):
    """A net in float64 at a start of its own, for evaluation."""
    with Stream(seed):
        return sharing.build(tasks, inputs).double().eval()


def rows(*sizes, seed=1):
    """A batch of random numbers."""
    return torch.randn(*sizes, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@dataclass(frozen=True)
class Filters(Stage):
    """A convolution that halves a map."""

    width: int = 4

    def build(self, inputs):
        channels = self.needs(inputs, "maps").channels
        return nn.Sequential(nn.Conv2d(channels, self.width, 3, stride=2, padding=1), nn.Tanh())

    def outputs(self, inputs):
        return Shape(self.width, tuple(-(-n // 2) for n in Shape.of(inputs).grid))


@dataclass(frozen=True)
class Same(Stage):
    """A convolution that keeps the size of a map."""

    width: int = 4

    def build(self, inputs):
        channels = self.needs(inputs, "maps").channels
        return nn.Sequential(nn.Conv2d(channels, self.width, 3, padding=1), nn.Tanh())

    def outputs(self, inputs):
        return Shape(self.width, Shape.of(inputs).grid)


@dataclass(frozen=True)
class Flat(Stage):
    """All numbers of a map in a row."""

    def build(self, inputs):
        self.needs(inputs, "maps")
        return nn.Flatten()

    def outputs(self, inputs):
        shape = Shape.of(inputs)
        return Shape(shape.channels * shape.grid[0] * shape.grid[1])


@dataclass(frozen=True)
class Reader(Stage):
    """A mask-aware running mean of a sequence, then a linear map."""

    width: int = 5

    def build(self, inputs):
        return _Reading(self.needs(inputs, "sequences").channels, self.width)

    def outputs(self, inputs):
        return Shape(self.width, Shape.of(inputs).grid)


class _Reading(nn.Module):
    masked = True

    def __init__(self, channels, width):
        super().__init__()
        self.linear = nn.Linear(channels, width)

    def forward(self, H, mask):
        real = H.new_ones(H.shape[:2]) if mask is None else mask.to(H)
        summed = (H * real[..., None]).cumsum(1) / real.cumsum(1).clamp_min(1)[..., None]
        return torch.tanh(self.linear(summed))


def padded(values, lengths):
    """Sequences whose positions beyond their length are not real."""
    mask = torch.arange(values.shape[1]) < torch.tensor(lengths)[:, None]
    return Padded(values * mask[..., None], mask)
