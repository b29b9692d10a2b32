"""Curds and whey: responses borrow from each other after each was predicted alone."""

import warnings

import numpy as np

from polytask.errors import ParameterError, require
from polytask.independent import Independent
from polytask.linear.model import LinearModel
from polytask.linear.multivariate.canonical import Canonical, co_moments, leave_one_out, seen
from polytask.linear.multivariate.second_moments import SecondMoments, labelled, only_numbers
from polytask.linear.penalties.l2 import L2
from polytask.model import Regressor
from polytask.relation import Relation

SHRINKAGES = ("gcv", "population", "cv")
RIDGES = (10.0, 1.0, 0.1, 1e-2, 1e-3, 1e-4)  # of the grid, in units of the typical curvature


class CurdsAndWhey(Regressor):
    r"""Predict every task alone, then shrink the predictions towards what the tasks share.

    With separate predictions f(x) ``(T,)`` the answer is ``mean + B (f(x) - mean)``,
    ``B = K^-1 D K``: in the canonical coordinates K of the labels, those combinations of tasks that
    the inputs explain best, each coordinate is multiplied by its own d in [0, 1]. A combination
    that is explained well is kept, one that is mostly noise is dropped, and so a task gets help
    from others even where every task was fitted as well as it can be alone.

    Parameters
    ----------
    shrinkage : {"gcv", "population", "cv"}
        How d follows from the squared canonical correlation c2 and the share r of fitted degrees
        of freedom, columns over rows. ``population``: ``d = c2 / (c2 + r (1 - c2))``. ``gcv``:
        ``d = max(0, (1 - r) (c2 - r) / ((1 - r)^2 c2 + r^2 (1 - c2)))``, the best one under
        generalised cross-validation. ``cv``: the best one for the rows left out one by one, over
        the rows with a label of every task.
    alpha : float, >= 0
        Ridge of the separate predictions, in units of ``L2(alpha)``; 0 is least squares.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    coef_ : array (T, d)
    intercept_ : array (T,)
    mixing_ : array (T, T)
        B.
    correlations_ : array (k,)
        Canonical correlations between labels and predictions, the largest first.
    shrinkage_ : array (k,)
        d, in the same order.
    relation_ : Relation
        Cosine of the tasks' coefficients after mixing.

    Raises
    ------
    UnsupportedError
        If a task has classes, or "cv" finds fewer than T + 2 rows with a label of every task.

    Notes
    -----
    The papers' setting is one table without gaps and least squares. Where we go further: with ridge
    the degrees of freedom are the trace of its smoother, and canonical coordinates are those of
    ridge predictions. With gaps or own rows every task is predicted from its own rows, predictions
    are compared over the inputs of all rows, residuals row by row, where a row that one of two
    tasks has not counts as unrelated, and r is the mean over tasks. The unit of a task's labels
    changes nothing.

    References
    ----------
    Breiman, Friedman. Predicting multivariate responses in multiple linear regression. JRSS B 59,
    1997. Sections 3 and 4.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(30, 10))
    >>> Y = np.outer(X[:, 0], [1, 1, 1]) + rng.normal(size=(30, 3))
    >>> model = CurdsAndWhey().fit(X, Y)
    >>> model.shrinkage_.round(1)
    array([0.9, 0.3, 0. ])
    """

    def __init__(self, *, shrinkage="gcv", alpha=0.0, task_column=None):
        self.shrinkage = shrinkage
        self.alpha = alpha
        self.task_column = task_column

    def _fit(self, data):
        self._check(data)
        data = labelled(data)
        moments = SecondMoments.of(data)
        W = moments.least_squares(self.alpha)
        r = self._share(moments)
        found = Canonical.of(*co_moments(data, moments, W, self.alpha))
        d = self._shrunk(found, r, data, moments)
        self.correlations_, self.shrinkage_ = np.sqrt(found.squared), d
        self.mixing_ = found.mix(d)
        center = seen(moments)
        self.coef_ = (moments.plain(W) @ self.mixing_.T).T + 0.0  # no -0.0
        mean = moments.intercept(W) + center @ W
        self.intercept_ = mean - center @ W @ self.mixing_.T
        self.relation_ = Relation.of_coefficients(self.coef_, self.task_names_)

    def _check(self, data):
        only_numbers(data, "CurdsAndWhey")
        for name, good, wish in (
            ("shrinkage", self.shrinkage in SHRINKAGES, f"one of {SHRINKAGES}"),
            ("alpha", np.isfinite(self.alpha) and self.alpha >= 0, "finite and >= 0"),
        ):
            found = getattr(self, name)
            require(good, f"CurdsAndWhey needs {name} {wish}. Found {found!r}.", ParameterError)

    def _share(self, moments):
        """Fitted degrees of freedom per row, the mean over tasks."""
        freedom, size = moments.freedom(self.alpha), np.maximum(moments.size, 1)
        if self.alpha == 0 and self.n_features_in_ >= size.min():
            warnings.warn(
                "Least squares meets every label, so that there is nothing to shrink by. Found "
                f"{self.n_features_in_} columns for {size.min():.0f} rows. Give an alpha > 0.",
                UserWarning,
                stacklevel=4,
            )
        return float(np.mean(freedom / size))

    def _shrunk(self, found, r, data, moments):
        """The factor of every canonical coordinate ``(k,)``."""
        if self.shrinkage == "cv":
            return leave_one_out(data, moments, self.alpha, found.root)
        c2 = found.squared
        if self.shrinkage == "population":
            return c2 / np.maximum(c2 + r * (1 - c2), np.finfo(np.float64).tiny)
        below = (1 - r) ** 2 * c2 + r**2 * (1 - c2)
        return np.maximum(0, (1 - r) * (c2 - r) / np.maximum(below, np.finfo(np.float64).tiny))

    # -- answers ----------------------------------------------------------------------------

    def _outputs(self, X, name):
        t = self.task_names_.index(name)
        return np.asarray(X @ self.coef_[t]) + self.intercept_[t]

    def grid(self, data):
        """Ridges from strong to weak, and none where there are more rows than columns."""
        only_numbers(data, "CurdsAndWhey")
        gram = SecondMoments.of(labelled(data)).gram
        unit = np.trace(gram, axis1=1, axis2=2).mean() / gram.shape[1] or 1.0
        alphas = [float(f"{unit * ridge:.6g}") for ridge in RIDGES]
        none = [0.0] if min(data.n_labels) > 2 * data.n_features else []
        return [{"alpha": alpha} for alpha in (*alphas, *none)]

    def alone(self):
        """Ridge of the same strength, task by task."""
        return Independent(LinearModel(L2(self.alpha)))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
