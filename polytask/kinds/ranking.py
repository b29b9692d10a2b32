"""Labels that say how relevant a row is within its query."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import DataError
from polytask.kinds.numbers import Numbers
from polytask.ops.gain import ndcg


@dataclass(frozen=True)
class Ranking(Numbers):
    """How relevant a row is to its query, 0 or more; outputs are scores, the higher the better.

    The table's ``groups`` are the queries: rows are compared inside a query only, a query is never
    cut by a split, and every query counts the same. It is never inferred: ``kinds={"relevance":
    "ranking"}`` with ``group="query"``.

    Judged by NDCG at 10 with gains ``2^relevance - 1``; rows with equal scores share their places.

    References
    ----------
    Järvelin, Kekäläinen. Cumulated gain-based evaluation of IR techniques. ACM TOIS 20, 2002.

    Examples
    --------
    >>> Ranking().encode([0, 3, None], "relevance")
    array([ 0.,  3., nan])
    >>> Ranking().score(np.array([0.0, 2.0]), np.array([0.1, 0.7]), groups=np.zeros(2))
    1.0
    """

    name: ClassVar[str] = "ranking"
    loss: ClassVar[str] = "listwise"
    metrics: ClassVar[tuple[str, ...]] = ("ndcg_at_10", "ndcg")
    numeric: ClassVar[bool] = False
    grouped: ClassVar[bool] = True

    def encode(self, values, column):
        codes = super().encode(values, column)
        negative = np.flatnonzero(codes < 0)
        if len(negative):
            raise DataError(
                f"Task {column!r} ranks rows and needs relevances of 0 or more. Found "
                f"{codes[negative[0]]} in row {negative[0]}. Shift them, or say kind 'regression'."
            )
        return codes

    def score(self, y, outputs, weight=None, *, groups):
        """NDCG at 10, the mean over queries; NaN where no query has a relevant row."""
        return ndcg(y, outputs, groups, weight, k=10)
