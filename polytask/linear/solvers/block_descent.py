"""Coordinate descent on working sets: squared losses with a price per block of rows of W."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import require
from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.columns import readable
from polytask.linear.solvers.descend import descend
from polytask.linear.solvers.proximal_gradient import ProximalGradient
from polytask.linear.solvers.restricted import restricted
from polytask.linear.solvers.support import on_support
from polytask.linear.solvers.watched import Watched
from polytask.ops.threads import one_thread_inside

# Share of the blocks below which an epoch costs little beside a gradient over all of them.
CHEAP = 1 / 20
# Share of new blocks below which a working set is taken for the last one.
SETTLED = 1 / 200
# How many times the support may come to a working set at once, but for the first.
GROWTH = 3
# Share of its cut from which on a block is near violating it, and how many such may come along: one
# in so many that are there.
NEAR, FEW = 0.9, 20
OTHERWISE = "Take ProximalGradient, or solver='auto'."
# Epochs after which the state of a restriction is made afresh.
LONGEST = 500


@dataclass(frozen=True)
class BlockDescent(Solver):
    """The fastest way to sparse solutions of squared losses.

    For penalties that tie no two blocks of features: `L1`, `L21`, `L1Linf`, their elastic forms,
    groups of features, and dirty models (`Split` of rows and entries).

    Only the blocks in a working set are moved; after each working set the gradient over *all*
    features says which rows are missing, and measures the gap. Where tasks share their rows, the
    columns of the working set are read in chunks, as dense products, with coordinate descent on
    the Gram of a chunk; sparse columns are read one by one. Where tasks have their own rows, every
    row of W is solved exactly: on the working set's Grams, which are made once, or, where tasks
    with few rows are stretches of one table in Fortran order, on the columns where they are.

    Parameters
    ----------
    first : int, >= 1
        Blocks (single features, or groups) in the first working set; it grows with the support
        from then on. With as many as there are, nothing is left out.

    Notes
    -----
    An iteration is one epoch over the working set. ``Solution.screened`` counts the features that
    no epoch touched, ``Solution.excluded`` those that were proved to be zero in every solution, by
    the gap and by how far residuals have moved. Such proofs spare gradients on paths over dense
    tables that all outputs share, and are made nowhere else: in a single fit the gap proves next
    to nothing before the last check.

    References
    ----------
    Tibshirani, Bien, Friedman, Hastie, Simon, Taylor, Tibshirani. Strong rules for discarding
    predictors in lasso-type problems. JRSS B 2012.
    Ndiaye, Fercoq, Gramfort, Salmon. Gap safe screening rules for sparsity enforcing penalties.
    JMLR 2017.
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
        if not penalty.convex or penalty.in_blocks(problem.n_features) is None:
            return f"takes sums over blocks of features. Found {penalty!r}. {OTHERWISE}"
        if not readable(problem):
            return f"needs tables as they are. Found outputs in other units. {OTHERWISE}"
        if problem.losses != {"squared"}:
            return f"needs squared losses. Found {sorted(problem.losses)}. {OTHERWISE}"
        if any(getattr(part, "offset", None) is not None for part in problem.parts):
            return f"takes no offsets. {OTHERWISE}"
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress, price = Progress(problem, penalty, tol=tol), penalty.in_blocks(problem.n_features)
        local, used = restricted(problem, price), 0
        watched = Watched(problem, price, local)
        W, point = start, watched.look(problem.at(start))
        done = watched.check(progress, W, point)
        while not done and used < max_iter:
            new = wanted(price, W, point, local.blocks, self.first)
            if local.too_large(len(new)):
                rest = {"start": W, "tol": tol, "max_iter": max_iter - used}
                return ProximalGradient().run(problem, penalty, **rest)
            local.extend(new)
            local.start(W, point)
            target, before = rough(progress, price, local.blocks, new), progress.objective
            with one_thread_inside(problem.largest):  # chunks are small even in large tables
                spent = descend(local, target, min(LONGEST, max_iter - used))
            W = local.whole()
            slow = (used + spent) // LONGEST > used // LONGEST
            better, used = on_support(problem, price, W) if slow else W, used + spent
            point = watched.look(local.point(W) if better is W else problem.at(better))
            W = better
            done = watched.check(progress, W, point)
            if not len(new) and before - progress.objective <= problem.resolution:
                break  # no block is missing and nothing falls: rounding
        problem.remember(W, getattr(point, "whole", point))
        counts = {"screened": len(W) - len(local.rows), "excluded": watched.excluded}
        return progress.solution(W, used, **counts)


def wanted(price, W, point, held, first):
    """Blocks that a working set lacks: the support, and the most violating others.

    Parameters
    ----------
    price : Blocks
        Of all features.
    W : array (d, P)
    point : the loss at W
    held : int array
        Blocks in the working set.
    first : int
        How many there are at the beginning.
    """
    used, score = price.used(W), price.score(point.gradient)
    most = max(int(np.count_nonzero(used)), first)
    if len(price) <= most and not len(held):
        return np.arange(len(price))
    # between two strengths of a path a row grows by no more than the strength falls, as a rule
    level = 1.0 if len(held) else 2.0 - score.max()
    score[used] = np.inf
    score[held] = -np.inf
    most = (GROWTH if len(held) else 1) * most + np.count_nonzero(score == np.inf)
    new = np.flatnonzero(score > level)
    if len(new) > most or not len(held) or not len(new):
        return _largest(score, new, most)
    # the next to violate come along: a working set more would cost far more than they do
    near = np.flatnonzero(score > NEAR)
    return _largest(score, near, len(new) + len(held) // FEW)


def _largest(score, blocks, most):
    """At most so many of the blocks, those with the largest scores, in order."""
    if len(blocks) <= most:
        return blocks
    return np.sort(blocks[np.argpartition(-score[blocks], most)[:most]])


def rough(progress, price, held, new):
    """The gap at which a working set is left: a rough one while it grows and epochs are dear."""
    last = len(new) <= SETTLED * len(held) or len(held) == len(price)
    share = 0.0 if last or len(held) < CHEAP * len(price) else 0.1
    return max(0.5 * progress.target, share * progress.gap)
