"""What a machine does with its own rows: two visits, each sends a few numbers back."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from polytask.errors import DataError, UnsupportedError, require
from polytask.linear.distributed.inverse import approximate_inverse
from polytask.linear.model import LinearModel
from polytask.linear.penalties.l1 import L1
from polytask.ops.scale import Scale
from polytask.tasks import Tasks

FOLDS, POINTS, WEAKEST = 5, 16, 0.05  # of the strength of the local lasso
LOOSER = 1.3  # a bound that few rows cannot meet is multiplied by this
TINY = np.finfo(np.float64).tiny
NORMAL_MEDIAN = 0.6745  # median of |N(0, 1)|


@dataclass(frozen=True, eq=False)
class First:
    """The order to send a debiased lasso.

    Attributes
    ----------
    source : callable, or (X, y) or (X, y, weight)
        What gives the rows *there*; only a callable travels light.
    alpha, mu : float or None
        None is what the machine finds best, and what theory says.
    fit_intercept : bool
    tol : float
    """

    source: object
    alpha: float | None
    mu: float | None
    fit_intercept: bool
    tol: float


@dataclass(frozen=True, eq=False)
class Second:
    """The order to send final coefficients on the common support.

    Attributes
    ----------
    source
        As in `First`.
    support : int array (k,)
    values : array (k,) or None
        Debiased coefficients of scaled columns; None asks for least squares.
    fit_intercept : bool
    """

    source: object
    support: np.ndarray
    values: np.ndarray | None
    fit_intercept: bool


def debiased(order):
    """Coefficients of columns at variance 1, and last their typical standard error ``(d + 1,)``."""
    table = Table.of(order.source, order.fit_intercept)
    Z, y, share = table.Z, table.y, table.w / table.n
    alpha = chosen(table, order.tol) if order.alpha is None else order.alpha
    b = table.lasso(alpha, order.tol)
    left = y - Z @ b
    free = table.n - np.count_nonzero(b) - order.fit_intercept
    sigma = np.sqrt(table.w @ left**2 / max(free, 1))
    vary = np.flatnonzero(Z.any(axis=0))  # a column that does not vary here says nothing
    Z = Z[:, vary]
    S = Z.T @ (share[:, None] * Z)
    M = feasible_inverse(S, table.n) if order.mu is None else approximate_inverse(S, order.mu)
    b[vary] += M @ (Z.T @ (share * left))
    error = spread(M, S, b[vary] / max(sigma, TINY), table.n) if len(vary) else 0.0
    return np.append(b, sigma * error)


def spread(M, S, z, n):
    """Typical deviation of debiased coefficients that are zero, for noise of deviation 1.

    ``z`` ``(d,)`` are the coefficients in that unit.
    """
    noise = np.sum((M @ S) * M, axis=1)
    if n > 2 * len(z):
        # as for coefficients that the first step left out: M undoes no more than a part of S
        kept = np.diag(M @ S)
        return np.sqrt(np.mean(noise / np.maximum(kept, 1e-6) ** 2) / n)
    # with few rows some bias stays; most coefficients are zero, and show how much
    return max(np.sqrt(np.mean(noise) / n), np.median(np.abs(z)) / NORMAL_MEDIAN)


def feasible_inverse(S, n):
    """`approximate_inverse` at ``sqrt(log d / n)``, or the next looser bound that can be met."""
    mu = np.sqrt(np.log(max(len(S), 2)) / n)
    while mu < 1:
        try:
            return approximate_inverse(S, mu)
        except UnsupportedError:
            mu *= LOOSER
    return np.zeros_like(S)  # what meets a bound of 1


def chosen(table, tol):
    """The strength of the local lasso with the smallest error in cross-validation."""
    n, d = table.Z.shape
    if n < 2 * FOLDS:
        return float(np.sqrt(table.w @ table.y**2 * np.log(max(d, 2))) / table.n)
    top = np.abs(table.Z.T @ (table.w * table.y)).max() / table.n
    data = Tasks.from_arrays(table.Z, table.y, weight=table.w)
    alphas = (top or 1.0) * np.geomspace(1, WEAKEST, POINTS)
    candidates = [{"penalty": L1(alpha)} for alpha in alphas]
    model = LinearModel(fit_intercept=False, tol=max(tol, 1e-4))
    error = np.zeros(POINTS)
    for train, test in data.folds(FOLDS):
        for k, one in enumerate(model.fit_path(data.take(train), candidates)):
            left = table.y[test] - table.Z[test] @ one.coef_[0]
            error[k] += table.w[test] @ left**2
    return float(alphas[np.argmin(error)])


def final(order):
    """Coefficients on the support in the units of X, and last the intercept ``(k + 1,)``."""
    table = Table.of(order.source, order.fit_intercept)
    Z = table.Z[:, order.support]
    if order.values is None:
        root = np.sqrt(table.w)
        values = np.linalg.lstsq(Z * root[:, None], table.y * root)[0]
    else:
        values = order.values
    coef = values / table.std[order.support]
    return np.append(coef, table.y_mean - table.x_mean[order.support] @ coef)


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of one machine: columns at mean 0 and variance 1, labels at mean 0."""

    Z: np.ndarray
    y: np.ndarray
    w: np.ndarray
    x_mean: np.ndarray
    y_mean: float
    std: np.ndarray

    @classmethod
    def of(cls, source, fit_intercept):
        """From a callable that gives ``(X, y)`` or ``(X, y, weight)``, or these themselves."""
        X, y, *rest = source() if callable(source) else source
        X = X.toarray() if sparse.issparse(X) else np.asarray(X, dtype=np.float64)
        y = np.asarray(y, dtype=np.float64)
        require(
            X.ndim == 2 and y.shape == (len(X),),
            f"A machine needs X (n, d) and y (n,). Found shapes {X.shape} and {y.shape}.",
            DataError,
        )
        w = np.ones(len(y)) if not rest or rest[0] is None else np.asarray(rest[0], np.float64)
        scale = Scale.of(X, w)
        mean = scale.mean if fit_intercept else np.zeros_like(scale.mean)
        y_mean = float(w @ y / w.sum()) if fit_intercept else 0.0
        return cls((X - mean) / scale.std, y - y_mean, w, mean, y_mean, scale.std)

    @property
    def n(self):
        """Number of rows; one of weight 2 is two."""
        return self.w.sum()

    def lasso(self, alpha, tol):
        """Coefficients ``(d,)`` of a lasso."""
        model = LinearModel(L1(alpha), fit_intercept=False, tol=tol)
        return model.fit(self.Z, self.y, sample_weight=self.w).coef_[0]
