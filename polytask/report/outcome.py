"""What a fitted model says about a test part, task by task, ready to be measured."""

from dataclasses import dataclass

import numpy as np

from polytask.answers import queries
from polytask.errors import DataError
from polytask.task import Task


@dataclass(frozen=True, eq=False)
class Outcome:
    """The test labels of one task beside a model's outputs.

    Attributes
    ----------
    task : Task
    y : array (n_t,)
        Codes.
    output : array (n_t,) or (n_t, K)
    weight : array (n_t,) or None
    spread : float
        Standard deviation of the task's training labels; 1 where it is not known.
    groups : array (n_t,) or None
        The query of every row, where the kind is judged within queries.
    """

    task: Task
    y: np.ndarray
    output: np.ndarray
    weight: np.ndarray | None
    spread: float = 1.0
    groups: np.ndarray | None = None

    @property
    def n(self):
        """Number of test labels."""
        return len(self.y)

    def measure(self, metric, *, threshold=0.5):
        """`Measured`: the value of a metric of one task, or None and the reason."""
        words = {"threshold": threshold, "groups": self.groups}
        return metric.measure(self.y, self.output, self.weight, **words)

    def error(self, metric):
        """The error that an inner search compares; see `Metric.error`."""
        words = {"spread": self.spread, "groups": self.groups}
        return metric.error(self.y, self.output, self.weight, **words)


def outcomes(model, test, train=None):
    """`Outcome` of every task that the test part has labels of and the model knows, in order.

    Parameters
    ----------
    model : Model, fitted
    test : Tasks
    train : Tasks, optional
        What it was fitted on: gives the spread of each task's labels.

    Raises
    ------
    DataError
        If the model's outputs are not finite; names the task.
    """
    known = set(model.task_names_)
    names = [one.task.name for one in test if one.n and one.task.name in known]
    if not names:
        return []
    outputs = model.predict_each(test.keep(*names))
    return [_outcome(test, test[name], outputs[name], train) for name in names]


def _outcome(test, labels, output, train):
    output = np.asarray(output, dtype=np.float64)
    strange = int((~np.isfinite(output)).sum())
    if strange:
        raise DataError(
            f"Task {labels.task.name!r} needs finite outputs. Found {strange} that are not, of "
            f"{output.size}. The fit went wrong: scale the inputs, or give it a stronger penalty."
        )
    spread = 1.0 if train is None else spread_of(train[labels.task.name])
    return Outcome(labels.task, labels.y, output, labels.weight, spread, **queries(test, labels))


def spread_of(labels):
    """Standard deviation of a task's labels, weighted; 1 where it is 0 or there is no label."""
    if not labels.n:
        return 1.0
    mean = np.average(labels.y, weights=labels.weight)
    spread = float(np.sqrt(np.average((labels.y - mean) ** 2, weights=labels.weight)))
    return spread or 1.0
