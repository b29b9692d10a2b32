"""One thing to predict."""

from dataclasses import dataclass

from polytask.errors import ParameterError, require
from polytask.kinds import Kind

ROLES = ("main", "auxiliary", "adversarial")


@dataclass(frozen=True)
class Task:
    """A name, a kind and a role.

    Parameters
    ----------
    name : str
        A task is known by its name, never by its position.
    kind : Kind
        What labels it takes.
    role : {"main", "auxiliary", "adversarial"}
        Whether it is wanted for itself, helps, or is to be unlearnt.

    Examples
    --------
    >>> from polytask.kinds import Regression
    >>> Task("maths", Regression()).role
    'main'
    """

    name: str
    kind: Kind
    role: str = "main"

    def __post_init__(self):
        require(
            self.role in ROLES,
            f"Task {self.name!r} needs a role out of {ROLES}. Found {self.role!r}.",
            ParameterError,
        )
