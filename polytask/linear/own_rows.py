"""Squared losses of tasks with rows of their own, one after another: each table is read once."""

import numpy as np
from scipy import sparse


class OwnRows:
    """Dense tables of one output each, with squared losses and the best intercepts.

    The residuals of a task and its gradient are made one after the other, while its table is still
    in the cache; nothing is centred or copied.

    Parameters
    ----------
    parts : sequence of TablePart
    """

    def __init__(self, parts):
        self.std = parts[0].std
        self.columns = np.concatenate([part.columns for part in parts])
        self.tables = [_table(part) for part in parts]

    @staticmethod
    def take(parts):
        """Whether these parts are of this form."""
        return len(parts) > 1 and all(map(_takes, parts))

    def at(self, W):
        """The loss at coefficients W ``(d, P)``."""
        W = W if self.std is None else W / self.std[:, None]
        V = np.ascontiguousarray(W.T[self.columns])
        G = np.empty_like(V)
        ry = rr = 0.0
        for (X, back, y, a, share), w, g in zip(self.tables, V, G):
            r = y - X @ w
            if share is not None:
                r -= share @ r
            weighted = a * r
            np.dot(back, weighted, out=g)
            ry += weighted @ y
            rr += weighted @ r
        gradient = np.empty(W.shape)
        gradient[:, self.columns] = -G.T
        return OwnRowsPoint(
            gradient if self.std is None else gradient / self.std[:, None], (ry, rr)
        )


class OwnRowsPoint:
    """The loss at one W.

    Attributes
    ----------
    gradient : array (d, P)
    sums : tuple
        Residual times label, and residual squared, summed.
    """

    def __init__(self, gradient, sums):
        self.gradient, self.sums = gradient, (float(sums[0]), float(sums[1]))

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


def _table(part):
    """``X, X', y, a`` and the weights whose product with residuals is the intercept."""
    a, total = part.A[:, 0], part.A.sum()
    share = a / total if part.fit_intercept and total > 0 else None
    return part.X, part.X.T, part.Y[:, 0], a, share
