"""Metrics as pure functions on arrays, and the list of them by name."""

from polytask.report.metrics.calibration import calibration_error, calibration_error_by_mass
from polytask.report.metrics.classification import accuracy, balanced_accuracy, f1, log_loss
from polytask.report.metrics.counts import poisson_deviance
from polytask.report.metrics.metric import Measured, Metric, Undefined, labelled
from polytask.report.metrics.ordinal import mae_of_levels, quadratic_kappa
from polytask.report.metrics.overall import (
    explained_variance_pooled,
    explained_variance_within_task,
    mean_r2,
    overall_rmse,
)
from polytask.report.metrics.positions import (
    mean_iou,
    pixel_accuracy,
    position_mae,
    position_rmse,
    span_f1,
    token_accuracy,
)
from polytask.report.metrics.queries import ndcg, ndcg_at_10
from polytask.report.metrics.ranking import (
    auc,
    average_precision,
    concordance_index,
    precision_at_k,
)
from polytask.report.metrics.registry import MEAN, METRICS, OVERALL, Overall, known, metric, of_kind
from polytask.report.metrics.regression import mae, mse, pinball_loss, r2, rmse

__all__ = [
    "MEAN",
    "METRICS",
    "OVERALL",
    "Measured",
    "Metric",
    "Overall",
    "Undefined",
    "accuracy",
    "auc",
    "average_precision",
    "balanced_accuracy",
    "calibration_error",
    "calibration_error_by_mass",
    "concordance_index",
    "explained_variance_pooled",
    "explained_variance_within_task",
    "f1",
    "known",
    "labelled",
    "log_loss",
    "mae",
    "mae_of_levels",
    "mean_iou",
    "mean_r2",
    "metric",
    "mse",
    "ndcg",
    "ndcg_at_10",
    "of_kind",
    "overall_rmse",
    "pinball_loss",
    "pixel_accuracy",
    "poisson_deviance",
    "position_mae",
    "position_rmse",
    "precision_at_k",
    "quadratic_kappa",
    "r2",
    "rmse",
    "span_f1",
    "token_accuracy",
]
