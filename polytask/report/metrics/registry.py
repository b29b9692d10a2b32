"""The one list of metrics, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from polytask.errors import ParameterError
from polytask.report.metrics.calibration import calibration_error, calibration_error_by_mass
from polytask.report.metrics.classification import accuracy, balanced_accuracy, f1, log_loss
from polytask.report.metrics.counts import poisson_deviance
from polytask.report.metrics.metric import Metric
from polytask.report.metrics.ordinal import mae_of_levels, quadratic_kappa
from polytask.report.metrics.overall import (
    explained_variance_pooled,
    explained_variance_within_task,
    overall_rmse,
)
from polytask.report.metrics.positions import (
    mean_iou,
    pixel_accuracy,
    position_mae,
    position_rmse,
    token_accuracy,
)
from polytask.report.metrics.queries import ndcg, ndcg_at_10
from polytask.report.metrics.ranking import (
    auc,
    average_precision,
    concordance_index,
    precision_at_k,
)
from polytask.report.metrics.regression import (
    mae,
    r2,
    rmse,
    standardised_absolute,
    standardised_squared,
)

NUMBERS, COUNTS, TIMES = ("regression",), ("counts",), ("survival",)
TWO, LEVELS, CLASSES = ("binary",), ("ordinal",), ("binary", "multiclass", "ordinal")
WORDS, PIXELS, POINTS = ("tagging",), ("dense_classes",), ("dense_numbers",)


@dataclass(frozen=True)
class Overall:
    """One number over all regression tasks together.

    ``per_task`` names the metric that judges a single task beside it: the error, because R² of a
    few rows of one task has no relative gain to speak of.

    Examples
    --------
    >>> OVERALL["explained_variance_pooled"].per_task
    'rmse'
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


def _numbers(function, higher, zero, standardised, text, kinds=NUMBERS):
    name = function.__name__
    return Metric(name, function, kinds, higher, "prediction", text, zero, standardised)


def _classes(function, higher, kinds, takes, text):
    return Metric(function.__name__, function, kinds, higher, takes, text)


def _queries(function, text):
    return Metric(function.__name__, function, ("ranking",), True, "prediction", text, grouped=True)


def _overall(function, higher, text):
    return Overall(function.__name__, function, higher, text, "rmse")


_PER_TASK = (
    _numbers(rmse, False, 0.0, standardised_squared, "root mean squared error", NUMBERS + COUNTS),
    _numbers(mae, False, 0.0, standardised_absolute, "mean absolute error", NUMBERS + COUNTS),
    _numbers(r2, True, 1.0, standardised_squared, "1 - SSE / SST of the test labels"),
    _numbers(poisson_deviance, False, 0.0, None, "2 (y log(y / m) - y + m), a mean", COUNTS),
    _numbers(
        concordance_index,
        True,
        0.0,
        None,
        "share of pairs whose earlier event has more risk",
        TIMES,
    ),
    _classes(auc, True, TWO, "positive", "area under the ROC curve"),
    _classes(average_precision, True, TWO, "positive", "mean precision over the positives"),
    _classes(log_loss, False, CLASSES, "probabilities", "mean of -log p(class), in nats"),
    _classes(accuracy, True, CLASSES, "label", "share of right labels"),
    _classes(balanced_accuracy, True, CLASSES, "label", "mean share of right labels per class"),
    _classes(f1, True, TWO, "label", "harmonic mean of precision and recall"),
    _classes(
        calibration_error,
        False,
        CLASSES,
        "probabilities",
        "|probability - frequency|, 10 bins of equal width",
    ),
    _classes(
        calibration_error_by_mass,
        False,
        CLASSES,
        "probabilities",
        "|probability - frequency|, 10 bins of equal mass",
    ),
    _classes(
        precision_at_k, True, TWO, "positive", "share of positives among the 10 highest scores"
    ),
    Metric(
        "quadratic_kappa",
        quadratic_kappa,
        LEVELS,
        True,
        "level",
        "1 - squared error over that of chance",
        relative_to=1.0,  # 0 is the score of knowing nothing
    ),
    _classes(mae_of_levels, False, LEVELS, "level", "levels off, a mean"),
    _queries(ndcg_at_10, "gain of the first 10 places over the best possible"),
    _queries(ndcg, "gain of all places over the best possible"),
    _classes(token_accuracy, True, WORDS, "label", "share of right tags"),
    _classes(mean_iou, True, PIXELS, "label", "intersection over union, mean over classes"),
    _classes(pixel_accuracy, True, PIXELS, "label", "share of right pixels"),
    _numbers(position_mae, False, 0.0, None, "mean absolute error of positions", POINTS),
    _numbers(position_rmse, False, 0.0, None, "root mean squared error of positions", POINTS),
)
_OVERALL = (
    _overall(
        explained_variance_within_task,
        True,
        "1 - SSE / SST around each task's test mean, sums over all tasks first",
    ),
    _overall(
        explained_variance_pooled,
        True,
        "1 - SSE / SST around the mean of all test labels, sums over all tasks first",
    ),
    _overall(overall_rmse, False, "root mean squared error over all labels of all tasks"),
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
