"""Temperature sampling: between proportional and uniform."""

from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling, drawn
from polytask.errors import require


@dataclass(frozen=True)
class Temperature(Sampling):
    r"""At every step a data set of ``n_t`` rows with chance ``n_t^{1/temperature} / sum_s ...``.

    1 is proportional (in the mean; `Proportional` is so exactly), infinity uniform.

    Parameters
    ----------
    temperature : float, > 0

    Raises
    ------
    ParameterError
        If ``temperature`` is not positive.

    References
    ----------
    Arivazhagan et al. Massively multilingual neural machine translation in the wild: findings and
    challenges. arXiv 1907.05019, 2019.
    Survey: since the survey.

    Examples
    --------
    >>> from polytask.deep.data.sampling import Size
    >>> chances = Temperature(2.0).chances({"big": Size(900, 9), "small": Size(100, 1)})
    >>> {name: round(chance, 3) for name, chance in chances.items()}
    {'big': 0.75, 'small': 0.25}
    """

    temperature: float = 2.0

    def __post_init__(self):
        require(
            self.temperature > 0,
            f"Temperature needs temperature > 0. Found temperature={self.temperature}.",
        )

    def chances(self, sizes):
        """The chance of every data set."""
        return powers(sizes, 1.0 / self.temperature)

    def plan(self, sizes, epoch, generator):
        """Drawn anew at every step."""
        return drawn(self.chances(sizes), sizes, generator)

    @classmethod
    def examples(cls):
        """The usual one, a hot one, and one that likes large data sets even more."""
        yield cls()
        yield cls(float("inf"))
        yield cls(0.5)


def powers(sizes, exponent):
    """Chances like ``rows^exponent``."""
    largest = max(size.rows for size in sizes.values())
    each = {name: (size.rows / largest) ** exponent for name, size in sizes.items()}
    return {name: one / sum(each.values()) for name, one in each.items()}
