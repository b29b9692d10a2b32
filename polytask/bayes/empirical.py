"""Linear models whose coefficients are draws from one Gaussian that all tasks teach."""

import warnings

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from polytask import answers
from polytask.bayes.evidence import Ascent, Pseudo
from polytask.bayes.moments import Moments, Units
from polytask.bayes.prior import GaussianPrior
from polytask.door.of import of
from polytask.errors import ParameterError, UnsupportedError, require
from polytask.model import Regressor
from polytask.ops.scale import Scale
from polytask.relation import Relation
from polytask.tasks import Tasks

NOISES = ("shared", "task")
UNKNOWN = ("error", "mean")


class EmpiricalBayes(Regressor):
    r"""Regress every task, drawing its coefficients towards what the other tasks have in common.

    ``y_ti = w_t' x_ti + b_t + e_ti`` with ``e_ti ~ N(0, noise^2)`` and ``[w_t, b_t] ~ N(m, S)``.
    The prior ``(m, S)`` and the noise are those that make the labels of all tasks together most
    probable; the coefficients of a task are their posterior mean,
    ``a_t = m + S H_t' (H_t S H_t' + noise^2 I)^-1 (y_t - H_t m)``, ``H_t = [X_t, 1]``. What is
    climbed is ``sum_t log N(y_t | H_t m, noise^2 I + H_t S H_t') + log p(m, S)``. There is no
    strength to tune. Labels of all tasks are expected in one unit.

    Parameters
    ----------
    scale : bool
        Whether the columns of X are brought to variance 1 first. Only ``log p(m, S)`` depends on
        it. Everything that is reported is in the units of X and y.
    noise : {"shared", "task"}
        One noise for all tasks, or one per task.
    pseudo_tasks : float, >= 0
        Weight of ``p(m, S)``, in tasks: ``m`` and ``S`` are estimated as if there were so many more
        tasks, with coefficients ``N(0, jitter v I)``, v the variance of the labels inside the
        tasks. 0 is plain maximum likelihood, which needs many more tasks than columns.
    jitter : float, > 0
        See above.
    unknown_task : {"error", "mean"}
        A task that was not there at fitting: an error, or the answer of the prior mean.
    tol : float, > 0
        Stop when two steps in a row gain less than this, in nats per label.
    max_iter : int, >= 1
        Passes over the tasks.
    task_column : str or int, optional
        The column of X that names the task of a line.

    Attributes
    ----------
    coef_ : array (T, d)
    intercept_ : array (T,)
    noise_ : array (T,)
        Standard deviation of the labels around the plane, in units of y.
    prior_mean_ : array (d + 1,)
        The intercept is last.
    prior_covariance_ : array (d + 1, d + 1)
    evidence_ : float
        ``sum_t log N(...)`` at the end, in nats.
    history_ : array
        What is climbed, step by step; it does not fall.
    n_iter_ : int
        Passes over the tasks.
    converged_ : bool
    relation_ : Relation
        Cosine of the tasks' coefficients.

    Raises
    ------
    UnsupportedError
        If a task has classes.

    Notes
    -----
    A pass costs O(T d^3) and memory O(T d^2), whatever the number of rows; where all tasks have the
    same rows, O(d^3 + T d^2) and O(d^2). The paper has a hidden layer in front; this is the linear
    member. It has no prior on ``(m, S)``: with fewer tasks than columns ``S`` is then singular. The
    intercept is inside the Gaussian. EM is slow where ``S`` is nearly singular, so that it tries
    long steps (Anderson's) and keeps those that go up. A row of weight 2 is a row that stands
    there twice. A new task: `adapt`, or ``unknown_task="mean"``.

    References
    ----------
    Heskes. Empirical Bayes for learning to learn. ICML 2000. Section 2.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> coef = [2, -1] + 0.3 * rng.normal(size=(60, 2))     # 60 tasks that are alike,
    >>> X = rng.normal(size=(8, 2))                         # 8 rows of 2 columns
    >>> Y = X @ coef.T + 0.5 * rng.normal(size=(8, 60))
    >>> model = EmpiricalBayes().fit(X, Y)
    >>> model.prior_mean_[:2].round(1)
    array([ 1.9, -0.9])
    >>> model.predict([[0.0, 1.0]], return_std=True)[1].shape
    (1, 60)
    """

    def __init__(
        self,
        *,
        scale=True,
        noise="shared",
        pseudo_tasks=1.0,
        jitter=0.01,
        unknown_task="error",
        tol=1e-10,
        max_iter=2000,
        task_column=None,
    ):
        self.scale = scale
        self.noise = noise
        self.pseudo_tasks = pseudo_tasks
        self.jitter = jitter
        self.unknown_task = unknown_task
        self.tol = tol
        self.max_iter = max_iter
        self.task_column = task_column

    def _fit(self, data):
        self._check(data)
        units = Units.of(data, self.scale)
        moments = Moments.of(data, units)
        seen = moments.take(moments.seen)
        pseudo = Pseudo(float(self.pseudo_tasks), self.jitter * seen.variance)
        # matrices of d columns: more threads wait for each other (7 times slower on busy cores)
        with threadpool_limits(1):
            top = Ascent(seen, pseudo, self.noise == "task").run(self.tol, self.max_iter)
        self.history_, self.n_iter_ = np.array(top.history), top.passes
        self.converged_ = top.converged
        if not top.converged:
            warnings.warn(
                f"EmpiricalBayes still gains after {self.n_iter_} passes. Raise max_iter or tol.",
                ConvergenceWarning,
                stacklevel=3,
            )
        noise = _of_all(top.prior.noise, moments.seen)
        prior = GaussianPrior(top.prior.mean, top.prior.covariance, noise)
        self._learned(prior, units)
        self._answer(prior, units, moments)

    def _check(self, data):
        for name, value, known in (
            ("noise", self.noise, NOISES),
            ("unknown_task", self.unknown_task, UNKNOWN),
        ):
            require(value in known, f"{name} is one of {known}. Found {value!r}.", ParameterError)
        for name, good, bound in (
            ("pseudo_tasks", self.pseudo_tasks >= 0, ">= 0"),
            ("jitter", self.jitter > 0, "> 0"),
            ("tol", self.tol > 0, "> 0"),
            ("max_iter", self.max_iter >= 1, ">= 1"),
        ):
            found = getattr(self, name)
            require(good, f"EmpiricalBayes needs {name} {bound}. Found {name}={found}.")
        _only_numbers(data)

    def _learned(self, prior, units):
        self.prior_mean_ = units.plain(prior.mean)
        self.prior_covariance_ = units.standard.T @ prior.covariance @ units.standard
        self._shift, self._spread, self._level = units.scale.mean, units.scale.std, units.level
        self._mean, self._covariance = prior.mean, prior.covariance

    def _answer(self, prior, units, moments):
        posterior = prior.posterior(moments)
        coef = units.plain(posterior.mean)
        self.coef_, self.intercept_ = coef[:, :-1].copy(), coef[:, -1].copy()
        self.noise_ = np.broadcast_to(np.sqrt(prior.noise), len(coef)).copy()
        self.evidence_ = float(posterior.evidence.sum())
        self.relation_ = Relation.of_coefficients(self.coef_, self.task_names_)
        self._factor = posterior.factor

    # -- answers ----------------------------------------------------------------------------

    def predict(self, X, *, tasks=None, return_std=False):
        """Labels ``(n,)`` or ``(n, T)``, and how far the true ones may be off.

        Parameters
        ----------
        X, tasks
            As in `Model.predict`.
        return_std : bool
            Whether the standard deviation of a label around its prediction comes too; it has the
            noise in it, and what is not known of the coefficients.

        Returns
        -------
        mean, or (mean, std)
        """
        mean = super().predict(X, tasks=tasks)
        if not return_std:
            return mean
        X, names = self._question(X, tasks)
        return mean, answers.predict(_Deviation(self), X, names)

    def _outputs(self, X, name):
        if name not in self.task_names_:
            return np.asarray(X @ self.prior_mean_[:-1]) + self.prior_mean_[-1]
        t = self.task_names_.index(name)
        return np.asarray(X @ self.coef_[t]) + self.intercept_[t]

    def _known(self, names):
        if self.unknown_task == "error":
            super()._known(names)

    def _deviation(self, X, name):
        Z = self._units.inputs(X)
        if name in self.task_names_:
            t = self.task_names_.index(name)
            factor, noise = self._factor[min(t, len(self._factor) - 1)], self.noise_[t]
            return np.sqrt(np.square(Z @ factor).sum(axis=1) + noise**2)
        spread = np.einsum("ij,jk,ik->i", Z, self._covariance, Z, optimize=True)
        return np.sqrt(np.maximum(spread, 0.0) + _typical(self.noise_) ** 2)

    @property
    def _units(self):
        return Units(Scale(self._shift, self._spread), self._level)

    def adapt(self, X, y=None, *, sample_weight=None):
        """A model of new tasks under the prior that was learned: the posterior of their labels.

        Parameters
        ----------
        X : Tasks, or array (n, d)
        y : array (n,), or (n, k) for k new tasks
        sample_weight : array (n,)

        Returns
        -------
        EmpiricalBayes
            Fitted for the new tasks alone; prior and noise are those of this model (with
            ``noise="task"``, the typical noise of its tasks).

        Examples
        --------
        >>> model = EmpiricalBayes().fit([[0.0], [1.0], [2.0]], [[0, 1], [2, 3], [4, 5]])
        >>> model.adapt([[0.0]], [3.0]).predict([[1.0]]).shape
        (1,)
        """
        table = isinstance(X, Tasks)
        data = X if table else of(self._inputs(X), y, sample_weight=sample_weight)
        _only_numbers(data)
        new = clone(self)
        new._form = "wide" if table or np.ndim(y) == 2 else "one"
        new.tasks_, new.task_names_ = data.tasks, data.names
        new.n_features_in_ = self.n_features_in_
        if hasattr(self, "feature_names_in_"):
            new.feature_names_in_ = self.feature_names_in_
        prior = GaussianPrior(self._mean, self._covariance, np.array([_typical(self.noise_) ** 2]))
        new._learned(prior, self._units)
        new._answer(prior, self._units, Moments.of(data, self._units))
        return new

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


class _Deviation:
    """A model whose outputs are the deviations: they take the shape that predictions take."""

    def __init__(self, model):
        self.tasks_, self._form = model.tasks_, model._form
        self._known, self._outputs = model._known, model._deviation


def _only_numbers(data):
    for task in data.tasks:
        require(
            task.kind.name == "regression",
            f"EmpiricalBayes takes regression tasks. Task {task.name!r} is {task.kind.name}. "
            "Leave it out (data.keep), or take a model with a loss per kind.",
            UnsupportedError,
        )


def _of_all(noise, seen):
    """Noise of all tasks; those without a label have the typical one."""
    if len(noise) == 1:
        return noise
    all_ = np.full(len(seen), np.exp(np.log(noise).mean()))
    all_[seen] = noise
    return all_


def _typical(noise):
    return float(np.exp(np.log(noise).mean()))
