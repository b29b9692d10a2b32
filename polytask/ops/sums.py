"""Weighted second moments about the mean, gathered block by block and merged without loss.

For rows that come in parts, or are summed per fold; where a table is whole `polytask.ops.moments`
is quicker.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

# Share of a column's square below which a difference of two Grams has lost digits.
SMALL = 0.1


@dataclass(eq=False)
class Sums:
    """Sums of weighted squares of inputs and targets about their means.

    S is 1 where all targets have the same rows and weights, otherwise there is one Gram for each
    set of rows, and ``place`` says which one belongs to a target.

    Attributes
    ----------
    place : int array (P,)
        For every target, its position among the S.
    weight : array (S,)
    x_mean : array (S, d)
    G : array (S, d, d)
        ``sum_i a_i (x_i - x_mean)(x_i - x_mean)'``.
    y_mean : array (P,)
    C : array (P, d)
        ``sum_i a_i (y_i - y_mean)(x_i - x_mean)``.
    yy : array (P,)
    """

    place: np.ndarray
    weight: np.ndarray
    x_mean: np.ndarray
    G: np.ndarray
    y_mean: np.ndarray
    C: np.ndarray
    yy: np.ndarray

    @classmethod
    def empty(cls, place, d):
        """Sums over no rows, for targets at these places ``(P,)``."""
        place = np.asarray(place, dtype=np.int64)
        S, P = int(place.max(initial=0)) + 1, len(place)
        return cls(
            place,
            np.zeros(S),
            np.zeros((S, d)),
            np.zeros((S, d, d)),
            np.zeros(P),
            np.zeros((P, d)),
            np.zeros(P),
        )

    def spread(self, place):
        """The same sums with a Gram for each of these places ``(P,)``."""
        out = Sums.empty(place, self.x_mean.shape[1])
        first = np.unique(out.place, return_index=True)[1]
        source = self.place[first]
        out.weight[:], out.x_mean[:] = self.weight[source], self.x_mean[source]
        out.G[:] = self.G[source]
        out.y_mean, out.C, out.yy = self.y_mean.copy(), self.C.copy(), self.yy.copy()
        return out

    def add_rows(self, X, Y, A, *, places, targets):
        """Take rows in; a dense block is made float64 and centred before it is squared.

        Parameters
        ----------
        X : array, float64 or float32, or sparse matrix (n, d)
        Y : array (n, q)
            Any number where the weight is zero.
        A : array (n, k)
        places : int array (k,), increasing
            The sets of rows that the columns of A are weights of.
        targets : int array (q,)
            The targets that the columns of Y belong to.
        """
        Z, center = _centred(X, A)
        weight = A.sum(axis=0)
        here = weight > 0
        if not here.all():
            A, places, weight = A[:, here], places[here], weight[here]
            kept = np.isin(self.place[targets], places)
            Y, targets = Y[:, kept], targets[kept]
        if not len(places):
            return
        local = np.searchsorted(places, self.place[targets])
        side = np.asarray(Z.T @ A).T / weight[:, None]
        a = A[:, local]
        y_mean = np.einsum("ip,ip->p", a, Y) / weight[local]
        R = Y - y_mean
        yy = np.einsum("ip,ip,ip->p", a, R, R)
        R *= a
        # R sums to zero, but for rounding
        C = np.asarray(Z.T @ R).T - R.sum(axis=0)[:, None] * side[local]
        grams = _grams(Z, A, weight, side)
        block = Part(weight, center + side, grams, y_mean, C, yy)
        self._absorb(block, places, targets, local)

    def absorb(self, other, places, targets):
        """Merge other sums in, whose rows of S are these ``places`` here, its targets these."""
        rows = ((s, G) for s, G in enumerate(other.G))
        part = Part(other.weight, other.x_mean, rows, other.y_mean, other.C, other.yy)
        self._absorb(part, np.asarray(places), np.asarray(targets), other.place)

    def _absorb(self, part, places, targets, local):
        """The pairwise update of means and squares (Chan, Golub, LeVeque)."""
        old = self.weight[places]
        total = old + part.weight
        share = np.divide(part.weight, total, out=np.zeros_like(total), where=total > 0)
        move = part.x_mean - self.x_mean[places]
        step = part.y_mean - self.y_mean[targets]
        cross = (old * share)[local]
        self.C[targets] += part.C + (cross * step)[:, None] * move[local]
        self.yy[targets] += part.yy + cross * step**2
        self.y_mean[targets] += share[local] * step
        for k, G in part.grams:
            at = self.G[places[k]]
            at += G
            at += (old[k] * share[k]) * np.outer(move[k], move[k])
        self.x_mean[places] += share[:, None] * move
        self.weight[places] = total


@dataclass(eq=False)
class Columns:
    """Mean and sum of weighted squares about it, per column.

    Attributes
    ----------
    weight : float
    mean, square : array (d,)
    """

    weight: float
    mean: np.ndarray
    square: np.ndarray

    @classmethod
    def empty(cls, d):
        """Of no rows."""
        return cls(0.0, np.zeros(d), np.zeros(d))

    def add_rows(self, X, a):
        """Take rows ``(n, d)`` of weights ``(n,)`` in."""
        weight = a.sum()
        if weight <= 0:
            return
        Z, center = _centred(X, a[:, None])
        side = np.asarray(Z.T @ a).ravel() / weight
        square = Z.multiply(Z) if sparse.issparse(Z) else Z * Z
        square = np.asarray(square.T @ a).ravel() - weight * side**2
        self.absorb(Columns(float(weight), center + side, np.maximum(square, 0)))

    def absorb(self, other):
        """Merge others in."""
        total = self.weight + other.weight
        if total <= 0:
            return
        share, move = other.weight / total, other.mean - self.mean
        self.square = self.square + other.square + self.weight * share * move**2
        self.mean = self.mean + share * move
        self.weight = total


@dataclass
class Part:
    """What is merged: sums of some rows, Grams one by one."""

    weight: np.ndarray
    x_mean: np.ndarray
    grams: object
    y_mean: np.ndarray
    C: np.ndarray
    yy: np.ndarray


def _centred(X, A):
    """A block about the mean of its rows, and that mean; a sparse one stays where it is."""
    if sparse.issparse(X):
        return X.tocsr(), np.zeros(X.shape[1])
    Z = X.astype(np.float64)
    used = A.max(axis=1, initial=0.0)
    center = used @ Z / max(used.sum(), np.finfo(np.float64).tiny)
    Z -= center
    return Z, center


def _grams(Z, A, weight, side):
    """Pairs of a column of A ``(n, k)`` and its Gram about ``side`` ``(k, d)``.

    The Gram under the largest weight of every row is made once; a column that differs in few rows
    takes those away from it. Columns of Z whose square that takes away too are summed directly.
    """
    base, whole = A.max(axis=1), None
    for k in range(A.shape[1]):
        other = np.flatnonzero(A[:, k] != base)
        if 2 * len(other) > len(base):
            yield k, _gram(Z, A[:, k], weight[k], side[k])
            continue
        whole = _squares(Z, base) if whole is None else whole
        gram = whole - _squares(Z[other], (base - A[:, k])[other]) if len(other) else whole
        gram = gram - weight[k] * np.outer(side[k], side[k])
        lost = np.flatnonzero(np.diagonal(gram) < SMALL * np.diagonal(whole))
        if len(lost):
            columns = _sides(Z, A[:, k], side[k], lost)
            gram[:, lost], gram[lost] = columns, columns.T
        yield k, gram


def _gram(Z, a, weight, side):
    """The Gram of one column of weights, from its rows alone."""
    rows = np.flatnonzero(a)
    if sparse.issparse(Z):
        return _squares(Z[rows], a[rows]) - weight * np.outer(side, side)
    return _squares(Z[rows] - side, a[rows])


def _sides(Z, a, side, columns):
    """Products ``(d, c)`` of all columns with these, about the means, summed directly."""
    few = Z[:, columns]
    if sparse.issparse(Z):
        few = few.toarray()
    few = a[:, None] * (few - side[columns])
    return np.asarray(Z.T @ few) - np.outer(side, few.sum(axis=0))


def _squares(Z, a):
    if sparse.issparse(Z):
        return (Z.T @ Z.multiply(a[:, None]).tocsr()).toarray()
    if (a != 1).any():
        Z = Z * np.sqrt(a)[:, None]
    return Z.T @ Z
