"""Mixture ratios: all of the target's batches, and so many of the others'."""

import math
from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling, repeated, shuffled
from polytask.errors import TaskError, require


@dataclass(frozen=True)
class MixtureRatio(Sampling):
    r"""All batches of a target once, and ``floor(ratio N_target)`` batches of the others.

    Those are drawn without replacement from all batches of all others, newly in every epoch, and
    shuffled among the target's; where the others have fewer, all of them. 0 is the target alone.

    Parameters
    ----------
    target : str
        The data set that counts.
    ratio : float, >= 0
        Batches of others per batch of the target.

    Raises
    ------
    ParameterError
        If ``ratio`` is negative.
    TaskError
        If there is no data set of that name.

    Notes
    -----
    This is the form of the paper. Its code counts in units of the others: `MixtureRatioOfOthers`.

    References
    ----------
    Xu, Liu, Shen, Liu, Gao. Multi-task learning with sample re-weighting for machine reading
    comprehension. NAACL 2019.
    Survey: since the survey.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.data.sampling import Size
    >>> sizes = {"main": Size(40, 4), "a": Size(50, 5), "b": Size(20, 2)}
    >>> plan = MixtureRatio("main", 0.6).plan(sizes, 1, torch.Generator())
    >>> plan.count("main"), len(plan)
    (4, 6)
    """

    target: str
    ratio: float = 0.5

    def __post_init__(self):
        require(self.ratio >= 0, f"MixtureRatio needs ratio >= 0. Found ratio={self.ratio}.")

    def plan(self, sizes, epoch, generator):
        """All of the target, some of the others."""
        own, others = parted(self.target, sizes)
        count = math.floor(self.ratio * len(own) + ROUNDING)
        return shuffled(own + shuffled(others, generator)[:count], generator)

    @classmethod
    def examples(cls):
        """A target called main, beside some others and alone."""
        yield cls("main", 0.5)
        yield cls("main", 0.0)


# 0.29 of 100 batches are 29, although 0.29 * 100 is 28.999999999999996.
ROUNDING = 1e-9


def parted(target, sizes):
    """Names of the target's batches, and of all others'."""
    require(
        target in sizes,
        f"The mixture has no data set {target!r}. There are {list(sizes)[:10]}.",
        TaskError,
    )
    names = repeated(sizes)
    return [n for n in names if n == target], [n for n in names if n != target]
