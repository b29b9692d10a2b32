"""A squared-loss problem on some blocks of rows of W: the state that coordinate descent keeps.

A state is affine in W, so that a mean of iterates has the same mean of states. `Residuals` and
`SparseResiduals` are for tables with one weight per row, `OwnResiduals` for short tables that are
stretches of one, `OneGram` and `OwnGrams` for sufficient statistics.
"""

from abc import ABC, abstractmethod

import numpy as np
from scipy import sparse

from polytask.linear.gram_part import GramPart


def restricted(problem, price):
    """The empty restriction of a problem, in the form that its parts make the fastest.

    Parameters
    ----------
    problem : Problem
    price : Blocks
        Of all features.
    """
    from polytask.linear.solvers import grams, own_residuals, residuals

    if own_residuals.OwnResiduals.take(problem, price):
        return own_residuals.OwnResiduals(problem, price)
    if not problem.one_hessian:
        return grams.OwnGrams(problem, price)
    (part,) = problem.parts
    if isinstance(part, GramPart):
        return grams.OneGram(problem, price)
    form = residuals.SparseResiduals if sparse.issparse(part.X) else residuals.Residuals
    return form(problem, price)


class Restricted(ABC):
    """Blocks of rows of W, their coefficients and a state that follows them.

    Attributes
    ----------
    blocks : int array
        In the order in which they came.
    rows : int array (k,)
        Their rows of W.
    price : Blocks
        Of these rows alone.
    W : array (k, P)
    state : array
        Affine in W.
    """

    def __init__(self, problem, price):
        self.problem, self.all = problem, price
        self.blocks = self.rows = np.empty(0, dtype=np.int64)
        self.price = price.on(self.blocks)

    def extend(self, blocks):
        """Take more blocks in."""
        rows = self.all.members(blocks)
        self.blocks = np.concatenate([self.blocks, blocks])
        self.rows = np.concatenate([self.rows, rows])
        self.price = self.all.on(self.blocks)
        if len(rows):
            self._extend(blocks, rows)

    @abstractmethod
    def _extend(self, blocks, rows):
        """Read what these blocks, the last ones, need; they have these rows of W."""

    def start(self, W, point):
        """Begin at W ``(d, P)``, zero outside ``rows``, where the loss is ``point``."""
        self.W = np.ascontiguousarray(W[self.rows])
        self._begin(point)

    @abstractmethod
    def _begin(self, point):
        """The state at the coefficients, where the loss is ``point``."""

    @abstractmethod
    def sweep(self, zeros):
        """One epoch over all blocks; over those that are not zero where ``zeros`` is 0."""

    @abstractmethod
    def correlations(self):
        """Minus the gradient ``(k, P)``."""

    @abstractmethod
    def loss(self):
        """The squared loss."""

    def point(self, W):
        """The loss at W ``(d, P)``, which has the coefficients of this restriction."""
        return self.problem.at(W)

    def whole(self):
        """Coefficients ``(d, P)``, zero outside the rows."""
        W = np.zeros(self.problem.shape)
        W[self.rows] = self.W
        return W

    def too_large(self, more):
        """Whether so many more blocks would take more memory than is reasonable."""
        return False


def bends(price, G):
    """The largest curvature of every block ``(B, P)`` of Grams G ``(k, k, P)``."""
    if price.single:
        return np.ascontiguousarray(np.einsum("iip->ip", G))
    out = np.empty((len(price), G.shape[2]))
    for b, (start, end) in enumerate(zip(price.starts[:-1], price.starts[1:])):
        inside = np.moveaxis(G[start:end, start:end], -1, 0)
        # rounding must not make a bound of it that is none
        out[b] = np.linalg.eigvalsh(inside)[:, -1] * (1 + 1e-12)
    return np.maximum(out, 0.0)
