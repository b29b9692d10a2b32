"""Reduced-rank regression: all responses through few combinations of the inputs."""

import warnings

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from polytask.errors import ParameterError, UnsupportedError, require
from polytask.independent import Independent
from polytask.linear.model import LinearModel
from polytask.linear.multivariate.alternate import alternate
from polytask.linear.multivariate.second_moments import (
    SecondMoments,
    labelled,
    only_numbers,
)
from polytask.linear.penalties.l2 import L2
from polytask.model import Regressor
from polytask.ops.span import inverse_root
from polytask.relation import Relation

WEIGHTINGS = ("equal", "scale", "noise")
RIDGES = (0.0, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)  # of the grid, in units of the typical curvature
MOST = 12  # ranks of the grid: a longer list costs more fits than it is worth


class ReducedRank(TransformerMixin, Regressor):
    r"""Regress all tasks on the same few combinations of the inputs.

    Minimises, over W ``(d, T)`` of rank at most ``rank`` and free intercepts b,
    ``1/2 sum_ts Gamma_ts mean_i r_it r_is + alpha/2 tr(Gamma W'W)`` with residuals
    ``r_it = y_it - x_i'w_t - b_t``; with ``weighting="equal"`` that is the mean squared loss of
    `LinearModel` with ``L2(alpha)``, and a bound on the rank.

    Parameters
    ----------
    rank : int, >= 1, or None
        None is no bound.
    alpha : float, >= 0
        Ridge, in the metric of the residuals.
    weighting : {"equal", "scale", "noise"} or array (T, T)
        The metric Gamma of the residuals: the identity; one over the variance of every task's
        labels; the inverse of the noise covariance that the fit without a bound leaves (then the
        answer is the most probable one under Gaussian noise); or a positive definite matrix.
    fit_intercept : bool
    tol : float, > 0
        With gaps: stop when a pass gains less than this part of the objective.
    max_iter : int, >= 1
        With gaps: passes.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    coef_ : array (T, d)
        ``loadings_ @ features_.T``.
    intercept_ : array (T,)
    features_ : array (d, k)
        The combinations, uncorrelated and of variance 1 where all tasks have the same rows and
        ``alpha`` is 0, the one that explains most first; ``transform`` computes them.
    loadings_ : array (T, k)
    rank_ : int
        k, at most ``rank``.
    objective_ : float
    n_iter_ : int
        Passes; 1 where the answer is in closed form.
    relation_ : Relation
        Cosine of the tasks' coefficients.

    Raises
    ------
    ParameterError
        If an option is out of its range.
    UnsupportedError
        If a task has classes, or ``weighting`` ties tasks that have not the same rows.

    Notes
    -----
    Where all tasks have the same rows and weights the answer is in closed form and the best there
    is: the singular value decomposition of the fitted values of the fit without a bound. With gaps,
    or a table per task, loadings and combinations take turns, each exactly, from the rank-k part
    of the separate fits; it ends where neither gains, which may be a local optimum. There
    ``weighting`` may be "equal", "scale" or a diagonal matrix. Each pass then solves one system of
    size d k.

    References
    ----------
    Izenman. Reduced-rank regression for the multivariate linear model. Journal of Multivariate
    Analysis 5, 1975.
    Reinsel, Velu. Multivariate reduced-rank regression. Springer 1998. Section 2.3.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 6))
    >>> Y = X @ np.outer([1, 2, 0, 0, 0, -1], [1, -1, 2]) + 0.1 * rng.normal(size=(50, 3))
    >>> ReducedRank(rank=1).fit(X, Y).coef_.round(1)[2]
    array([ 2.,  4.,  0.,  0., -0., -2.])
    """

    def __init__(
        self,
        rank=1,
        *,
        alpha=0.0,
        weighting="equal",
        fit_intercept=True,
        tol=1e-12,
        max_iter=2000,
        task_column=None,
    ):
        self.rank = rank
        self.alpha = alpha
        self.weighting = weighting
        self.fit_intercept = fit_intercept
        self.tol = tol
        self.max_iter = max_iter
        self.task_column = task_column

    def _fit(self, data):
        self._check(data)
        data = labelled(data)
        moments = SecondMoments.of(data, fit_intercept=self.fit_intercept)
        root = self._root(moments, data.names)
        k = min(moments.cross.shape) if self.rank is None else self.rank
        features, loadings = self._solved(moments, root, k)
        W = features @ loadings.T
        self.features_, self.loadings_ = moments.plain(features), loadings
        self.rank_ = loadings.shape[1]
        self.coef_ = self.loadings_ @ self.features_.T + 0.0  # no -0.0
        self.intercept_ = moments.intercept(W)
        self.objective_ = _objective(moments, W @ root, self.alpha, root)
        self.relation_ = Relation.of_coefficients(self.coef_, self.task_names_)

    def _check(self, data):
        only_numbers(data, "ReducedRank")
        named = isinstance(self.weighting, str)
        for name, good, wish in (
            ("rank", self.rank is None or self.rank >= 1, "at least 1, or None"),
            ("alpha", np.isfinite(self.alpha) and self.alpha >= 0, "finite and >= 0"),
            ("weighting", not named or self.weighting in WEIGHTINGS, f"one of {WEIGHTINGS}"),
            ("tol", self.tol > 0, "> 0"),
            ("max_iter", self.max_iter >= 1, ">= 1"),
        ):
            found = getattr(self, name)
            require(good, f"ReducedRank needs {name} {wish}. Found {found!r}.", ParameterError)

    # -- the metric -------------------------------------------------------------------------

    def _root(self, moments, names):
        """The symmetric root ``(T, T)`` of the metric."""
        T = len(names)
        if isinstance(self.weighting, str):
            if self.weighting == "noise":
                metric = np.linalg.inv(self._noise(moments, names))
            else:
                scale = moments.square if self.weighting == "scale" else np.ones(T)
                metric = np.diag(1 / np.where(scale > 0, scale, 1.0))
        else:
            metric = np.asarray(self.weighting, dtype=np.float64)
        _check_metric(metric, T)
        tied = np.any(metric != np.diag(np.diag(metric)))
        require(
            moments.shared or not tied,
            "A weighting that ties tasks needs labels of all tasks in the same rows. Found gaps, "
            f"or own rows, among {names[0]!r}, {names[-1]!r}. Take weighting='scale'.",
            UnsupportedError,
        )
        values, vectors = np.linalg.eigh(metric)
        return (vectors * np.sqrt(values)) @ vectors.T

    def _noise(self, moments, names):
        """Covariance ``(T, T)`` of the residuals of the fit without a bound."""
        require(
            moments.shared,
            "weighting='noise' needs labels of all tasks in the same rows: residuals are compared "
            f"row by row. Found gaps, or own rows, among {names[0]!r}, {names[-1]!r}. Take "
            "weighting='scale'.",
            UnsupportedError,
        )
        W = moments.least_squares(self.alpha)
        left = moments.outer - W.T @ moments.cross - moments.cross.T @ W
        left = left + W.T @ moments.gram[0] @ W
        values = np.linalg.eigvalsh(left)
        require(
            values[0] > 1e-10 * np.diag(moments.outer).max(initial=0),
            "weighting='noise' needs residuals in every direction. Found combinations of tasks "
            "that are fitted exactly, or tasks that sum to a constant. Raise alpha, leave a task "
            "out, or take weighting='scale'.",
            UnsupportedError,
        )
        return left

    # -- the optimum ------------------------------------------------------------------------

    def _solved(self, moments, root, k):
        """Directions ``(d, k)`` and loadings ``(T, k)``."""
        back = np.linalg.inv(root)
        cross = moments.cross @ root
        if moments.shared:
            self.n_iter_ = 1
            features, loadings = closed_form(moments.gram[0], cross, self.alpha, k)
        else:
            features, loadings, self.n_iter_, converged = alternate(
                moments.gram, cross, self.alpha, k, self.tol, self.max_iter
            )
            if not converged:
                warnings.warn(
                    f"ReducedRank still gains after {self.n_iter_} passes. Raise max_iter or tol.",
                    ConvergenceWarning,
                    stacklevel=4,
                )
        return features, back @ loadings

    # -- answers ----------------------------------------------------------------------------

    def _outputs(self, X, name):
        t = self.task_names_.index(name)
        return np.asarray(X @ self.coef_[t]) + self.intercept_[t]

    def transform(self, X):
        """The combinations of the inputs ``(n, k)`` through which all tasks are predicted."""
        check_is_fitted(self)
        return np.asarray(self._inputs(X) @ self.features_)

    def grid(self, data):
        """Ranks from 1, each with ridges from strong to none."""
        only_numbers(data, "ReducedRank")
        moments = SecondMoments.of(labelled(data), fit_intercept=self.fit_intercept)
        unit = np.trace(moments.gram, axis1=1, axis2=2).mean() / moments.gram.shape[1] or 1.0
        alphas = [float(f"{unit * ridge:.6g}") for ridge in reversed(RIDGES)]
        ranks = range(1, min(*moments.cross.shape, MOST) + 1)
        return [{"rank": rank, "alpha": alpha} for rank in ranks for alpha in alphas]

    def alone(self):
        """Ridge of the same strength, task by task."""
        return Independent(LinearModel(L2(self.alpha), fit_intercept=self.fit_intercept))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def closed_form(G, C, alpha, k):
    """The best W of rank k for ``tr(W'(G + alpha I)W) / 2 - tr(C'W)``: directions and loadings."""
    white = inverse_root(G, alpha)
    U, s, rows = np.linalg.svd(white.T @ C, full_matrices=False)
    k = min(k, np.count_nonzero(s > len(s) * np.finfo(np.float64).eps * s.max(initial=0)))
    return white @ U[:, :k], rows[:k].T * s[:k]


def _objective(moments, W, alpha, root):
    """At coefficients ``(d, T)`` in the metric."""
    metric = root @ root
    labels = np.sum(moments.outer * metric) if moments.shared else moments.square @ np.diag(metric)
    price = moments.curve(W) + alpha * np.sum(W**2)
    return float(0.5 * (labels + price) - np.sum((moments.cross @ root) * W))


def _check_metric(metric, T):
    good = metric.shape == (T, T) and np.allclose(metric, metric.T)
    require(
        good and np.linalg.eigvalsh(metric)[0] > 0,
        f"ReducedRank needs a symmetric positive definite weighting of shape ({T}, {T}). Found "
        f"shape {metric.shape}"
        + ("." if not good else " with an eigenvalue that is not positive."),
        ParameterError,
    )
