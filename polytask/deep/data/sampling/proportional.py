"""Proportional sampling: every batch of every data set once."""

from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling, repeated, shuffled


@dataclass(frozen=True)
class Proportional(Sampling):
    """Every batch of every data set exactly once an epoch, in a random order.

    A data set with twice the rows has twice the steps; small ones are seldom seen.

    References
    ----------
    Sanh, Wolf, Ruder. A hierarchical multi-task approach for learning embeddings from semantic
    tasks. AAAI 2019.
    Survey: since the survey.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.data.sampling import Size
    >>> sizes = {"big": Size(300, 3), "small": Size(80, 1)}
    >>> sorted(Proportional().plan(sizes, 1, torch.Generator()))
    ['big', 'big', 'big', 'small']
    """

    def plan(self, sizes, epoch, generator):
        """All batches, shuffled."""
        return shuffled(repeated(sizes), generator)

    @classmethod
    def examples(cls):
        """The only one."""
        yield cls()
