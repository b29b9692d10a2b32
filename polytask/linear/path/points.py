"""What a path keeps of every strength: little where most coefficients are zero."""

from dataclasses import dataclass, replace

import numpy as np

from polytask.linear.gram_part import GramPoint
from polytask.linear.penalties import Penalty
from polytask.linear.solution import Solution


@dataclass(frozen=True, eq=False)
class Point:
    """One strength of a path, solved.

    Attributes
    ----------
    penalty : Penalty
        As a model is given it.
    paid : Penalty
        As it was paid, for the outputs at hand.
    line : int
        Which value of the second strength.
    used : int array (k,)
        Rows of W that are not all zero.
    kept : Solution
        With these rows ``(k, P)`` alone.
    losses : array (T,)
        The loss of every task, in units of the objective.
    shape : tuple
        Of W: ``(d, P)``, or ``(d + 1, P)`` where the last row is a priced intercept.
    constant : bool
        Whether it is.
    """

    penalty: Penalty
    paid: Penalty
    line: int
    used: np.ndarray
    kept: Solution
    losses: np.ndarray
    shape: tuple
    constant: bool

    @classmethod
    def of(cls, penalty, paid, line, problem, solution):
        """The point of a `Solution` of a problem."""
        used = np.flatnonzero(solution.W.any(axis=1))
        kept = replace(solution, W=solution.W[used])
        found = losses(problem, solution.W)
        return cls(penalty, paid, line, used, kept, found, solution.W.shape, problem.constant)

    @property
    def rows(self):
        """Features whose coefficients are not all zero ``(k,)``."""
        return self.used[self.used < self.shape[0] - self.constant]

    @property
    def coefficients(self):
        """Those of `rows` ``(k, P)``, of the scaled inputs where the model scales."""
        return self.kept.W[: len(self.rows)]

    @property
    def intercept(self):
        """Intercepts ``(P,)``, free or priced."""
        priced = self.kept.W[len(self.rows) :].sum(axis=0)
        return self.kept.intercept + priced

    @property
    def W(self):
        """All of W, as the solver had it."""
        W = np.zeros(self.shape)
        W[self.used] = self.kept.W
        return W

    @property
    def solution(self):
        """The `Solution`, whole."""
        return replace(self.kept, W=self.W)

    def outputs(self, X, std=None):
        """Outputs ``(n, P)`` for inputs X ``(n, d)``; only the columns in use are read."""
        rows, W = self.rows, self.coefficients
        W = W if std is None else W / std[rows, None]
        return np.asarray(X[:, rows] @ W) + self.intercept


def losses(problem, W):
    """The loss of every task ``(T,)`` at W, with the best intercepts, in units of the objective."""
    task = np.asarray(problem.outputs.task)
    found = np.zeros(task.max() + 1)
    for part in problem.parts:
        alone = len(problem.parts) == 1  # then the solver has just been at W
        point = problem.at(W) if alone else part.at(W[:, part.columns])
        for at, value in _blocks(point):
            np.add.at(found, task[part.columns[at]], value)
    return found


def _blocks(point):
    """Positions of outputs, and the loss of each; that of coupled outputs stands at the first."""
    if isinstance(point, GramPoint):
        W, part = point.W, point.part
        square = part.yy - 2 * np.sum(part.C * W, axis=0) + np.sum(W * point.GW, axis=0)
        yield np.arange(W.shape[1]), np.maximum(square, 0) / 2
        return
    part = point.part
    for fit, at in part.blocks:
        groups = [at[k : k + 1] for k in range(len(at))] if fit.separate else [at]
        for group in groups:
            A = part.weights(group)
            yield group[:1], np.array([fit.value(part.Y[:, group], point.F[:, group], A)])
