"""The one place where the kind of a bare label column is inferred."""

import numpy as np

from polytask.errors import DataError, require
from polytask.kinds.base import Kind, missing
from polytask.kinds.binary import Binary
from polytask.kinds.classes import found
from polytask.kinds.counts import Counts
from polytask.kinds.multiclass import Multiclass
from polytask.kinds.ordinal import Ordinal
from polytask.kinds.positions import DenseClasses, DenseNumbers, Tagging
from polytask.kinds.ranking import Ranking
from polytask.kinds.regression import Regression
from polytask.kinds.survival import Survival

BY_NAME = {
    kind.name: kind for kind in (Regression, Binary, Multiclass, Ordinal, Counts, Survival, Ranking)
}
POSITIONAL = {kind.name for kind in (Tagging, DenseClasses, DenseNumbers)}


def infer(values, column, *, named=False):
    """The kind of a label column ``(n,)``.

    Bool, text and categories are classes; numbers are regression, except that a column of exactly
    {0, 1} behind a *named* door (a data frame, the command line) is binary. Counts, survival times,
    relevances and ordered levels look like other labels and are never guessed.

    Parameters
    ----------
    values : array (n,)
    column : str
        For messages.
    named : bool
        Whether the column came with a name of the user's.

    Examples
    --------
    >>> infer([0, 1, 1], "y"), infer([0, 1, 1], "passed", named=True)
    (Regression(), Binary(classes=(0, 1)))
    """
    values = np.asarray(values)
    present = values[~missing(values)]
    kind = values.dtype.kind  # what an array of numbers holds need not be looked at
    if kind in "iuf" or (kind in "bO" and all(_is_number(v) for v in present[:1000])):
        binary = named and len(present) and set(np.unique(present)) == {0, 1}
        return Binary() if binary else Regression()
    return of_classes(values, column)


def of_classes(values, column):
    """Binary for two classes, multiclass for more."""
    classes = found(values, column)
    return (Binary if len(classes) <= 2 else Multiclass).of(values, column)


def resolve(wanted, values, column):
    """A kind from what a user wrote: a `Kind`, its name, ``"class"``, or None to infer."""
    require(
        not getattr(wanted, "positional", wanted in POSITIONAL),
        f"Task {column!r} has labels at positions ({getattr(wanted, 'name', wanted)}), and a table "
        "has one label per row. Make it a source of batches, such as polytask.deep.data.Sequences.",
        DataError,
    )
    if isinstance(wanted, Kind):
        return wanted
    if wanted in BY_NAME:
        return BY_NAME[wanted].of(values, column)
    if wanted == "class":
        return of_classes(values, column)
    require(
        wanted in (None, "infer", "named"),
        f"Task {column!r} needs a kind out of {sorted(BY_NAME)}. Found {wanted!r}.",
        DataError,
    )
    return infer(values, column, named=wanted == "named")


def _is_number(value):
    return isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, np.bool_))
