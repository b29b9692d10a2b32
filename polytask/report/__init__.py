"""The comparison: scores, gains with intervals, verdicts, and the report that shows them."""

from polytask.report import metrics
from polytask.report.budget import Progress
from polytask.report.compare import compare
from polytask.report.crossvalidate import Table, cross_validate
from polytask.report.evaluate import Scores, evaluate
from polytask.report.features import Features, features
from polytask.report.report import Report
from polytask.report.scorer import scorer, scorers
from polytask.report.statistics import Interval, corrected_interval, holm, transfer, verdict

__all__ = [
    "Features",
    "Interval",
    "Progress",
    "Report",
    "Scores",
    "Table",
    "compare",
    "corrected_interval",
    "cross_validate",
    "evaluate",
    "features",
    "holm",
    "metrics",
    "scorer",
    "scorers",
    "transfer",
    "verdict",
]
