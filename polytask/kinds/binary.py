"""Labels out of two classes."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.errors import DataError, require
from polytask.kinds.classes import Classes, found


@dataclass(frozen=True)
class Binary(Classes):
    """One of two classes; the second of ``classes`` is the positive one.

    Parameters
    ----------
    classes : tuple of two labels, sorted
        Negative first.

    Examples
    --------
    >>> Binary(classes=("no", "yes")).encode(["yes", None, "no"], "married")
    array([ 1., nan,  0.])
    """

    classes: tuple = (0, 1)
    name: ClassVar[str] = "binary"
    loss: ClassVar[str] = "logistic"
    metrics: ClassVar[tuple[str, ...]] = (
        "auc",
        "average_precision",
        "log_loss",
        "accuracy",
        "calibration_error",
        "precision_at_k",
    )

    def __post_init__(self):
        require(len(self.classes) == 2, f"Binary needs two classes. Found {list(self.classes)}.")

    @classmethod
    def of(cls, values, column):
        classes = found(values, column)
        require(
            len(classes) == 2,
            f"Task {column!r} is binary and needs two classes. Found {len(classes)} "
            f"{'class' if len(classes) == 1 else 'classes'}: {list(classes)[:5]}. "
            + ("Drop the task." if len(classes) < 2 else "Say kind 'multiclass'."),
            DataError,
        )
        return cls(classes)
