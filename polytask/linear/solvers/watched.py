"""Which blocks a gradient is needed for, where all others are known to stay below their cuts."""

from functools import cached_property

import numpy as np

from polytask.linear.solvers.residuals import Residuals
from polytask.linear.table_part import TablePoint

# Solves of one table from which on bounds are worth a reading of their own, for its norms: in a
# single fit the gap excludes next to nothing before the last check.
PATIENCE = 2
# Share of its cut from which on a block is looked at.
NEAR = 0.8
# Share of the blocks up to which reading them alone is faster than reading all.
FEW = 0.1
# Of bounds, for the rounding of what they are made of.
GRAIN = 1e-9


class Watched:
    """Gradients of a table over the blocks that can matter, and proofs that others are zero.

    Two bounds spare the rest of a table. From a point where all slopes are known, those of a
    block move by at most the way of the residuals times the block's norm: what stays below its
    cut neither limits the dual point nor wants to move, and the gap is as certain as with all
    slopes. And the optimal residuals lie within ``sqrt(2 gap)`` of a feasible dual point: blocks
    that stay below their cuts in that whole sphere are zero in every solution.

    Only dense tables that all outputs share are watched, and from their second solve on, as on a
    path: elsewhere a table is read again in less time than the bounds take.

    Parameters
    ----------
    problem : Problem
    price : Blocks
    local : Restricted
        Tells the form of the problem.

    Attributes
    ----------
    out : bool array (B,)
        Blocks that are zero in every solution, as far as is known.

    References
    ----------
    Ndiaye, Fercoq, Gramfort, Salmon. Gap safe screening rules for sparsity enforcing penalties.
    JMLR 2017.
    Johnson, Guestrin. Blitz: a principled meta-algorithm for scaling sparse optimization. ICML
    2015.
    """

    def __init__(self, problem, price, local):
        self.problem, self.price = problem, price
        self.applies = isinstance(local, Residuals)
        problem.reading.solves += self.applies
        self.out = np.zeros(len(price), dtype=bool)
        self.dual = None

    def look(self, point):
        """The point with slopes of zero where the true ones stay below their cuts."""
        self.dual = None
        if not self.applies:
            return point
        memory = self.problem.reading
        memory.prepare(self.problem)
        if "gradient" in vars(point) or memory.squares is None or memory.point is None:
            return self._whole(point)
        bound = memory.bound(self.price, point)
        rows = self.price.members(np.flatnonzero((bound >= NEAR * self.price.cut) & ~self.out))
        if len(rows) > FEW * self.problem.n_features:
            return self._whole(point)
        seen = Seen(point, rows)
        read = self.price.used(seen.mask)
        self.dual = np.where(read, self.price.dual(seen.gradient), bound)
        return seen

    def _whole(self, point):
        self.problem.reading.point = point
        return point

    def check(self, progress, W, point):
        """`Progress.check` of a point that was looked at, and what its gap excludes."""
        done = progress.check(W, point)
        self._exclude(progress, point)
        return done

    def _exclude(self, progress, point):
        reading = self.problem.reading if self.applies else None
        if reading is None or reading.squares is None or not np.isfinite(progress.proved):
            return
        dual = self.price.dual(point.gradient) if self.dual is None else self.dual
        gap = max(progress.objective - progress.proved, 0.0) + 10 * self.problem.resolution
        reach = np.sqrt(2 * gap) * self.price.reach(reading.squares, self.problem.shape[1])
        self.out |= (dual + reach) * (1 + GRAIN) < self.price.cut

    @property
    def excluded(self):
        """How many features are zero in every solution, as far as is known."""
        return len(self.price.members(np.flatnonzero(self.out)))


class Seen(TablePoint):
    """A point whose slopes are read for some rows of W, and zero for all others."""

    def __init__(self, point, rows):
        super().__init__(point.part, point.F)
        self.residual = point.residual
        self.whole, self.rows = point, rows

    @property
    def mask(self):
        """One where slopes were read, zero elsewhere, ``(d, 1)``."""
        mask = np.zeros((self.part.X.shape[1], 1))
        mask[self.rows] = 1
        return mask

    @cached_property
    def gradient(self):
        """``-X' (A R)`` of some features, ``(d, P)``."""
        part, R = self.part, self.part.A * self.residual
        out = np.zeros((part.X.shape[1], R.shape[1]))
        V = part.X[:, self.rows].T @ R
        out[self.rows] = -(V if part.std is None else V / part.std[self.rows, None])
        return out


class Reading:
    """What is known of a table: the last point with all slopes, and the norms of its columns.

    Attributes
    ----------
    point : TablePoint or None
    squares : array (d,) or None
        Squared weighted lengths of the columns about their means; None while not worth the time.
    solves : int
        How often the table was solved.
    """

    def __init__(self):
        self.point, self.squares, self.solves = None, None, 0

    def prepare(self, problem):
        """Make the norms once they are worth it."""
        if self.squares is None and self.solves >= PATIENCE:
            self.squares = problem.parts[0].squares()

    def bound(self, price, point):
        """What the dual norms ``(B,)`` at a point cannot exceed."""
        A, old = point.part.A, self.point.residual
        R = point.residual
        weighted = A * old
        square = float(np.vdot(weighted, old))
        share = max(float(np.vdot(weighted, R)) / square, 0.0) if square > 0 else 0.0
        way = R - share * old
        way = np.sqrt(float(np.vdot(A * way, way)))
        reach = price.reach(self.squares, R.shape[1])
        return (share * price.dual(self.point.gradient) + way * reach) * (1 + GRAIN)
