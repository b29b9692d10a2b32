"""What a path keeps of every strength: little where most coefficients are zero."""

from dataclasses import dataclass, replace

import numpy as np

from polytask.linear.gram_part import GramPoint
from polytask.linear.penalties import Penalty
from polytask.linear.problem import Sum
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
    rows : int array (k,)
        Features whose coefficients are not all zero.
    kept : Solution
        With the coefficients ``(k, P)`` of these features alone.
    losses : array (T,)
        The loss of every task, in units of the objective.
    n_features : int
    """

    penalty: Penalty
    paid: Penalty
    line: int
    rows: np.ndarray
    kept: Solution
    losses: np.ndarray
    n_features: int

    @classmethod
    def of(cls, penalty, paid, line, problem, solution):
        """The point of a `Solution` of a problem."""
        rows = np.flatnonzero(solution.W.any(axis=1))
        kept = replace(solution, W=solution.W[rows])
        return cls(penalty, paid, line, rows, kept, losses(problem, solution.W), len(solution.W))

    @property
    def W(self):
        """All coefficients ``(d, P)``, of the scaled inputs where the model scales."""
        W = np.zeros((self.n_features, self.kept.W.shape[1]))
        W[self.rows] = self.kept.W
        return W

    @property
    def solution(self):
        """The `Solution`, whole."""
        return replace(self.kept, W=self.W)

    def outputs(self, X, std=None):
        """Outputs ``(n, P)`` for inputs X ``(n, d)``; only the columns in use are read."""
        W = self.kept.W if std is None else self.kept.W / std[self.rows, None]
        return np.asarray(X[:, self.rows] @ W) + self.kept.intercept


def losses(problem, W):
    """The loss of every task ``(T,)`` at W, with the best intercepts, in units of the objective."""
    task = np.asarray(problem.outputs.task)
    found = np.zeros(task.max() + 1)
    point = problem.at(W)
    each = point.points if isinstance(point, Sum) else [(problem.parts[0].columns, point)]
    for columns, one in each:
        for at, value in _blocks(one):
            np.add.at(found, task[columns[at]], value)
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
