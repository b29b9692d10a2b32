"""What a Gaussian model needs of the rows: sums over them, per task, in standard units."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from polytask.ops.scale import Scale

EPS = np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False)
class Units:
    """Inputs are standardised and labels are ``y - level`` in the sums below.

    Attributes
    ----------
    scale : Scale
    level : float
    """

    scale: Scale
    level: float

    @classmethod
    def of(cls, data, scaled):
        """The units of a table: a row counts once, however many labels it has."""
        scale = Scale.of(data.X, data.row_weight)
        scale = scale if scaled else Scale(scale.mean, np.ones(data.n_features))
        total = sum(one.w.sum() for one in data)
        return cls(scale, float(sum(one.w @ one.y for one in data) / total))

    @property
    def standard(self):
        """Matrix A ``(d + 1, d + 1)``: standard inputs are ``A @ [x, 1]``."""
        A = np.diag(np.append(1 / self.scale.std, 1.0))
        A[:-1, -1] = -self.scale.mean / self.scale.std
        return A

    def inputs(self, X):
        """Standard inputs with a column of ones ``(n, d + 1)``, dense."""
        X = X.toarray() if sparse.issparse(X) else X
        Z = np.ones((X.shape[0], X.shape[1] + 1))
        Z[:, :-1] = self.scale.transform(X)
        return Z

    def plain(self, coef):
        """Coefficients ``(..., d + 1)`` of standard units in the units of the user."""
        coef = coef @ self.standard
        coef[..., -1] += self.level
        return coef


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over the rows of each task, with ``z`` the standard inputs and a one.

    Attributes
    ----------
    gram : array (T, p, p), or (1, p, p) where all tasks have the same rows
        ``sum_i w_i z_i z_i'``; p = d + 1.
    cross : array (T, p)
        ``sum_i w_i z_i y_i``.
    square : array (T,)
        ``sum_i w_i y_i^2``.
    count : array (T,)
        ``sum_i w_i``: a row of weight 2 is a row that stands there twice.
    """

    gram: np.ndarray
    cross: np.ndarray
    square: np.ndarray
    count: np.ndarray

    @classmethod
    def of(cls, data, units):
        """The moments of a table; its inputs are read once."""
        labels = [(one, one.y - units.level) for one in data]
        sums = _sparse_sums if sparse.issparse(data.X) else _dense_sums
        grams, crosses = sums(data, units, labels)
        return cls(
            np.stack(grams),
            np.stack(crosses),
            np.array([one.w @ y**2 for one, y in labels]),
            np.array([one.w.sum() for one in data]),
        )

    @property
    def seen(self):
        """Mask ``(T,)`` of the tasks with a label."""
        return self.count > 0

    def take(self, mask):
        """The moments of these tasks."""
        gram = self.gram if len(self.gram) == 1 else self.gram[mask]
        return replace(
            self,
            gram=gram,
            cross=self.cross[mask],
            square=self.square[mask],
            count=self.count[mask],
        )

    @property
    def total(self):
        """All tasks as one: gram ``(p, p)`` and cross ``(p,)``."""
        times = len(self.cross) if len(self.gram) == 1 else 1
        return times * self.gram.sum(axis=0), self.cross.sum(axis=0)

    @property
    def variance(self):
        """Variance of the labels inside the tasks; of all labels where no task has two; else 1."""
        mean = self.cross[:, -1] / self.count
        inside = self.square.sum() - self.count @ mean**2
        whole = self.square.sum()
        least = 10 * len(mean) * EPS * whole
        found = inside if inside > least else whole
        return found / self.count.sum() if found > 0 else 1.0


def _dense_sums(data, units, labels):
    Z = units.inputs(data.X)
    if data.shared:
        w = labels[0][0].w
        return [Z.T @ (w[:, None] * Z)], [Z.T @ (w * y) for _, y in labels]
    grams: list[np.ndarray] = []
    crosses: list[np.ndarray] = []
    for one, y in labels:
        rows = Z[one.rows]
        weighted = rows if one.weight is None else one.w[:, None] * rows
        grams.append(weighted.T @ rows)
        crosses.append(weighted.T @ y)
    return grams, crosses


def _sparse_sums(data, units, labels):
    # centring would fill the matrix: the sums are taken first and centred afterwards
    A = units.standard
    H = sparse.hstack([data.X.astype(np.float64), np.ones((data.n_rows, 1))], "csr")
    grams: list[np.ndarray] = []
    crosses: list[np.ndarray] = []
    for one, y in labels:
        rows = H[one.rows]
        weighted = rows.T.multiply(one.w).tocsr()
        if not (data.shared and grams):
            grams.append(A @ (weighted @ rows).toarray() @ A.T)
        crosses.append(A @ (weighted @ y))
    return grams, crosses
