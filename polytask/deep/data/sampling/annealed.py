"""Annealed sampling: by size at the start, nearly alike at the end."""

from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling, drawn
from polytask.deep.data.sampling.temperature import powers
from polytask.errors import require


@dataclass(frozen=True)
class Annealed(Sampling):
    r"""Chances like ``n_t^a`` with an exponent that falls from epoch to epoch.

    ``a_e = start + (end - start) (e - 1) / (epochs - 1)``; with 1 and .2 that of the paper. After
    ``epochs`` it stays at ``end``.

    Parameters
    ----------
    epochs : int, >= 2
        Epochs over which it falls: those of the training.
    start, end : float, >= 0
        1 is proportional to size, 0 uniform.

    Raises
    ------
    ParameterError
        If a parameter is out of its range.

    References
    ----------
    Stickland, Murray. BERT and PALs: projected attention layers for efficient adaptation in
    multi-task learning. ICML 2019.
    Survey: since the survey.

    Examples
    --------
    >>> [round(Annealed(epochs=5).exponent(epoch), 2) for epoch in (1, 2, 3, 4, 5, 6)]
    [1.0, 0.8, 0.6, 0.4, 0.2, 0.2]
    """

    epochs: int
    start: float = 1.0
    end: float = 0.2

    def __post_init__(self):
        require(self.epochs >= 2, f"Annealed needs epochs >= 2. Found epochs={self.epochs}.")
        require(
            self.start >= 0 and self.end >= 0,
            f"Annealed needs exponents >= 0. Found start={self.start}, end={self.end}.",
        )

    def exponent(self, epoch):
        """The exponent of the sizes in an epoch."""
        behind = min(1.0, (epoch - 1) / (self.epochs - 1))
        return self.start + (self.end - self.start) * behind

    def plan(self, sizes, epoch, generator):
        """Drawn anew at every step."""
        return drawn(powers(sizes, self.exponent(epoch)), sizes, generator)

    @classmethod
    def examples(cls):
        """That of the paper, and one that goes the other way."""
        yield cls(epochs=4)
        yield cls(epochs=2, start=0.0, end=1.0)
