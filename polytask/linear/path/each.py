"""A strength per task: the same penalty, paid by every task for itself."""

from dataclasses import dataclass, replace

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.penalties import NoPenalty, Penalty, PerTask
from polytask.linear.solution import Progress


@dataclass(frozen=True)
class _Each(Penalty):
    """A penalty per task; ``task`` ``(P,)`` says which task a column of W is of."""

    penalties: tuple[Penalty, ...]
    task: tuple[int, ...]

    @property
    def alpha(self):
        """The largest strength."""
        return max(penalty.alpha for penalty in self.penalties)

    def _parts(self, W):
        for t, penalty in enumerate(self.penalties):
            at = np.flatnonzero(np.asarray(self.task) == t)
            yield penalty, at, W[:, at]

    def value(self, W):
        return float(sum(penalty.value(part) for penalty, _, part in self._parts(W)))

    def prox(self, W, step):
        out = np.empty_like(W)
        for penalty, at, part in self._parts(W):
            out[:, at] = penalty.prox(part, step)
        return out

    def feasible(self, V):
        return min(penalty.feasible(part) for penalty, _, part in self._parts(V))

    def conjugate(self, V):
        return float(sum(penalty.conjugate(part) for penalty, _, part in self._parts(V)))


def separable(penalty):
    """Whether every task could have its own strength: nothing ties them."""
    return isinstance(penalty, PerTask | NoPenalty) or penalty.alone() == penalty


def check_separable(penalty):
    """Refuse a strength per task where the penalty ties tasks."""
    require(
        separable(penalty),
        f"alpha_per_task needs a penalty that ties no tasks. Found {type(penalty).__name__}. Take "
        "L1, L2, ElasticNet or PerTask, or weigh tasks by task_weight and sample_weight.",
        UnsupportedError,
    )


def beside(problem, points, tol):
    """One `Solution`, and what was paid, of the columns of every task at its own point.

    Parameters
    ----------
    problem : Problem
    points : list of T Point
        Of paths under a separable penalty.
    tol : float

    Returns
    -------
    Penalty, Solution
    """
    task = problem.outputs.task
    W, b = np.empty(problem.shape), np.empty(len(task))
    for p, t in enumerate(task):
        W[:, p], b[p] = points[t].W[:, p], points[t].kept.intercept[p]
    paid = _Each(tuple(point.paid for point in points), task)
    progress = Progress(problem, paid, tol=tol)
    progress.check(W)
    found = progress.solution(W, max(point.kept.iterations for point in points))
    return paid, replace(found, intercept=b)
