"""Round robin: one batch of every data set in turn."""

from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling
from polytask.errors import require

ENDS = {"longest": max, "shortest": min}


@dataclass(frozen=True)
class RoundRobin(Sampling):
    """A batch of the first data set, of the second, ..., of the last, and from the start again.

    With ``Update(accumulate=T)`` every step sees one batch of every task, which is what a balancer
    wants that compares tasks.

    Parameters
    ----------
    until : {"longest", "shortest"}
        The data set that is seen once an epoch: smaller ones are repeated, or larger ones are cut
        (to other rows in every epoch).

    Raises
    ------
    ParameterError
        If ``until`` is another word.

    References
    ----------
    Dong, Wu, He, Yu, Wang. Multi-task learning for multiple language translation. ACL 2015.

    Examples
    --------
    >>> from polytask.deep.data.sampling import Size
    >>> RoundRobin().plan({"big": Size(300, 3), "small": Size(80, 1)}, 1, None)
    ['big', 'small', 'big', 'small', 'big', 'small']
    """

    until: str = "longest"

    def __post_init__(self):
        require(
            self.until in ENDS,
            f"RoundRobin needs until out of {list(ENDS)}. Found until={self.until!r}.",
        )

    def plan(self, sizes, epoch, generator):
        """Nothing is drawn."""
        rounds = ENDS[self.until](size.batches for size in sizes.values())
        return list(sizes) * rounds

    @classmethod
    def examples(cls):
        """Both ends."""
        yield cls()
        yield cls("shortest")
