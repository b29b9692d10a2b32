"""The one number that a search compares, and the metric that judges each task."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import ParameterError
from polytask.report.metrics import MEAN, METRICS, OVERALL, Undefined, known


@dataclass(frozen=True)
class Criterion:
    """What "better" means in one comparison.

    Parameters
    ----------
    name : str or None
        A metric of one task (``"auc"``), a mean over tasks (``"mean_r2"``), or a metric over all
        tasks (``"explained_variance_within_task"``). None: the default of each task's kind. A task
        that the metric does not judge is judged by its kind's default.

    Examples
    --------
    >>> from polytask.kinds import Binary, Regression
    >>> Criterion("auc").of(Binary()).name, Criterion("auc").of(Regression()).name
    ('auc', 'rmse')
    """

    name: str | None = None

    def __post_init__(self):
        if self.name is not None and not known(self.name):
            raise ParameterError(
                f"Unknown metric {self.name!r}. Known: {', '.join([*METRICS, *OVERALL])}."
            )

    @property
    def overall(self):
        """The metric over all tasks, or None where tasks are judged one by one."""
        return OVERALL.get(self.name)

    def of(self, kind):
        """The metric of one task of this kind."""
        name = self.overall.per_task if self.overall else (self.name or "").removeprefix(MEAN)
        if name in METRICS and kind.name in METRICS[name].kinds:
            return METRICS[name]
        return METRICS[kind.metrics[0]]

    def judged(self, kind):
        """All metrics that are measured for a task of this kind, the one above first."""
        first = self.of(kind)
        return [first] + [METRICS[n] for n in kind.metrics if n in METRICS and n != first.name]

    def refuse_strangers(self, kinds):
        """Raise where the metric judges no task of the table."""
        if self.name is None or any(self._judges(kind) for kind in kinds):
            return
        found = sorted({kind.name for kind in kinds})
        choices = sorted({m.name for m in METRICS.values() if set(m.kinds) & set(found)})
        raise ParameterError(
            f"The metric {self.name!r} judges no task of this table: its tasks are "
            f"{', '.join(found)}. Choose one of {', '.join(choices)}."
        )

    def _judges(self, kind):
        if self.overall:
            return kind.name == "regression"
        return kind.name in METRICS[str(self.name).removeprefix(MEAN)].kinds

    @property
    def inner(self):
        """Name of what an inner search compares, and the sign that turns its error into it."""
        if self.overall:
            return self.overall.name, -1 if self.overall.greater_is_better else 1
        return "inner error", 1

    def error(self, outcomes):
        """The error of one fitted model on one test part, smaller is better; NaN if undefined.

        A metric over all tasks is taken as it is, its sign turned. Otherwise it is the mean over
        the tasks of an error without unit (squared errors over the variance of the task's training
        labels), so that no task counts more because of its unit.
        """
        numbers = [o for o in outcomes if o.task.kind.name == "regression"]
        if self.overall and numbers:
            return self._overall_error(numbers)
        errors = [value for o in outcomes if (value := self._task_error(o)) is not None]
        return float(np.mean(errors)) if errors else float("nan")

    def _overall_error(self, outcomes):
        try:
            value = measure_overall(self.overall, outcomes)
        except Undefined:
            return float("nan")
        return -value if self.overall.greater_is_better else value

    def _task_error(self, outcome):
        metric = self.of(outcome.task.kind)
        try:
            return outcome.error(metric)
        except Undefined:
            return None


def measure_overall(metric, outcomes):
    """The value of a metric over all tasks on the outcomes of regression tasks."""
    weights = None if all(o.weight is None for o in outcomes) else [o.weight for o in outcomes]
    return metric.function([o.y for o in outcomes], [o.output for o in outcomes], weights)
