"""In turn: all of the first data set, then all of the second."""

from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling


@dataclass(frozen=True)
class InTurn(Sampling):
    """In every epoch all batches of the first data set, then all of the second, to the last.

    For models that grow from low tasks to high ones, whose every stage stands on what the stage
    before has learnt (`JointManyTask`).

    References
    ----------
    Hashimoto, Xiong, Tsuruoka, Socher. A joint many-task model: growing a neural network for
    multiple NLP tasks. EMNLP 2017, section 3.

    Examples
    --------
    >>> from polytask.deep.data.sampling import Size
    >>> InTurn().plan({"pos": Size(80, 2), "chunk": Size(90, 3)}, 1, None)
    ['pos', 'pos', 'chunk', 'chunk', 'chunk']
    """

    def plan(self, sizes, epoch, generator):
        """Nothing is drawn."""
        return [name for name, size in sizes.items() for _ in range(size.batches)]

    @classmethod
    def examples(cls):
        """The only one."""
        yield cls()
