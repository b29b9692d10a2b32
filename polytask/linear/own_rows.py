"""Squared losses of tasks with rows of their own, one after another: each table is read once."""

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse

from polytask.ops.prox import TINY

# Share of the features that are used up to which their columns are gathered for a product.
SPARE = 0.2


class Stack(NamedTuple):
    """One table of which the rows of every task are a stretch, read by columns.

    Attributes
    ----------
    Z : float64 array (d, N)
        The columns, each without gaps.
    first : int array (P,)
        Where the rows of a task begin.
    """

    Z: np.ndarray
    first: np.ndarray


class OwnRows:
    """Dense tables of one output each, with squared losses and the best intercepts.

    The gradients of tasks are made one after the other, each from one reading of its table;
    nothing is centred or copied.

    Parameters
    ----------
    parts : sequence of TablePart

    Attributes
    ----------
    y, weight : array (N,)
        Labels and their weights, task after task.
    ends : int array (P,)
        Where the labels of a task end.
    columns : int array (P,)
        The outputs of the tasks.
    total : array (P,)
        Sums of weights.
    """

    def __init__(self, parts):
        self.std, self.fit_intercept = parts[0].std, parts[0].fit_intercept
        self.columns = np.concatenate([part.columns for part in parts])
        self.y = np.concatenate([part.Y[:, 0] for part in parts])
        self.weight = np.concatenate([part.A[:, 0] for part in parts])
        self.ends = np.cumsum([len(part.Y) for part in parts])
        self.total = self.sums(self.weight)
        starts = [0, *self.ends.tolist()]
        self.parts = parts
        self.tables = [(part.X, slice(*at)) for part, at in zip(parts, pairwise(starts))]

    @staticmethod
    def take(parts):
        """Whether these parts are of this form."""
        return len(parts) > 1 and all(map(_takes, parts))

    @cached_property
    def stack(self):
        """The `Stack` that all tables are cut out of; None where there is none."""
        within = [part.within for part in self.parts]
        if any(one is None or one[0] is not within[0][0] for one in within):
            return None
        X, P = within[0][0], len(self.ends)
        if not np.array_equal(self.columns, np.arange(P)) or not (
            isinstance(X, np.ndarray) and X.dtype == np.float64 and X.flags.f_contiguous
        ):
            return None
        return Stack(X.T, np.array([first for _, first in within]))

    def sums(self, values):
        """Sums ``(P,)`` of one number per label."""
        before = np.concatenate([[0], self.ends[:-1]])
        # an empty stretch has no sum in reduceat
        full = self.ends > before
        out = np.zeros(len(self.ends))
        out[full] = np.add.reduceat(values, before[full])
        return out

    def at(self, W):
        """The loss at coefficients W ``(d, P)``."""
        return self.of(self._residual(W))

    def of(self, R):
        """The loss where residuals ``(N,)`` are known up to the intercepts."""
        if self.fit_intercept:
            size = np.diff(self.ends, prepend=0)
            R = R - np.repeat(self.sums(self.weight * R) / np.maximum(self.total, TINY), size)
        return OwnRowsPoint(self, R)

    def _residual(self, W):
        R, used = self.y.copy(), np.flatnonzero(W.any(axis=1))
        V = (W if self.std is None else W / self.std[:, None]).T[self.columns]
        if not len(used):
            return R
        few = len(used) < SPARE * len(W)
        V = np.ascontiguousarray(V[:, used] if few else V)
        for (X, at), v in zip(self.tables, V):
            R[at] -= (X[:, used] if few else X) @ v
        return R

    def gradient(self, R):
        """``-X' (a R)``, ``(d, P)``."""
        weighted = self.weight * R
        V = np.empty((len(self.ends), self.parts[0].X.shape[1]))
        for (X, at), v in zip(self.tables, V):
            v[:] = X.T @ weighted[at]
        gradient = np.empty((V.shape[1], len(V)))
        gradient[:, self.columns] = -V.T
        return gradient if self.std is None else gradient / self.std[:, None]


class OwnRowsPoint:
    """The loss at one W.

    Attributes
    ----------
    residual : array (N,)
        Task after task, with the best intercepts.
    """

    def __init__(self, own, residual):
        self.own, self.residual = own, residual

    @cached_property
    def gradient(self):
        """Derivative by W ``(d, P)``."""
        return self.own.gradient(self.residual)

    @cached_property
    def sums(self):
        """Residual times label, and residual squared, summed."""
        weighted = self.own.weight * self.residual
        return float(weighted @ self.own.y), float(weighted @ self.residual)

    @property
    def value(self):
        """The loss with the best intercepts."""
        return 0.5 * self.sums[1]

    def dual(self, share):
        """Lower bound by the residuals times ``share``, without the penalty's conjugate."""
        ry, rr = self.sums
        return share * ry - 0.5 * share**2 * rr


def _takes(part):
    X = getattr(part, "X", None)
    return (
        X is not None
        and not sparse.issparse(X)
        and len(part.columns) == 1
        and part.offset is None
        and [fit.name for fit, _ in part.blocks] == ["squared"]
    )
