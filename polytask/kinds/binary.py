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
        if len(classes) <= 2 and set(classes) <= {0, 1}:
            return cls((False, True) if any(isinstance(c, bool) for c in classes) else (0, 1))
        require(
            len(classes) == 2,
            f"Task {column!r} is binary and needs two classes. Found {len(classes)}: "
            f"{list(classes)[:5]}. Say kinds={{{column!r}: 'multiclass'}}, or drop the task.",
            DataError,
        )
        return cls(classes)
