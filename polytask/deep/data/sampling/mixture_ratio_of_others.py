"""The mixture ratio of MT-SAN's code: counted in units of the others."""

from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling, shuffled
from polytask.deep.data.sampling.mixture_ratio import ROUNDING, parted
from polytask.errors import require


@dataclass(frozen=True)
class MixtureRatioOfOthers(Sampling):
    r"""All of a target and a share of the others, or all others and the target thinned.

    With ``ratio <= 1``: all batches of the target and ``floor(ratio N_others)`` of the others. With
    ``ratio > 1``: all of the others and ``floor(N_others / ratio)`` of the target, or all it has.
    Drawn without replacement, newly in every epoch.

    Parameters
    ----------
    target : str
        The data set that counts.
    ratio : float, >= 0

    Raises
    ------
    ParameterError
        If ``ratio`` is negative.
    TaskError
        If there is no data set of that name.

    Notes
    -----
    The form of the authors' code, which differs from their paper's: `MixtureRatio`.

    References
    ----------
    Xu, Liu, Shen, Liu, Gao. Multi-task learning with sample re-weighting for machine reading
    comprehension. NAACL 2019; code of the authors.
    Survey: since the survey.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.data.sampling import Size
    >>> sizes = {"main": Size(40, 4), "a": Size(50, 5), "b": Size(30, 3)}
    >>> for ratio in (0.5, 4.0):
    ...     plan = MixtureRatioOfOthers("main", ratio).plan(sizes, 1, torch.Generator())
    ...     print(plan.count("main"), len(plan))
    4 8
    2 10
    """

    target: str
    ratio: float = 0.5

    def __post_init__(self):
        require(
            self.ratio >= 0, f"MixtureRatioOfOthers needs ratio >= 0. Found ratio={self.ratio}."
        )

    def plan(self, sizes, epoch, generator):
        """A share of the others, or of the target."""
        own, others = parted(self.target, sizes)
        if self.ratio <= 1:
            others = shuffled(others, generator)[: int(self.ratio * len(others) + ROUNDING)]
        else:
            own = own[: int(len(others) / self.ratio + ROUNDING)]
        return shuffled(own + others, generator)

    @classmethod
    def examples(cls):
        """Below and above 1, for a target called main."""
        yield cls("main", 0.5)
        yield cls("main", 4.0)
