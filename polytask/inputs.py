"""Real tables: categories become columns, gaps are filled or refused, on training rows only."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import sparse

from polytask.errors import DataError, ParameterError, require
from polytask.labels import Input

IMPUTES = ("refuse", "median", "constant")
CATEGORIES = ("onehot", "refuse")


@dataclass
class Encoder:
    """Make numbers of categories and gaps; what it knows comes from the rows it was fitted on.

    Parameters
    ----------
    impute : {"refuse", "median", "constant"}
        Gaps in number columns: an error, the median of the training rows, or 0. A gap in a category
        is a level of its own, all zeros.
    categories : {"onehot", "refuse"}
        Category columns: one column per level seen in the training rows, or an error. A level that
        was not seen is all zeros.

    Examples
    --------
    >>> import pandas as pd
    >>> from polytask.tasks import Tasks
    >>> frame = pd.DataFrame({"eye": ["blue", "grey"], "age": [3, None], "y": [1, 2]})
    >>> data = Tasks.from_frame(frame, ["y"], gaps="keep", verbose=False)
    >>> Encoder(impute="median").fit(data).transform(data).X
    array([[1., 0., 3.],
           [0., 1., 3.]])
    """

    impute: str = "refuse"
    categories: str = "onehot"
    inputs_: tuple = field(default=(), init=False, repr=False)
    fill_: np.ndarray | None = field(default=None, init=False, repr=False)
    seen_: dict = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self):
        for name, value, known in (
            ("impute", self.impute, IMPUTES),
            ("categories", self.categories, CATEGORIES),
        ):
            require(value in known, f"{name} is one of {known}. Found {value!r}.", ParameterError)

    def fit(self, data):
        """Learn medians and levels from the rows of ``data``."""
        self.inputs_ = data.inputs
        self.fill_ = np.zeros(data.n_features)
        self.seen_ = {}
        # without a gap here there may still be one in the rows to come, and it wants a median
        medians = self.impute == "median" and not sparse.issparse(data.X)
        if not needed(data) and not medians:
            return self
        for j, column in enumerate(data.inputs):
            values = data.X[:, j]
            here = values[~np.isnan(values)]
            if column.levels is None:
                self._learn_number(j, column, values, here)
            else:
                self._learn_category(j, column, here)
        return self

    def _learn_number(self, j, column, values, here):
        if self.impute == "median":
            require(
                len(here) > 0,
                f"Input column {column.name!r} has no value in the training rows. Drop it.",
                DataError,
            )
            self.fill_[j] = np.median(here)

    def _learn_category(self, j, column, here):
        require(
            self.categories == "onehot",
            f"Input column {column.name!r} is text. Use categories='onehot' (--categories onehot), "
            f"or drop it.",
            DataError,
        )
        self.seen_[j] = np.unique(here).astype(np.int64)

    def transform(self, data):
        """The same table with number columns only.

        Raises
        ------
        DataError
            If its columns are others than those of `fit`, or a gap is refused.
        """
        require(
            [c.name for c in data.inputs] == [c.name for c in self.inputs_],
            f"Expected the input columns {[c.name for c in self.inputs_][:8]}. "
            f"Found {[c.name for c in data.inputs][:8]}.",
            DataError,
        )
        if not needed(data) and not self.seen_:
            return data
        blocks, names = [], []
        for j, column in enumerate(self.inputs_):
            block, labels = self._column(j, column, data.X[:, j])
            blocks.append(block)
            names += labels
        return data.with_(X=np.column_stack(blocks), inputs=[Input(name) for name in names])

    def _column(self, j, column, values):
        if column.levels is not None:
            seen = self.seen_[j]
            hot = (values[:, None] == seen[None, :]).astype(np.float64)
            return hot, [f"{column.name}={column.levels[code]}" for code in seen]
        gap = np.isnan(values)
        require(
            self.impute != "refuse" or not gap.any(),
            f"Input column {column.name!r} has {int(gap.sum())} gaps in {len(values)} rows. Fill "
            f"or drop it, or use impute='median' (--impute median).",
            DataError,
        )
        return np.where(gap, self.fill_[j], values)[:, None], [column.name]


@lru_cache(maxsize=4)
def by_position(names):
    """Whether columns are called by their positions: x0, x1, ..., as those without names are.

    >>> by_position(("x0", "x1")), by_position(("x0", "age"))
    (True, False)
    """
    return all(name == f"x{j}" for j, name in enumerate(names))


def needed(data):
    """Whether a table has categories or gaps that an `Encoder` has to deal with."""
    return data.has_categories or data.has_gaps
