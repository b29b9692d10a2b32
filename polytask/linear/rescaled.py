"""A problem in other units: the loss as a function of ``U = F W D``, with F and D diagonal."""

from dataclasses import replace

import numpy as np

from polytask.linear.gram_part import GramPart
from polytask.linear.problem import Problem
from polytask.linear.table_part import TablePart


def rescaled(problem, features, outputs):
    """The problem for ``U_jp = features_j W_jp outputs_p``; nothing of the size of X is copied.

    Parameters
    ----------
    problem : Problem
    features : array (d,), > 0
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


def _rescaled(problem, f, t):
    parts = tuple(_part(part, f, t[part.columns]) for part in problem.parts)
    std = f if problem.std is None else problem.std * f
    return Problem(parts, problem.outputs, problem.n_features, std, problem.constant)


def _part(part, f, t):
    if isinstance(part, GramPart):
        return _gram(part, f, t)
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


class OutputUnits:
    """Any part of a problem, as a function of ``U = W t`` for output weights ``t (P,)``."""

    def __init__(self, part, t):
        self.part, self.t = part, t
        self.columns, self.blocks = part.columns, part.blocks
        self.largest, self.shared = part.largest, False

    def at(self, U):
        """The loss at ``W = U / t``."""
        return OutputUnitsPoint(self.part.at(U / self.t), self.t)

    def intercept(self, U):
        """The best intercepts ``(P,)``."""
        return self.part.intercept(U / self.t)

    def hessian(self, U):
        """Second derivative by every output alone ``(P, d, d)``."""
        return self.part.hessian(U / self.t) / self.t[:, None, None] ** 2

    def decrement(self, U, gradient):
        """Half the squared Newton decrement, which does not depend on units."""
        return self.part.decrement(U / self.t, gradient * self.t)

    @property
    def lipschitz(self):
        """An upper bound on the curvature of the loss in any direction."""
        return self.part.lipschitz / float(self.t.min()) ** 2

    @property
    def traces(self):
        """Sum of the curvatures along the axes, per output ``(P,)``."""
        return self.part.traces / self.t**2

    @property
    def resolution(self):
        """The smallest difference of loss that float64 shows."""
        return self.part.resolution


class OutputUnitsPoint:
    """The loss of a part at one U."""

    def __init__(self, point, t):
        self.point, self.t = point, t
        self.value, self.dual = point.value, point.dual

    @property
    def gradient(self):
        """Derivative by U ``(d, P)``."""
        return self.point.gradient / self.t

    @property
    def sums(self):
        """As of the part: residuals have no other units."""
        return self.point.sums
