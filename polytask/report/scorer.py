"""Scorers for scikit-learn's tools: labels with gaps, one task or all."""

import warnings
from dataclasses import dataclass

import numpy as np

from polytask.answers import relabelled
from polytask.door.of import task_names
from polytask.errors import DataError, TaskError, require
from polytask.report.criterion import measure_overall
from polytask.report.metrics import MEAN, METRICS, OVERALL, Undefined, known
from polytask.report.outcome import Outcome


@dataclass(frozen=True)
class Scorer:
    """A callable ``(estimator, X, y) -> float``, larger is better.

    Parameters
    ----------
    metric : str
    task : str or None
        One task; None: the mean over the tasks that have a value.
    """

    metric: str
    task: str | None = None

    def __call__(self, estimator, X, y, sample_weight=None):
        """The score of a fitted estimator on labels with gaps.

        Parameters
        ----------
        estimator : a fitted Model, or a pipeline or search that ends in one
        X : inputs (n, d)
        y : array (n, T) with NaN for gaps, or (n,)
        sample_weight : array (n,) or (n, T), optional

        Returns
        -------
        float
            Errors have their sign turned; NaN, with a warning that names the task, where the
            metric is undefined.
        """
        model = model_of(estimator)
        said = _outcomes(estimator, model, X, y, sample_weight)
        if self.task is not None:
            return self._of_task(said, model)
        if self.metric in OVERALL:
            return self._overall(said)
        return self._mean(said)

    def _of_task(self, said, model):
        require(
            self.task in model.task_names_,
            f"Unknown task {self.task!r}. Known: {list(model.task_names_)[:8]}.",
            TaskError,
        )
        found = {one.task.name: one for one in said}.get(self.task)
        value = None if found is None else self._measure(found)
        return _defined(value, f"{self.metric}[{self.task}]")

    def _measure(self, outcome):
        metric = METRICS[self.metric.removeprefix(MEAN)]
        if outcome.task.kind.name not in metric.kinds:
            return None
        value = outcome.measure(metric).value
        return value if value is None or metric.greater_is_better else -value

    def _mean(self, said):
        values = [value for one in said if (value := self._measure(one)) is not None]
        return _defined(float(np.mean(values)) if values else None, self.metric)

    def _overall(self, said):
        metric = OVERALL[self.metric]
        try:
            value = measure_overall(metric, [o for o in said if o.task.kind.name == "regression"])
        except Undefined:
            return _defined(None, self.metric)
        return value if metric.greater_is_better else -value


def scorer(metric, *, task=None):
    """A scorer for scikit-learn's tools that takes labels with gaps; larger is better.

    Parameters
    ----------
    metric : str
        A metric of one task or over all tasks.
    task : str, optional
        One task; default: the mean over tasks.

    Returns
    -------
    callable (estimator, X, y) -> float

    Examples
    --------
    >>> from sklearn.datasets import load_linnerud
    >>> from sklearn.model_selection import cross_val_score
    >>> from polytask import Independent, report
    >>> X, Y = load_linnerud(return_X_y=True)
    >>> cross_val_score(Independent(), X, Y, scoring=report.scorer("rmse"), cv=3).shape
    (3,)
    """
    require(
        known(metric),
        f"Unknown metric {metric!r}. Known: {', '.join([*METRICS, *OVERALL])}.",
    )
    require(
        task is None or metric not in OVERALL,
        f"{metric!r} is over all tasks. Found task={task!r}. Use a metric of one task.",
    )
    return Scorer(metric, task)


def scorers(metric, tasks):
    """A dict of scorers for `sklearn.model_selection.cross_validate`: all, and one per task.

    Examples
    --------
    >>> list(scorers("r2", ["maths", "music"]))
    ['r2', 'r2[maths]', 'r2[music]']
    """
    return {metric: scorer(metric)} | {f"{metric}[{t}]": scorer(metric, task=t) for t in tasks}


def model_of(estimator):
    """The fitted `Model` at the end of pipelines and searches."""
    while not hasattr(estimator, "tasks_"):
        inner = getattr(estimator, "best_estimator_", None)
        if inner is None and hasattr(estimator, "steps"):
            inner = estimator.steps[-1][1]
        require(
            inner is not None,
            "A scorer needs a fitted polytask model, or a pipeline or search that ends in one. "
            f"Found {type(estimator).__name__}. Wrap it: Independent(...).",
            DataError,
        )
        estimator = inner
    return estimator


def _outcomes(estimator, model, X, y, sample_weight):
    names = None if model.task_column is None else task_names(X, model.task_column, None)[1]
    blank = np.zeros((len(y), 1))
    data = relabelled(model, blank, y, names, sample_weight)
    outputs = _outputs(estimator, model, X)
    return [
        Outcome(one.task, one.y, outputs[one.task.name][one.rows], one.weight)
        for one in data
        if one.n
    ]


def _outputs(estimator, model, X):
    """Outputs ``(n,)`` or ``(n, K)`` per task, through the estimator's public answers."""
    if any(task.kind.classes is not None for task in model.tasks_):
        found = estimator.predict_proba(X)
        if isinstance(found, dict):
            return found
        wide = model.task_column is None and len(model.tasks_) > 1
        return {
            task.name: np.column_stack([1 - found[:, t], found[:, t]]) if wide else found
            for t, task in enumerate(model.tasks_)
        }
    found = np.asarray(estimator.predict(X))
    return {
        task.name: found[:, t] if found.ndim == 2 else found for t, task in enumerate(model.tasks_)
    }


def _defined(value, name):
    if value is None:
        warnings.warn(f"{name} is undefined on these rows: NaN.", UserWarning, stacklevel=4)
        return float("nan")
    return float(value)
