"""Labels out of several classes."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.errors import DataError, require
from polytask.kinds.classes import Classes, found


@dataclass(frozen=True)
class Multiclass(Classes):
    """One of K classes without order.

    Parameters
    ----------
    classes : tuple of K labels, sorted

    Examples
    --------
    >>> kind = Multiclass(classes=("ash", "elm", "oak"))
    >>> kind.width, kind.encode(["oak", "ash"], "tree")
    (3, array([2., 0.]))
    """

    classes: tuple = (0, 1, 2)
    name: ClassVar[str] = "multiclass"
    loss: ClassVar[str] = "multinomial"
    metrics: ClassVar[tuple[str, ...]] = ("accuracy", "log_loss", "calibration_error")

    def __post_init__(self):
        require(
            len(self.classes) >= 2,
            f"Multiclass needs 2 classes or more. Found {list(self.classes)}.",
        )

    @property
    def width(self):
        return len(self.classes)

    @classmethod
    def of(cls, values, column):
        classes = found(values, column)
        require(
            len(classes) >= 2,
            f"Task {column!r} needs two classes or more. Found 1 class: {list(classes)}. "
            f"Drop the task.",
            DataError,
        )
        return cls(classes)
