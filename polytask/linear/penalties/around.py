"""Penalties around another penalty, whose strength is theirs."""

from polytask.errors import require
from polytask.linear.penalties.base import Penalty


class Around(Penalty):
    """What penalties with a penalty inside have in common; the field is called ``penalty``."""

    penalty: Penalty

    def __post_init__(self):
        require(
            isinstance(self.penalty, Penalty),
            f"{type(self).__name__} needs a penalty such as L21(0.1). Found {self.penalty!r}.",
        )

    @property
    def alpha(self):
        """The strength of the penalty inside."""
        return self.penalty.alpha

    @property
    def signed(self):
        """As the penalty inside."""
        return self.penalty.signed

    def replace(self, **params):
        """As for every slot; ``alpha`` is the strength of the penalty inside."""
        if "alpha" in params:
            params["penalty__alpha"] = params.pop("alpha")
        return super().replace(**params)


class InOtherTerms(Around):
    """The penalty inside, said of other coefficients: its path is that of the penalty inside."""

    @property
    def spans(self):
        """As the penalty inside."""
        return self.penalty.spans

    @property
    def points(self):
        """As the penalty inside."""
        return self.penalty.points

    @property
    def second(self):
        """The field of the second strength of the penalty inside."""
        inside = self.penalty.second
        return None if inside is None else f"penalty__{inside}"
