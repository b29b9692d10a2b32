"""Choosing the strength of a linear model by cross-validation: all but the kind of labels."""

import copy

import numpy as np
from sklearn.base import clone

from polytask.errors import DataError, ParameterError, UnsupportedError, extra, require
from polytask.independent import tags_like
from polytask.linear.estimator import _Linear
from polytask.linear.path.each import beside, check_separable
from polytask.linear.path.folds import deal, errors
from polytask.linear.path.walk import lines_of, walk
from polytask.linear.penalties import Penalty
from polytask.model import Model
from polytask.report.criterion import Criterion
from polytask.report.plots.path import path
from polytask.report.report import Report
from polytask.report.select import RULES, choose

SHOWN = ("coef_", "intercept_", "outputs_", "n_iter_", "relation_", "objective_", "dual_gap_")


class _LinearCV(Model):
    """A linear model, the strengths of its penalty, and folds that choose among them."""

    _plain: type[_Linear]

    def __init__(
        self,
        model=None,
        *,
        points=100,
        weakest=None,
        alphas=None,
        seconds=None,
        folds=5,
        by=None,
        metric=None,
        select="min",
        alpha_per_task=False,
        task_column=None,
        random_state=0,
        n_jobs=None,
    ):
        self.model = model
        self.points = points
        self.weakest = weakest
        self.alphas = alphas
        self.seconds = seconds
        self.folds = folds
        self.by = by
        self.metric = metric
        self.select = select
        self.alpha_per_task = alpha_per_task
        self.task_column = task_column
        self.random_state = random_state
        self.n_jobs = n_jobs

    # -- fitting ----------------------------------------------------------------------------

    def _fit(self, data):
        model = self._inner()
        criterion = Criterion(self.metric)
        self._check(model, criterion, data)
        problem = model._problem(data)
        wanted = {name: getattr(self, name) for name in ("points", "weakest", "alphas", "seconds")}
        lines = lines_of(model._penalty(), problem, **wanted)
        pairs = deal(data, self.folds, by=self.by, seed=self.random_state)
        found = errors(model, data, problem, pairs, lines, criterion, n_jobs=self.n_jobs)
        require(
            bool(np.isfinite(found.overall).any()),
            "No fold could be judged: each lacks labels of every task, has one class only, or too "
            f"few labels for the metric. Found {len(pairs)} folds. Take fewer, or another metric.",
            DataError,
        )
        flat = [(number, k) for number, line in enumerate(lines) for k in range(len(line))]
        # the simplest first: the strongest, whatever its line
        order = sorted(range(len(flat)), key=lambda i: -lines[flat[i][0]][flat[i][1]].alpha)
        places = [flat[i] for i in order]
        self._judged(lines, places, found.overall[:, order], found.tasks[:, order])
        self._refit(model, data, problem, lines, places)

    def _inner(self):
        """The model to fit, from a model, a penalty, or nothing."""
        if self.model is None or isinstance(self.model, Penalty):
            return self._plain(self.model)
        require(
            isinstance(self.model, self._plain),
            f"{type(self).__name__} needs a {self._plain.__name__} or a penalty. Found "
            f"{self.model!r}.",
        )
        return clone(self.model).set_params(task_column=None)

    def _check(self, model, criterion, data):
        model._check()
        require(self.points >= 1, f"points needs to be at least 1. Found {self.points}.")
        require(
            self.select in RULES,
            f"select is 'min' or '1se'. Found {self.select!r}.",
            ParameterError,
        )
        criterion.refuse_strangers(data.kinds)
        if self.alpha_per_task:
            check_separable(model._penalty())
            require(
                criterion.overall is None,
                f"alpha_per_task chooses task by task. Found {self.metric!r}, which is over all "
                "tasks. Take a metric of one task.",
                UnsupportedError,
            )

    def _judged(self, lines, places, overall, tasks):
        """Facts of the search, candidates from the simplest on."""
        self.penalties_ = tuple(lines[number][k] for number, k in places)
        self.alphas_ = np.array([penalty.alpha for penalty in self.penalties_])
        self.cv_errors_, self.cv_task_errors_ = overall, tasks
        choice = choose(overall, self.select)
        self.cv_mean_, self.cv_se_ = np.array(choice.mean), np.array(choice.se)
        self.best_index_ = choice.index
        self.best_error_ = float(self.cv_mean_[choice.index])
        self.best_penalty_ = self.penalties_[choice.index]
        self.alpha_ = self.best_penalty_.alpha

    def _refit(self, model, data, problem, lines, places):
        """All rows, at what was chosen; the paths to it are warm starts."""
        self.model_ = fitted = copy.copy(model)
        fitted.tasks_, fitted.task_names_, fitted._form = self.tasks_, self.task_names_, self._form
        fitted.n_features_in_ = self.n_features_in_
        if self.alpha_per_task:
            fitted.penalty_, fitted.solution_ = self._per_task(model, problem, lines, places)
        else:
            fitted.penalty = self.best_penalty_
            point = _reached(model, problem, lines, [places[self.best_index_]])[0]
            fitted.penalty_, fitted.solution_ = point.paid, point.solution
        fitted._show(data, problem, fitted.solution_)
        for name in SHOWN:
            setattr(self, name, getattr(fitted, name))

    def _per_task(self, model, problem, lines, places):
        tasks = range(len(self.task_names_))
        index = np.array([choose(self.cv_task_errors_[:, :, t], self.select).index for t in tasks])
        chosen = tuple(self.penalties_[k] for k in index)
        self.__dict__ |= {"best_index_": index, "best_penalty_": chosen}
        self.__dict__ |= {"alpha_": self.alphas_[index]}
        points = _reached(model, problem, lines, [places[k] for k in index])
        return beside(problem, points, model.tol)

    # -- answers ----------------------------------------------------------------------------

    def _outputs(self, X, name):
        return self.model_._outputs(X, name)

    def _known(self, names):
        self.model_._known(names)

    def adapt(self, X, y=None, *, sample_weight=None):
        """A model of a new task, by the model at the chosen strength."""
        return self.model_.adapt(X, y, sample_weight=sample_weight)

    def alone(self):
        """The same choice for the model without sharing."""
        inner = self._inner().alone()
        return None if inner is None else clone(self).set_params(model=inner)

    # -- showing ----------------------------------------------------------------------------

    def to_frame(self):
        """A pandas frame with a row per candidate: strengths, mean error, its standard error."""
        second = self.penalties_[0].second
        columns: dict[str, object] = {"alpha": self.alphas_}
        if second is not None:
            columns[second] = [penalty.get_params()[second] for penalty in self.penalties_]
        columns |= {"error": self.cv_mean_, "se": self.cv_se_}
        known = np.isfinite(self.cv_task_errors_)
        total = np.where(known, self.cv_task_errors_, 0).sum(axis=0)
        count = known.sum(axis=0)
        mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
        columns |= dict(zip(self.task_names_, mean.T))
        return extra("pandas", "data").DataFrame(columns)

    def plot(self):
        """Error of every candidate and fold, and a ring around the choice: a plotly figure.

        Raises
        ------
        MissingExtraError
            Without plotly.
        """
        chosen = set(np.atleast_1d(self.best_index_).tolist())
        metric = self.metric or "error"
        rows = [
            {
                "model": "path",
                "params": f"penalty={penalty!r}",
                "split": f,
                "metric": metric,
                "mean": float(fold[k]),
                "se": float(self.cv_se_[k]),
                "chosen": k in chosen,
            }
            for f, fold in enumerate(self.cv_errors_)
            for k, penalty in enumerate(self.penalties_)
        ]
        return path(Report(paths=rows), "path")

    def __sklearn_tags__(self):
        inner = self.model if isinstance(self.model, Model) else self._plain()
        return tags_like(super().__sklearn_tags__(), inner)


def _reached(model, problem, lines, places):
    """The points at some places ``(line, position)``, each by the path that leads there."""
    found = {}
    for number in sorted({number for number, _ in places}):
        last = max(k for line, k in places if line == number)
        path = walk(model, problem, lines[number][: last + 1], line=number)
        wanted = {k for line, k in places if line == number}
        found |= {(number, k): point for k, point in enumerate(path) if k in wanted}
    return [found[place] for place in places]
