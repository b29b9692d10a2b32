"""Second moments of a table of regression tasks: all that these methods look at."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.linear.build import weights
from polytask.ops.moments import moments
from polytask.ops.span import inverse_root, row_basis


@dataclass(frozen=True, eq=False)
class SecondMoments:
    """Means and centred second moments per task, every task's weights summing to one.

    Attributes
    ----------
    gram : array (1, d, d) or (T, d, d)
        Of the inputs; one where all tasks have the same rows and weights.
    cross : array (d, T)
    square : array (T,)
    outer : array (T, T) or None
        Of the labels, where all tasks have the same rows and weights.
    x_mean : array (1, d) or (T, d)
    y_mean : array (T,)
    size : array (T,)
        Sums of weights: a row of weight 2 is two rows.
    basis : array (p, d) or None
        Where the table has more columns p than rows: what the d coordinates stand for.
    """

    gram: np.ndarray
    cross: np.ndarray
    square: np.ndarray
    outer: np.ndarray | None
    x_mean: np.ndarray
    y_mean: np.ndarray
    size: np.ndarray
    basis: np.ndarray | None

    @classmethod
    def of(cls, data, *, fit_intercept=True):
        """From `labelled` regression tasks; X is read once where all have the same rows."""
        basis = row_basis(data.X)
        X = data.X if basis is None else np.asarray(data.X @ basis)
        a = weights(data, "equal")
        if data.shared:
            tables = [(slice(None), data.Y, a[0])]
        else:
            tables = [(one.rows, one.y[:, None], b) for one, b in zip(data, a, strict=True)]
        G, C, yy, x_mean, y_mean = moments(X, tables, fit_intercept=fit_intercept)
        size = np.array([one.w.sum() for one in data])
        outer = _outer(data.Y, a[0], y_mean) if data.shared else None
        return cls(G, C, yy, outer, x_mean, y_mean, size, basis)

    @property
    def shared(self):
        """Whether one Gram serves all tasks."""
        return len(self.gram) == 1

    def least_squares(self, alpha):
        """Coefficients ``(d, T)`` of every task by itself, with ridge ``alpha``; the shortest."""
        if self.shared:
            root = inverse_root(self.gram[0], alpha)
            return root @ (root.T @ self.cross)
        roots = [inverse_root(G, alpha) for G in self.gram]
        return np.column_stack(
            [root @ (root.T @ c) for root, c in zip(roots, self.cross.T, strict=True)]
        )

    def freedom(self, alpha):
        """Degrees of freedom ``(1 or T,)`` of a fit with ridge ``alpha``, without the intercept."""
        values = np.linalg.eigvalsh(self.gram)
        cut = self.gram.shape[1] * np.finfo(np.float64).eps * np.maximum(values[:, -1:], 0)
        values = np.where(values > cut, values, 0)
        share = np.divide(values, values + alpha, out=np.zeros_like(values), where=values > 0)
        return share.sum(axis=1)

    def curve(self, W):
        """``sum_t w_t' G_t w_t`` for coefficients ``(d, T)``."""
        if self.shared:
            return float(np.sum(W * (self.gram[0] @ W)))
        return float(np.einsum("dt,tde,et->", W, self.gram, W, optimize=True))

    def intercept(self, W):
        """The best intercepts ``(T,)`` for coefficients ``(d, T)``."""
        return self.y_mean - np.einsum("td,dt->t", np.broadcast_to(self.x_mean, W.T.shape), W)

    def plain(self, W):
        """Coefficients, or directions, ``(p, k)`` of the columns of the table from ``(d, k)``."""
        return W if self.basis is None else self.basis @ W


def _outer(Y, share, mean):
    rows = (Y - mean) * np.sqrt(share)[:, None]
    return rows.T @ rows


def labelled(data):
    """The table without its rows that carry no label at all."""
    some = data.row_weight > 0
    return data if some.all() else data.take(some)


def only_numbers(data, name, instead="LinearModel with a penalty such as TraceNorm"):
    """Refuse tasks with classes or survival times: second moments are about numbers."""
    for task in data.tasks:
        require(
            task.kind.numeric,
            f"{name} takes regression tasks. Task {task.name!r} is {task.kind.name}. Leave it out "
            f"(data.keep), or take {instead}.",
            UnsupportedError,
        )
