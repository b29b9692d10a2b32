"""Which form of a table is the fast one, and whether there is the memory for it."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.errors import TooLargeError, require
from polytask.ops.memory import available, readable

# How much larger than their rows the Grams of separate tasks may be: all Grams are multiplied at
# once, tables task by task, which is 50 times slower on Computer survey (12 rows, 13 columns).
MOST_GRAM = 4
# Numbers in a dense table whose products take longer than to call for them.
LARGE = 5000
# Share of the free memory up to which Grams are taken where rows would do.
MOST_SHARE = 0.5
# Grams are there up to three times: as they are, those of a working set, and what is added to it.
COPIES = 3
# Labels, weights, outputs, residuals and temporaries of one product, numbers per output of a row.
BESIDE_ROWS = 8
# Iterates, gradients and steps, numbers per coefficient.
BESIDE_COEFFICIENTS = 10


@dataclass(frozen=True)
class Form:
    """What stands for the rows of the tasks with squared losses, and the bytes that all takes.

    Attributes
    ----------
    grams : bool
        Sufficient statistics; else the rows themselves.
    memory : int
        Bytes beside the inputs, an estimate from above of arrays that grow with the data.
    """

    grams: bool
    memory: int


def form_of(data, squared, task, *, alike):
    """The form for a table, by work and by memory.

    Parameters
    ----------
    data : Tasks
    squared : bool array (T,)
        Tasks with squared loss.
    task : array (P,)
        The task of every output.
    alike : bool
        Whether all tasks have one Hessian.

    Raises
    ------
    TooLargeError
        If there is no memory for either form.
    """
    P, d = len(task), data.n_features
    of_grams = gram_bytes(1 if alike else int(squared[task].sum()), d)
    coefficients = 8 * BESIDE_COEFFICIENTS * d * P
    faster = bool(squared.any()) and _grams_are_smaller(data, squared)
    free = available()
    grams = faster and (free is None or of_grams + coefficients <= MOST_SHARE * free)
    rows = _row_bytes(data, task, ~squared[task] if grams else np.ones(P, dtype=bool))
    memory = coefficients + rows + (of_grams if grams else 0)
    check(memory, free, f"{d:,} coefficients for each of {P:,} outputs over {data.n_rows:,} rows")
    return Form(grams, memory)


def together(data):
    """Whether all tasks have one set of rows, most of the table, with one weight each.

    Rows without a label in any task, or of weight zero, make no difference to them.
    """
    first, *rest = data
    if data.shared or not rest or 2 * first.n < data.n_rows:
        return data.shared
    return all(one.n == first.n for one in rest) and all(
        np.array_equal(one.rows, first.rows) and np.array_equal(one.w, first.w) for one in rest
    )


def gram_bytes(count, d):
    """Bytes in so many Grams ``(d, d)``, and what a solver copies of them."""
    return COPIES * 8 * count * d * d


def _row_bytes(data, task, chosen):
    """Bytes beside rows: for every output all rows of one table, or those of its own."""
    n_labels = data.n_labels
    tables = together(data) or n_labels.sum() > data.n_rows
    rows = data.n_rows * np.count_nonzero(chosen) if tables else n_labels[task][chosen].sum()
    return 8 * BESIDE_ROWS * int(rows)


def check(memory, free, what, hint="Fit fewer tasks or features at a time, or on a larger machine"):
    """Refuse what is larger than the memory that is left, before it is spent.

    Raises
    ------
    TooLargeError
    """
    require(
        free is None or memory <= free,
        f"This needs about {readable(memory)} beside the inputs ({what}), and "
        f"{readable(free or 0)} are free. {hint}.",
        TooLargeError,
    )


def _grams_are_smaller(data, squared):
    """Whether Grams are the smaller work for the tasks with squared loss."""
    if together(data):
        return data.n_rows >= data.n_features
    labels = data.n_labels[squared].sum()
    # holes in one table: its rows are multiplied once for all tasks, so that Grams gain less;
    # large tables are no slower one by one than together
    large = labels * data.n_features > LARGE * squared.sum() and not sparse.issparse(data.X)
    most = 1 if labels > data.n_rows or large else MOST_GRAM
    return bool(most * labels >= squared.sum() * data.n_features)
