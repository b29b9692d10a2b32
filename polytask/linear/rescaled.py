"""A problem in other units: the loss as a function of ``U = F W D``, with F and D diagonal."""

from dataclasses import replace

import numpy as np

from polytask.linear.free import freed
from polytask.linear.free_part import FreePart
from polytask.linear.gram_part import GramPart
from polytask.linear.output_units import OutputUnits
from polytask.linear.problem import Problem
from polytask.linear.table_part import TablePart


def rescaled(problem, features, outputs):
    """The problem for ``U_jp = features_j W_jp outputs_p``; nothing of the size of X is copied.

    Parameters
    ----------
    problem : Problem
    features : array (d,), >= 0
        Rows of weight 0 are free: they stand at their best (`polytask.linear.free`).
    outputs : array (P,), > 0

    Returns
    -------
    Problem
        Its ``std`` is that of the problem times ``features``.
    """
    # the last one is kept beside the problem: a path asks for it at every strength
    kept = problem.__dict__.setdefault("_rescaled", [None, None])
    key = features.tobytes(), outputs.tobytes()
    if kept[0] != key:
        kept[:] = key, _rescaled(problem, features, outputs)
    return kept[1]


def _rescaled(problem, features, t):
    free = np.flatnonzero(features == 0)
    f = np.where(features == 0, 1.0, features)
    parts = tuple(_part(part, f, t[part.columns]) for part in problem.parts)
    std = f if problem.std is None else problem.std * f
    found = Problem(parts, problem.outputs, problem.n_features, std, problem.constant)
    return freed(found, free) if len(free) else found


def _part(part, f, t):
    if isinstance(part, GramPart):
        return _gram(part, f, t)
    if isinstance(part, OutputUnits):  # weights inside weights
        return OutputUnits(_table(part.part, f), part.t * t)
    if isinstance(part, FreePart):
        return FreePart(_part(part.part, f, t), part.rows)
    part = _table(part, f)
    if np.all(t == 1):
        return part
    if all(fit.name == "squared" for fit, _ in part.blocks):
        return _squared(part, t)
    return OutputUnits(part, t)


def _gram(part, f, t):
    each = t if np.ptp(t) > 0 else t[:1]  # one Gram stays one where it can
    return replace(
        part,
        G=part.G / np.outer(f, f) / each[:, None, None] ** 2,
        C=part.C / np.outer(f, t),
        x_mean=part.x_mean / f / each[:, None],
    )


def _table(part, f):
    """Weights of features are the scale of columns."""
    std = f if part.std is None else part.std * f
    rules = {"std": std, "fit_intercept": part.fit_intercept, "offset": part.offset}
    return TablePart(part.columns, part.X, part.Y, part.A, part.blocks, **rules)


def _squared(part, t):
    """``a (y - x'u / t)^2`` is ``a / t^2 (t y - x'u)^2``: other labels, with other weights."""
    offset = None if part.offset is None else part.offset * t
    rules = {"std": part.std, "fit_intercept": part.fit_intercept, "offset": offset}
    return TablePart(part.columns, part.X, part.Y * t, part.A / t**2, part.blocks, **rules)
