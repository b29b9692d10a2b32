"""Coordinate descent on working sets: squared losses with a price per row, or per entry, of W."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.errors import require
from polytask.linear.gram_part import GramPart
from polytask.linear.penalties import L1, L21
from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.descend import descend
from polytask.linear.solvers.proximal_gradient import ProximalGradient
from polytask.linear.solvers.restricted import restricted
from polytask.ops.threads import one_thread

# Share of the features below which an epoch costs little beside a gradient over all of them.
CHEAP = 1 / 20
# Share of new rows below which a working set is taken for the last one.
SETTLED = 1 / 200
# Epochs after which the state of a restriction is made afresh.
LONGEST = 500


@dataclass(frozen=True)
class BlockDescent(Solver):
    """The fastest way to sparse solutions of squared losses: `L1` and `L21`.

    Only the rows of W in a working set are moved; after each working set the gradient over *all*
    features says which rows are missing, and measures the gap. Where tasks share their rows, the
    columns of the working set are read in blocks, as dense products, with coordinate descent on
    the Gram of a block; where tasks have their own rows, the working set's Grams are made once and
    every row of W is solved exactly.

    Parameters
    ----------
    first : int, >= 1
        Features in the first working set; it at most doubles from then on. With as many as there
        are features, nothing is left out.

    Notes
    -----
    An iteration is one epoch over the working set. ``Solution.screened`` counts the features that
    no epoch touched.

    References
    ----------
    Tibshirani, Bien, Friedman, Hastie, Simon, Taylor, Tibshirani. Strong rules for discarding
    predictors in lasso-type problems. JRSS B 2012.
    Massias, Gramfort, Salmon. Celer: a fast solver for the lasso with dual extrapolation. ICML
    2018.
    Bertrand, Massias. Anderson acceleration of coordinate descent. AISTATS 2021.

    Examples
    --------
    >>> from polytask.linear import BlockDescent, L21, LinearModel
    >>> X, Y = [[0.0], [1.0], [2.0]], [[1.0, 0.0], [3.0, 1.0], [5.0, 2.0]]
    >>> model = LinearModel(L21(0.1), solver=BlockDescent()).fit(X, Y)
    >>> model.solution_.converged
    True
    """

    first: int = 64

    def __post_init__(self):
        require(self.first >= 1, f"BlockDescent needs first >= 1. Found first={self.first}.")

    def refuses(self, problem, penalty):
        # equal to its bare form: weights and other additions change the step
        bare = type(penalty) in (L1, L21) and penalty == type(penalty)(penalty.alpha)
        if not bare or penalty.alpha == 0:
            return f"takes L1 and L21 of some strength. Found {penalty!r}. {OTHERWISE}"
        if problem.losses != {"squared"}:
            return f"needs squared losses. Found {sorted(problem.losses)}. {OTHERWISE}"
        if not all(_supported(part) for part in problem.parts):
            return f"needs dense tables where there are few rows. Found a sparse one. {OTHERWISE}"
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Progress(problem, penalty, tol=tol)
        W, point = start, problem.at(start)
        done = progress.check(W, point)
        local, used = restricted(problem, penalty), 0
        while not done and used < max_iter:
            new = self._wanted(penalty, W, point, local.rows)
            if local.too_large(len(new)):
                rest = {"start": W, "tol": tol, "max_iter": max_iter - used}
                return ProximalGradient().run(problem, penalty, **rest)
            local.extend(new)
            local.start(W, point)
            target, before = _target(progress, len(W), local.rows, new), progress.objective
            with one_thread():  # blocks are small even where the table is large
                used += descend(local, penalty, target, min(LONGEST, max_iter - used))
            W = local.whole()
            point = local.point(W)
            done = progress.check(W, point)
            if not len(new) and before - progress.objective <= problem.resolution:
                break  # no row is missing and nothing falls: rounding
        problem.remember(W, point)
        return progress.solution(W, used, screened=len(W) - len(local.rows))

    def _wanted(self, penalty, W, point, rows):
        """Features that the working set lacks: the support, and the most violating others."""
        d, most = len(W), max(int(np.count_nonzero(W.any(axis=1))), self.first)
        score = lengths(penalty, point.gradient)
        # between two strengths of a path a row grows by no more than the strength falls, as a rule
        level = penalty.alpha if len(rows) else 2 * penalty.alpha - score.max()
        if d <= most and not len(rows):
            return np.arange(d)
        score[W.any(axis=1)] = np.inf
        score[rows] = -np.inf
        held = np.count_nonzero(score == np.inf)
        new = np.flatnonzero(score > level)
        if len(new) > most + held:
            new = np.sort(new[np.argpartition(-score[new], most + held)[: most + held]])
        return new


OTHERWISE = "Take ProximalGradient, or solver='auto'."


def lengths(penalty, V):
    """What the penalty compares with its strength, per row of V ``(d, P)``."""
    if isinstance(penalty, L1):
        return np.abs(V).max(axis=1)
    return np.sqrt(np.einsum("jp,jp->j", V, V))


def _target(progress, d, rows, new):
    """The gap at which a working set is left: a rough one while it grows and epochs are dear."""
    last = len(new) <= SETTLED * len(rows) or len(rows) == d
    rough = 0.0 if last or len(rows) < CHEAP * d else 0.1 * progress.gap
    return max(0.5 * progress.target, rough)


def _supported(part):
    return isinstance(part, GramPart) or not (sparse.issparse(part.X) or part.offset is not None)
