"""Labels out of classes that stand in an order."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.kinds.classes import Classes, found
from polytask.ops.agreement import quadratic_kappa


@dataclass(frozen=True)
class Ordinal(Classes):
    """One of K levels in order, the lowest first; distances between levels have no unit.

    It is never inferred: ``kinds={"pain": Ordinal(("none", "mild", "severe"))}``, or
    ``kinds={"stars": "ordinal"}`` where sorted labels stand in their order already.

    A prediction is the middle of the distribution, the level with half of the probability on either
    side: no other is wrong by fewer levels on average.

    Parameters
    ----------
    classes : tuple of K >= 3 labels, in order
        With two levels there is no order to know: say binary.

    Examples
    --------
    >>> kind = Ordinal(("none", "mild", "severe"))
    >>> kind.encode(["severe", None, "none"], "pain")
    array([ 2., nan,  0.])
    >>> kind.predict(np.array([[0.45, 0.1, 0.45]]))
    array([1.])
    """

    classes: tuple = (0, 1, 2)
    name: ClassVar[str] = "ordinal"
    loss: ClassVar[str] = "cumulative"
    metrics: ClassVar[tuple[str, ...]] = (
        "quadratic_kappa",
        "mae_of_levels",
        "accuracy",
        "log_loss",
        "calibration_error",
    )

    def __post_init__(self):
        require(
            len(self.classes) >= 3,
            f"Ordinal needs three levels or more, in order. Found {list(self.classes)}.",
        )
        require(
            len(set(self.classes)) == len(self.classes),
            f"Ordinal needs levels that differ. Found {list(self.classes)}.",
        )

    @property
    def width(self):
        return len(self.classes) - 1

    @classmethod
    def of(cls, values, column):
        return cls(found(values, column))

    def predict(self, outputs):
        return middle(outputs)

    def score(self, y, outputs, weight=None):
        """Cohen's kappa with quadratic weights; NaN where all labels and predictions are one."""
        return quadratic_kappa(y, self.predict(outputs), weight)


def middle(probabilities):
    """The lowest level ``(n,)`` up to which half of the probability ``(n, K)`` lies."""
    below = np.cumsum(probabilities, axis=1)
    # a half that was summed in floating point is a half
    return np.argmax(below >= 0.5 * below[:, -1:] - 1e-12, axis=1).astype(np.float64)
