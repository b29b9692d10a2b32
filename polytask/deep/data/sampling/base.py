"""The contract of a sampling: whose batch comes next, where tasks have data of their own."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import torch

from polytask.slot import Slot


class Size(NamedTuple):
    """How large a data set is.

    Attributes
    ----------
    rows : int
    batches : int
        In one pass over the rows.
    """

    rows: int
    batches: int


@dataclass(frozen=True)
class Sampling(Slot, ABC):
    """Which data set gives the next batch, for data sets of unlike sizes."""

    @abstractmethod
    def plan(self, sizes, epoch, generator):
        """The names of an epoch's data sets, one per step, in order.

        A data set that is named k times gives the first k batches of a newly drawn order of its
        rows; where it has fewer, it begins again.

        Parameters
        ----------
        sizes : dict of name -> Size
        epoch : int
            From 1.
        generator : torch.Generator
            All randomness comes from it.
        """


def drawn(chances, sizes, generator):
    """As many names as there are batches, each drawn by itself with chances like these."""
    names, count = list(sizes), sum(size.batches for size in sizes.values())
    chances = torch.tensor([float(chances[name]) for name in names], dtype=torch.float64)
    places = torch.multinomial(chances, count, replacement=True, generator=generator)
    return [names[place] for place in places.tolist()]


def shuffled(names, generator):
    """These names in a random order."""
    return [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]


def repeated(sizes):
    """Every name as often as it has batches."""
    return [name for name, size in sizes.items() for _ in range(size.batches)]
