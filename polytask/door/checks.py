"""Checks that every door shares."""

import numpy as np

from polytask.errors import DataError, TaskError, require
from polytask.labels import Input


def weights(weight, n, n_tasks):
    """One array ``(n,)`` per task, or None: from weights of shape ``(n,)`` or ``(n, T)``."""
    if weight is None:
        return [None] * n_tasks
    weight = np.asarray(weight, dtype=np.float64)
    require(
        weight.shape in ((), (n,), (n, n_tasks)),
        f"sample_weight needs shape ({n},) or ({n}, {n_tasks}). Found shape {weight.shape}.",
        DataError,
    )
    weight = np.broadcast_to(weight, (n,)) if weight.ndim == 0 else weight
    require(
        np.isfinite(weight).all() and (weight >= 0).all(),
        "Weights must be finite and not negative. Found "
        f"{weight[~(np.isfinite(weight) & (weight >= 0))][:1]}.",
        DataError,
    )
    require(
        bool((weight > 0).any()),
        "At least one sample weight must be positive. Found all zero: every weight is zero.",
        DataError,
    )
    return [weight] * n_tasks if weight.ndim == 1 else list(weight.T)


def empty_tasks(labels, allowed):
    """Refuse tasks without a single label, by name."""
    empty = [one.task.name for one in labels if one.n == 0]
    require(
        allowed or not empty,
        f"Every task needs a label. Found none for {empty[:5]}"
        + (f" and {len(empty) - 5} more" if len(empty) > 5 else "")
        + ". Drop the task. Only a table that was made with allow_empty=True may keep it "
        "(Tasks.from_arrays, Tasks.stack, Tasks.from_frame).",
        TaskError,
    )


def input_columns(names, d):
    """`Input` columns from names, or None for the default names."""
    if names is None:
        return None
    names = [str(name) for name in names]
    no_twins(names, "input columns")
    require(len(names) == d, f"Expected {d} input names. Found {len(names)}.", DataError)
    return [Input(name) for name in names]


def no_twins(names, what):
    """Refuse names that stand twice."""
    seen, twice = set(), []
    for name in names:
        if name in seen:
            twice.append(name)
        seen.add(name)
    require(
        not twice,
        f"Names of {what} must differ. Found {sorted(set(twice))[:5]} more than once. Rename them.",
        DataError,
    )


def finite_inputs(X, names):
    """Refuse infinite inputs, by column."""
    bad = np.isinf(X).any(axis=0)
    found = [names[j] for j in np.flatnonzero(bad)][:5]
    require(
        not bad.any(),
        f"Input columns must be finite. Found infinity in {found}. Mark those values as missing, "
        "or drop the rows.",
        DataError,
    )
