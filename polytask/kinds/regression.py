"""Labels that are numbers on a line."""

from dataclasses import dataclass
from typing import ClassVar

from sklearn.metrics import r2_score

from polytask.kinds.numbers import Numbers


@dataclass(frozen=True)
class Regression(Numbers):
    """A number per row, judged by squared error unless told otherwise.

    Examples
    --------
    >>> Regression().encode(["1.5", None], "price")
    array([1.5, nan])
    """

    name: ClassVar[str] = "regression"
    loss: ClassVar[str] = "squared"
    metrics: ClassVar[tuple[str, ...]] = ("rmse", "r2", "mae")

    def score(self, y, outputs, weight=None):
        if len(y) < 2:
            return float("nan")
        return float(r2_score(y, outputs, sample_weight=weight))
