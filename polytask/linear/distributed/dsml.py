"""DSML: group-sparse regression of tasks on many machines, with one round of communication."""

import numpy as np
from scipy.stats import chi2

from polytask.errors import DataError, ParameterError, require
from polytask.independent import Independent
from polytask.kinds import Regression
from polytask.linear.distributed.machine import First, Second, debiased, final
from polytask.linear.multivariate.second_moments import only_numbers
from polytask.model import Regressor
from polytask.relation import Relation
from polytask.task import Task

RISK = 0.05  # probability with which normal noise has a feature chosen
POINTS = 12


class DSML(Regressor):
    r"""Choose the features that many tasks share, while the rows of each stay on its machine.

    Every machine fits a lasso on its own rows, takes the bias out of it, and sends d numbers. The
    master keeps the features whose coefficients over all tasks are longer than noise would make
    them, ``|b_j| > threshold``, and tells the machines which. Each task then has its own debiased
    coefficients on the common features, and zeros elsewhere. Without bias the coefficients of
    different machines can be compared, and the answer is near that of `L21` on all rows together.

    Parameters
    ----------
    alpha : float, >= 0, optional
        Strength of the local lasso (as `L1`, columns at variance 1); None is the best one in
        5-fold cross-validation on the machine.
    mu : float, >= 0, optional
        How exactly the bias is taken out; None is ``sqrt(log d / n)``, or more where a machine has
        too few rows for that; 0 inverts the covariance.
    threshold : float, >= 0, optional
        Of the length ``(sum_t b_tj^2)^(1/2)``, columns at variance 1; None is the length that
        normal noise exceeds on any of the d features in one of twenty cases; 0 drops nothing.
    refit : bool
        Least squares on the common features in place of the debiased coefficients.
    fit_intercept : bool
    tol : float, > 0
        Of the local lasso.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    coef_ : array (T, d)
    intercept_ : array (T,)
    support_ : bool array (d,)
    threshold_ : float
    debiased_ : array (T, d)
        What the machines sent: coefficients of columns at variance 1.
    error_ : array (T,)
        Typical standard error of a debiased coefficient.
    relation_ : Relation
        Cosine of the tasks' coefficients.

    Raises
    ------
    UnsupportedError
        If a task has classes, or ``mu`` is too small for the rows of a machine.
    DataError
        If machines differ in their number of columns.

    Notes
    -----
    `fit` takes one table and visits its tasks one by one; `fit_machines` takes what gives the rows
    on each machine and any map. A machine sends d + 1 numbers, gets the common features, and sends
    one number per feature and its intercept; rows never travel, and a sparse table is filled where
    it is. Its cost is that of d small lassos
    (a d x d matrix, solved as a whole). With ``mu=0``, more rows than columns, and ``threshold=0``
    it is least squares per task. The paper has a threshold of
    ``sqrt((T + log d) / n)`` times a constant; here the constant follows from the standard error
    that each machine reports, its noise estimated from the residuals of the lasso. With fewer
    rows than columns some bias stays, so that about one feature too many is chosen more often than
    in one of twenty cases (of pure noise with 40 rows, 60 columns and 5 tasks in half of them). A
    new task: fit it on the columns of ``support_``.

    References
    ----------
    Wang, Kolar, Srebro. Distributed multi-task learning. AISTATS 2016. Algorithm 1.
    Javanmard, Montanari. Confidence intervals and hypothesis testing for high-dimensional
    regression. JMLR 15, 2014.
    Survey: block-sparse regularisation.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(40, 20))
    >>> Y = X[:, :2] @ rng.choice([-1, 1], size=(2, 6)) + 0.5 * rng.normal(size=(40, 6))
    >>> np.flatnonzero(DSML().fit(X, Y).support_)
    array([0, 1])
    """

    def __init__(
        self,
        *,
        alpha=None,
        mu=None,
        threshold=None,
        refit=False,
        fit_intercept=True,
        tol=1e-6,
        task_column=None,
    ):
        self.alpha = alpha
        self.mu = mu
        self.threshold = threshold
        self.refit = refit
        self.fit_intercept = fit_intercept
        self.tol = tol
        self.task_column = task_column

    def _fit(self, data):
        only_numbers(data, "DSML", "LinearModel(L21())")
        self._visit({name: data.table(name) for name in data.names}, map)

    def fit_machines(self, machines, *, workers=map):
        """Fit tasks whose rows are elsewhere.

        Parameters
        ----------
        machines : dict of task name -> callable
            Called on the worker, without arguments; gives ``(X (n, d), y (n,))`` or, with weights,
            ``(X, y, weight)``. It is sent there: let it open a file, not hold a table.
        workers : callable
            ``workers(function, items)`` gives the results in order: `map`, the ``map`` of a
            ``concurrent.futures`` executor, or a line around Dask
            (``lambda f, items: client.gather(client.map(f, items))``) or Ray.

        Returns
        -------
        self

        Examples
        --------
        >>> import numpy as np
        >>> def rows(seed):
        ...     rng = np.random.default_rng(seed)
        ...     X = rng.normal(size=(30, 5))
        ...     return X, 2 * X[:, 0] + 0.1 * rng.normal(size=30)
        >>> from functools import partial
        >>> machines = {f"machine {k}": partial(rows, k) for k in range(3)}
        >>> DSML().fit_machines(machines).support_
        array([ True, False, False, False, False])
        """
        require(machines, "fit_machines needs a machine. Found none.", DataError)
        self._form = "wide"
        self.tasks_ = tuple(Task(str(name), Regression()) for name in machines)
        self.task_names_ = tuple(task.name for task in self.tasks_)
        self._visit({str(name): source for name, source in machines.items()}, workers)
        self.n_features_in_ = self.coef_.shape[1]
        return self

    # -- two visits -------------------------------------------------------------------------

    def _visit(self, sources, workers):
        self._check()
        given, self._given = getattr(self, "_given", None), None
        sent = self._first(sources, workers) if given is None else given
        self.debiased_, self.error_ = sent[:, :-1], sent[:, -1]
        self._choose()
        self._second(sources, workers)

    def _check(self):
        for name in ("alpha", "mu", "threshold"):
            value = getattr(self, name)
            require(
                value is None or (np.isfinite(value) and value >= 0),
                f"DSML needs {name} >= 0, or None for what theory says. Found {name}={value}.",
                ParameterError,
            )
        require(self.tol > 0, f"DSML needs tol > 0. Found tol={self.tol}.", ParameterError)

    def _first(self, sources, workers):
        """What the machines send ``(T, d + 1)``."""
        orders = [
            First(source, self.alpha, self.mu, self.fit_intercept, self.tol)
            for source in sources.values()
        ]
        sent = list(workers(debiased, orders))
        widths = {name: len(one) - 1 for name, one in zip(sources, sent, strict=True)}
        require(
            len(set(widths.values())) == 1,
            f"Machines need the same columns. Found, by machine, {dict(list(widths.items())[:8])}.",
            DataError,
        )
        return np.stack(sent)

    def _choose(self):
        length = np.linalg.norm(self.debiased_, axis=0)
        theory = noise_length(self.error_, len(length)) if self.threshold is None else None
        self.threshold_ = float(theory if self.threshold is None else self.threshold)
        self.support_ = (length > self.threshold_) | (self.threshold_ == 0)

    def _second(self, sources, workers):
        at = np.flatnonzero(self.support_)
        values = [None] * len(sources) if self.refit else self.debiased_[:, at]
        orders = [
            Second(source, at, one, self.fit_intercept)
            for source, one in zip(sources.values(), values, strict=True)
        ]
        sent = np.stack(list(workers(final, orders)))
        self.coef_ = np.zeros_like(self.debiased_)
        self.coef_[:, at], self.intercept_ = sent[:, :-1], sent[:, -1]
        self.relation_ = Relation.of_coefficients(self.coef_, self.task_names_)

    # -- answers ----------------------------------------------------------------------------

    def _outputs(self, X, name):
        t = self.task_names_.index(name)
        return np.asarray(X @ self.coef_[t]) + self.intercept_[t]

    def grid(self, data):
        """Thresholds from the longest coefficients down to a fifth of what theory says."""
        sent = type(self)(**self.get_params(False) | {"threshold": None, "task_column": None})
        sent.fit(data)
        top = np.linalg.norm(sent.debiased_, axis=0).max()
        low = sent.threshold_ / 5 or top / 100
        found = np.geomspace(max(top, low), low, POINTS)
        return [{"threshold": float(f"{one:.6g}")} for one in found]

    def fit_path(self, data, candidates):
        """Machines are asked once where candidates differ in ``threshold`` and ``refit`` only."""
        sent = None
        for params in candidates:
            model = type(self)(**self.get_params(False) | dict(params))
            model._given = sent if set(params) <= {"threshold", "refit"} else None
            model.fit(data)
            if sent is None and set(params) <= {"threshold", "refit"}:
                sent = np.column_stack([model.debiased_, model.error_])
            yield model

    def alone(self):
        """The same on every machine by itself."""
        return Independent(type(self)(**self.get_params(False) | {"task_column": None}))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def noise_length(error, d):
    """The length that noise with these standard errors ``(T,)`` exceeds on one of d features.

    With probability 1/20, where it is normal: a quantile of chi squared, its degrees of
    freedom by Satterthwaite where errors differ.

    >>> round(float(noise_length(np.ones(4), 1)), 2)
    3.08
    """
    squares = error**2
    if not squares.any():
        return 0.0
    unit = np.sum(squares**2) / squares.sum()
    return np.sqrt(unit * chi2.isf(RISK / d, squares.sum() / unit))
