"""The one list of metrics, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from polytask.errors import ParameterError
from polytask.report.metrics.calibration import calibration_error, calibration_error_by_mass
from polytask.report.metrics.classification import accuracy, balanced_accuracy, f1, log_loss
from polytask.report.metrics.metric import Metric
from polytask.report.metrics.overall import (
    explained_variance_pooled,
    explained_variance_within_task,
    overall_rmse,
)
from polytask.report.metrics.ranking import auc, average_precision, precision_at_k
from polytask.report.metrics.regression import (
    mae,
    r2,
    rmse,
    standardised_absolute,
    standardised_squared,
)

NUMBERS, TWO, CLASSES = ("regression",), ("binary",), ("binary", "multiclass")


@dataclass(frozen=True)
class Overall:
    """One number over all regression tasks together.

    ``per_task`` names the metric that the same question asks of a single task.

    Examples
    --------
    >>> OVERALL["explained_variance_pooled"].per_task
    'r2'
    """

    name: str
    function: Callable
    greater_is_better: bool
    text: str
    per_task: str

    @property
    def better(self):
        """``"higher"`` or ``"lower"``."""
        return "higher" if self.greater_is_better else "lower"


_PER_TASK = (
    Metric(
        "rmse", rmse, NUMBERS, False, "prediction", "root mean squared error", standardised_squared
    ),
    Metric("mae", mae, NUMBERS, False, "prediction", "mean absolute error", standardised_absolute),
    Metric(
        "r2",
        r2,
        NUMBERS,
        True,
        "prediction",
        "1 - SSE / SST of the test labels",
        standardised_squared,
    ),
    Metric("auc", auc, TWO, True, "positive", "area under the ROC curve"),
    Metric(
        "average_precision",
        average_precision,
        TWO,
        True,
        "positive",
        "mean precision over the positives",
    ),
    Metric("log_loss", log_loss, CLASSES, False, "probabilities", "mean of -log p(class), in nats"),
    Metric("accuracy", accuracy, CLASSES, True, "label", "share of right labels"),
    Metric(
        "balanced_accuracy",
        balanced_accuracy,
        CLASSES,
        True,
        "label",
        "mean share of right labels per class",
    ),
    Metric("f1", f1, TWO, True, "label", "harmonic mean of precision and recall"),
    Metric(
        "calibration_error",
        calibration_error,
        CLASSES,
        False,
        "probabilities",
        "|probability - frequency|, 10 bins of equal width",
    ),
    Metric(
        "calibration_error_by_mass",
        calibration_error_by_mass,
        CLASSES,
        False,
        "probabilities",
        "|probability - frequency|, 10 bins of equal mass",
    ),
    Metric(
        "precision_at_k",
        precision_at_k,
        TWO,
        True,
        "positive",
        "share of positives among the 10 highest scores",
    ),
)
_OVERALL = (
    Overall(
        "explained_variance_within_task",
        explained_variance_within_task,
        True,
        "1 - SSE / SST around each task's test mean, sums over all tasks first",
        "r2",
    ),
    Overall(
        "explained_variance_pooled",
        explained_variance_pooled,
        True,
        "1 - SSE / SST around the mean of all test labels, sums over all tasks first",
        "r2",
    ),
    Overall(
        "overall_rmse",
        overall_rmse,
        False,
        "root mean squared error over all labels of all tasks",
        "rmse",
    ),
)

METRICS = {metric.name: metric for metric in _PER_TASK}
OVERALL = {metric.name: metric for metric in _OVERALL}
MEAN = "mean_"  # the mean over the tasks of a metric of one task


def metric(name):
    """The metric of one task with this name.

    Examples
    --------
    >>> metric("auc").better
    'higher'
    """
    if name not in METRICS:
        raise ParameterError(f"Unknown metric {name!r}. Known: {', '.join(METRICS)}.")
    return METRICS[name]


def of_kind(kind):
    """The metrics that judge tasks of a kind, its default first.

    Examples
    --------
    >>> from polytask.kinds import Regression
    >>> [one.name for one in of_kind(Regression())]
    ['rmse', 'r2', 'mae']
    """
    first = [METRICS[name] for name in kind.metrics if name in METRICS]
    return first + [m for m in _PER_TASK if kind.name in m.kinds and m not in first]


def known(name):
    """Whether a metric of one task, over all tasks, or a mean over tasks has this name.

    Examples
    --------
    >>> known("r2"), known("mean_r2"), known("overall_rmse"), known("luck")
    (True, True, True, False)
    """
    return name in METRICS or name in OVERALL or name.removeprefix(MEAN) in METRICS
