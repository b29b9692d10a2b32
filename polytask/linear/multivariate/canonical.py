"""Canonical coordinates of the labels: the combinations of tasks that inputs explain, in order."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import UnsupportedError, require
from polytask.ops.span import inverse_root


@dataclass(frozen=True, eq=False)
class Canonical:
    """Combinations ``root.T @ y`` of variance 1, uncorrelated, with how much of each is explained.

    Attributes
    ----------
    root : array (T, k)
        k is smaller than T where labels of several tasks sum to a constant.
    back : array (T, k)
        ``root.T @ back`` is the identity.
    squared : array (k,)
        Squared canonical correlations, the largest first.
    """

    root: np.ndarray
    back: np.ndarray
    squared: np.ndarray

    @classmethod
    def of(cls, labels, explained):
        """From the second moments ``(T, T)`` of the labels and of labels with predictions."""
        white = inverse_root(labels, 0.0)
        values, vectors = np.linalg.eigh(white.T @ explained @ white)
        root = white @ vectors[:, ::-1]
        return cls(root, labels @ root, np.clip(values[::-1], 0, 1))

    def mix(self, d):
        """The map ``(T, T)`` that multiplies each coordinate by its d ``(k,)``."""
        return (self.back * d) @ self.root.T


def co_moments(data, moments, W, alpha):
    """Second moments ``(T, T)``: of the labels, and of labels with separate predictions ``X W``.

    Exact on one table without gaps. Otherwise predictions of all tasks are compared over the inputs
    of all rows, and residuals over the rows that two tasks share.
    """
    gram = np.average(moments.gram, axis=0, weights=moments.size if not moments.shared else None)
    explained = W.T @ gram @ W + alpha * W.T @ W
    if moments.shared:
        return moments.outer, explained
    return explained + _left(data, moments, W), explained


def _left(data, moments, W):
    """What predictions leave of the labels ``(T, T)``: exact on the diagonal, positive.

    Residuals are multiplied row by row; a row that one of two tasks has not counts as unrelated.
    """
    X = data.X if moments.basis is None else np.asarray(data.X @ moments.basis)
    rows = np.nan_to_num(data.Y - np.asarray(X @ W) - moments.intercept(W)) * np.sqrt(data.W)
    left = rows.T @ rows
    scale = np.sqrt(np.maximum(moments.square - np.sum(moments.cross * W, axis=0), 0))
    unit = np.sqrt(np.diag(left))
    scale = np.divide(scale, unit, out=np.zeros_like(scale), where=unit > 0)
    return left * np.outer(scale, scale)


def seen(moments):
    """The mean of the inputs ``(d,)`` over the labels of all tasks."""
    if moments.shared:
        return moments.x_mean[0]
    return np.average(moments.x_mean, axis=0, weights=moments.size)


def leave_one_out(data, moments, alpha, root):
    """The best factor in [0, 1] of every coordinate for the rows left out one by one ``(k,)``.

    One copy of a row is left out at a time; the ridge of the sum of squares stays.
    """
    full = np.flatnonzero(np.isfinite(data.Y).all(axis=1))
    require(
        len(full) >= data.n_tasks + 2,
        f"shrinkage='cv' needs at least {data.n_tasks + 2} rows with a label of every task. Found "
        f"{len(full)}. Take shrinkage='gcv'.",
        UnsupportedError,
    )
    X = np.asarray(data.X[full] @ moments.basis) if moments.basis is not None else data.X[full]
    Y = data.Y[full] - moments.y_mean
    left = np.column_stack([_left_out(X, Y[:, t], t, moments, alpha) for t in range(data.n_tasks)])
    true, weight = Y @ root, data.W[full].mean(axis=1)[:, None]
    above, below = (weight * true * (left @ root)), (weight * (left @ root) ** 2)
    tiny = np.finfo(np.float64).tiny
    return np.clip(above.sum(axis=0) / np.maximum(below.sum(axis=0), tiny), 0, 1)


def _left_out(X, y, t, moments, alpha):
    """Predictions of centred labels ``(n,)`` of task t by fits without that row."""
    at = 0 if moments.shared else t
    white = inverse_root(moments.gram[at], alpha)
    Z = np.asarray(X @ white) - moments.x_mean[at] @ white
    fitted = Z @ (white.T @ moments.cross[:, t])
    own = (1 + np.sum(Z**2, axis=1)) / moments.size[t]
    own = np.minimum(own, 1 - 1e-9)  # a row that its fit must meet says nothing of itself
    return (fitted - own * y) / (1 - own)
