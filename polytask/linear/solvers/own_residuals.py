"""Restrictions whose state are the residuals of tasks with rows of their own, side by side."""

import numpy as np

from polytask.linear.solvers.restricted import Restricted

# Rows per task up to which an epoch costs no more than one on the Grams of a first working set
# does, once these are paid for.
MOST = 256


class OwnResiduals(Restricted):
    """The state is the residual ``(N,)`` of all tasks; columns are read where they are.

    For single rows of W and few rows per task: no Gram is made, and next to no memory is taken.
    """

    def __init__(self, problem, price):
        super().__init__(problem, price)
        self.own, P = problem.own_rows, problem.shape[1]
        self.bend = self.mean = np.empty((0, P))
        self.unit = np.empty(0)

    @staticmethod
    def take(problem, price):
        """Whether a problem has this form, and is fast in it."""
        own = problem.own_rows
        if own is None or own.stack is None or not price.single:
            return False
        return len(own.y) <= MOST * len(own.ends)

    def _extend(self, blocks, rows):
        from polytask.ops.kernels import own_columns

        own, shape = self.own, (len(rows), len(self.own.ends))
        mean, square = np.empty(shape), np.empty(shape)
        own_columns.moments(own.stack.Z, rows, own.stack.first, own.ends, own.weight, mean, square)
        unit = np.ones(len(rows)) if own.std is None else 1 / own.std[rows]
        if own.fit_intercept:
            square = np.maximum(square - own.total * mean**2, 0.0)
        else:
            mean[:] = 0.0
        self.unit = np.concatenate([self.unit, unit])
        self.mean = np.concatenate([self.mean, mean])
        self.bend = np.concatenate([self.bend, square * unit[:, None] ** 2])

    def _begin(self, point):
        self.state = point.residual.copy()

    def point(self, W):
        return self.own.of(self.state)

    def sweep(self, zeros):
        from polytask.ops.kernels import own_columns

        own, price = self.own, self.price
        table = own.stack.Z, self.rows, own.stack.first, own.ends, own.weight
        cuts = self.bend, price.cut, price.ridge, price.norm
        own_columns.sweep(*table, self.mean, self.unit, self.state, self.W, *cuts, zeros)

    def correlations(self):
        from polytask.ops.kernels import own_columns

        own, out = self.own, np.empty(self.W.shape)
        weighted = own.weight * self.state
        own_columns.slopes(own.stack.Z, self.rows, own.stack.first, own.ends, weighted, out)
        out *= self.unit[:, None]
        return out

    def loss(self):
        return 0.5 * float((self.own.weight * self.state) @ self.state)
