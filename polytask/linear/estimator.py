"""What the linear models have in common: everything but the kind of bare labels."""

import numpy as np
from sklearn.base import clone
from sklearn.utils import TransformerTags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from polytask.errors import ParameterError, UnsupportedError, require
from polytask.linear.build import build
from polytask.linear.constant import check_intercept
from polytask.linear.datafits_of import datafits_of
from polytask.linear.newcomer import newcomer
from polytask.linear.penalties import L2, Penalty
from polytask.linear.penalties.per_task import PerTask
from polytask.linear.relation import similarity
from polytask.linear.solvers import Solver, automatic
from polytask.model import Model
from polytask.ops.in_blocks import held
from polytask.ops.memory import readable

# What a candidate may change while the table's sufficient statistics stay the same.
STEPS_ONLY = ("penalty", "solver", "tol", "max_iter", "verbose", "unknown_task")


def _has_structure(model):
    """Whether the penalty learns directions that all tasks use."""
    return getattr(model.penalty, "directions", None) is not None


class _Linear(Model):
    """A datafit per task, one penalty on all coefficients, a solver."""

    def __init__(
        self,
        penalty=None,
        *,
        datafit="auto",
        solver="auto",
        fit_intercept=True,
        scale=False,
        task_weight="equal",
        unknown_task="error",
        tol=1e-6,
        max_iter=10_000,
        warm_start=False,
        task_column=None,
        verbose=0,
    ):
        self.penalty = penalty
        self.datafit = datafit
        self.solver = solver
        self.fit_intercept = fit_intercept
        self.scale = scale
        self.task_weight = task_weight
        self.unknown_task = unknown_task
        self.tol = tol
        self.max_iter = max_iter
        self.warm_start = warm_start
        self.task_column = task_column
        self.verbose = verbose

    # -- fitting ----------------------------------------------------------------------------

    def _fit(self, data):
        self._check()
        problem, start = self.__dict__.pop("_given", (None, None))
        problem = self._problem(data) if problem is None else problem
        if start is None and self.warm_start and hasattr(self, "solution_"):
            start = self.solution_.W
        if start is not None and start.shape != problem.shape:
            start = None
        self.penalty_ = self._penalty().bound(problem.outputs)
        solver = automatic(problem, self.penalty_) if self.solver == "auto" else self.solver
        self.solution_ = solver.solve(
            problem, self.penalty_, start=start, tol=self.tol, max_iter=self.max_iter
        )
        self._show(data, problem, self.solution_)
        if self.verbose:
            self._tell(solver)

    def _check(self):
        slots = (("penalty", Penalty, None), ("solver", Solver, "auto"))
        for name, base, other in slots:
            value = getattr(self, name)
            require(
                isinstance(value, base) or value == other,
                f"{name} needs to be a {base.__name__} or {other!r}. Found {value!r}.",
            )
        require(
            self.unknown_task in ("error", "mean"),
            f"unknown_task is 'error' or 'mean'. Found {self.unknown_task!r}.",
            ParameterError,
        )
        check_intercept(self.fit_intercept)
        require(self.tol > 0, f"tol needs to be positive. Found tol={self.tol}.")
        require(self.max_iter >= 1, f"max_iter needs to be at least 1. Found {self.max_iter}.")

    def _penalty(self):
        return L2(0.1) if self.penalty is None else self.penalty

    def _problem(self, data):
        return build(
            data,
            datafit=self.datafit,
            fit_intercept=self.fit_intercept,
            scale=self.scale,
            task_weight=self.task_weight,
        )

    def _show(self, data, problem, solution):
        """Facts in the units of the inputs."""
        d = data.n_features
        unit = np.ones(d) if problem.std is None else problem.std[:d]
        self.coef_ = solution.W[:d].T / unit + 0.0  # no -0.0
        self.outputs_ = problem.outputs.names
        if problem.constant:  # priced: the last row of W, also where a task has no label
            self.intercept_ = solution.W[d].copy()
        else:
            self.intercept_ = _filled(solution.intercept, problem.outputs, data.n_labels)
        self.objective_, self.dual_gap_ = solution.objective, solution.gap
        self.n_iter_ = max(1, solution.iterations)
        self.scale_ = unit.copy()
        self.storage_, self.memory_ = problem.storage, problem.memory
        self.relation_ = similarity(self.coef_, problem.outputs, data.names)
        for name, part in self.penalty_.coefficients(solution.W).items():
            setattr(self, f"{name}_", part[:d].T / unit + 0.0)
        for name, value in self.penalty_.learned(solution.W).items():
            shape = np.shape(value)
            if shape[:1] == problem.shape[:1]:
                value = (value[:d].T / unit).T
            elif problem.constant and shape[-1:] == problem.shape[:1]:
                value = value[..., :d]
            setattr(self, f"{name}_", value)

    def _tell(self, solver):
        one = self.solution_
        print(  # noqa: T201  verbose= asks for it
            f"{type(solver).__name__}: objective {one.objective:.6g}, {one.certificate} "
            f"{one.relative_gap:.1e} (relative), {one.iterations} iterations, inputs held in "
            f"{self.storage_}, sums in float64, about {readable(self.memory_)} beside them"
        )

    # -- answers ----------------------------------------------------------------------------

    def _outputs(self, X, name):
        task, coef, intercept = self._of_task(name)
        fit = datafits_of([task], self.datafit)[0]
        return fit.answers(np.asarray(held(X) @ coef.T) + intercept, task.kind)

    def _of_task(self, name):
        """The task, its coefficients ``(width, d)`` and its intercepts ``(width,)``."""
        if name in self.task_names_:
            at = [p for p, (task, _) in enumerate(self.outputs_) if task == name]
            task = self.tasks_[self.task_names_.index(name)]
            return task, self.coef_[at], self.intercept_[at]
        width = len(self.outputs_) // len(self.tasks_)
        coef = self.coef_.reshape(len(self.tasks_), width, -1).mean(axis=0)
        if hasattr(self, "mean_"):
            coef = self.mean_[None]
        return self.tasks_[0], coef, self.intercept_.reshape(-1, width).mean(axis=0)

    def _known(self, names):
        if self.unknown_task == "error":
            super()._known(names)
            return
        kinds = {task.kind for task in self.tasks_}
        require(
            len(kinds) == 1,
            "unknown_task='mean' needs tasks of one kind. Found "
            f"{sorted({kind.name for kind in kinds})}. Name a fitted task.",
            UnsupportedError,
        )

    # -- what the method offers -------------------------------------------------------------

    def adapt(self, X, y=None, *, sample_weight=None):
        """A model of a *new* task, with what was shared held fixed.

        The penalty says what that is: the mean (`MeanRegularised`), the learned directions
        (`TraceNorm`, `SquaredTraceNorm`, `ASO`, `ConvexASO`) or the chosen features (`L21`,
        `ElasticL21`, `SquaredL21`, `GroupLasso`); its price is then a quadratic form, mostly
        ``alpha/2 |v|^2`` with ``w = center + factor v``.

        Parameters
        ----------
        X : array (n, d), or Tasks with one task
        y : array (n,)
        sample_weight : array (n,), optional

        Returns
        -------
        model of the same class, for the new task alone

        Raises
        ------
        UnsupportedError
            If the penalty shares nothing, or the new task is of a kind that was not fitted.
        """
        check_is_fitted(self)
        return newcomer(self, X, y, sample_weight)

    @available_if(_has_structure)
    def transform(self, X):
        """The inputs in the learned directions: ``X @ structure_.T`` or ``X @ features_``.

        For penalties that learn some: `ASO`, `ConvexASO`, `SquaredTraceNorm`, `TraceNorm`, and
        those under `Weighted`.

        Parameters
        ----------
        X : array (n, d)

        Returns
        -------
        array (n, h)
        """
        check_is_fitted(self)
        name = self.penalty.directions
        learned = self.structure_.T if name == "structure" else self.features_
        return np.asarray(self._inputs(X) @ learned)

    @available_if(_has_structure)
    def fit_transform(self, X, y=None, **options):
        """``fit``, then ``transform``: a step of a pipeline."""
        return self.fit(X, y, **options).transform(X)

    def grid(self, data):
        """Candidates from the penalty, the strongest first, with strengths made for this table."""
        self._check()
        problem = self._problem(data)
        return [{"penalty": penalty} for penalty in self._penalty().grid(problem)]

    def fit_path(self, data, candidates):
        """Fitted models for these candidates, in this order; each starts where the last ended.

        Sufficient statistics are made once, as long as candidates differ in penalty and solver
        only. The numbers are those of single fits, within ``tol``.
        """
        problem = start = None
        for params in candidates:
            model = clone(self).set_params(**params)
            if any(key.split("__")[0] not in STEPS_ONLY for key in params):
                yield model.fit(data)
                continue
            model._check()
            problem = self._problem(data) if problem is None else problem
            model._given = (problem, start)
            model.fit(data)
            start = model.solution_.W
            yield model

    def alone(self):
        """The same model with its penalty paid by every task for itself: no sharing."""
        penalty = self._penalty()
        if isinstance(penalty, PerTask) or penalty.alone() == penalty:
            return clone(self)
        return clone(self).set_params(penalty=PerTask(penalty))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.target_tags.positive_only = getattr(self.datafit, "name", "") == "poisson"
        if _has_structure(self):
            tags.transformer_tags = TransformerTags()
        return tags


def _filled(intercept, outputs, n_labels):
    """Intercepts ``(P,)``; an output without labels gets the mean of those that mean the same."""
    task, alike = np.asarray(outputs.task), np.asarray(outputs.alike)
    empty = n_labels[task] == 0
    filled = intercept.copy()
    for p in np.flatnonzero(empty):
        others = intercept[(alike == alike[p]) & ~empty]
        filled[p] = others.mean() if len(others) else 0.0
    return filled
