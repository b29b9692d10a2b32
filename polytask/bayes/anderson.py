"""Fixed points that are tops: long steps along remembered ones, never downwards."""

from dataclasses import dataclass, field

import numpy as np

WINDOW = 10  # remembered steps; 5 to 20 need the same number of passes on School and Computer
TRACE = 1e-12  # ridge of the small least squares, relative to its largest singular value squared


@dataclass
class Memory:
    """The last differences of points and of the moves that the plain iteration made there."""

    points: list = field(default_factory=list)
    moves: list = field(default_factory=list)

    def add(self, point, move):
        """Remember one pair of differences, forget the oldest."""
        self.points = [*self.points, point][-WINDOW:]
        self.moves = [*self.moves, move][-WINDOW:]

    def forget(self):
        """Start again."""
        self.points, self.moves = [], []

    def ahead(self, point, move):
        """Where the move would be zero if it were linear in the point, or None."""
        if not self.points:
            return None
        moves, points = np.array(self.moves).T, np.array(self.points).T
        U, s, V = np.linalg.svd(moves, full_matrices=False)
        share = V.T @ (s / (s**2 + TRACE * s[0] ** 2 + np.finfo(float).tiny) * (U.T @ move))
        return point + move - (points + moves) @ share


def climb(step, start, *, tol, max_iter):
    """Iterate ``step`` to its top.

    Parameters
    ----------
    step : callable
        ``step(point) -> (next point, objective at point)``; the objective of the next point is
        never lower. A point without objective has ``-inf``.
    start : array (k,)
    tol : float
        Stop when two accepted steps in a row gain less than this.
    max_iter : int
        Calls of ``step``.

    Returns
    -------
    point : array (k,)
        The plain step after the last accepted point.
    history : list of float
        Objective at the accepted points; it does not fall.
    passes : int
        Calls of ``step``.
    converged : bool

    References
    ----------
    Henderson, Varadhan. Damped Anderson acceleration with restarts and monotonicity control for
    accelerating EM and EM-like algorithms. Journal of Computational and Graphical Statistics 28,
    2019.
    """
    memory, point = Memory(), start
    after, top = step(point)
    history, passes, still = [top], 1, 0
    while passes < max_iter and still < 2:
        trial = memory.ahead(point, after - point)
        new, value = (None, -np.inf) if trial is None else step(trial)
        passes += trial is not None
        if not value >= top:
            memory.forget()
            trial = after
            new, value = step(trial)
            passes += 1
        memory.add(trial - point, (new - trial) - (after - point))
        still = still + 1 if value - top <= tol else 0
        point, after, top = trial, new, value
        history.append(value)
    return after, history, passes, still == 2
