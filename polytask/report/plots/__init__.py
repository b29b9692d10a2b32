"""Figures of a report, one file each; every function returns a plotly Figure."""

from polytask.report.plots.curves import curves
from polytask.report.plots.features import features
from polytask.report.plots.gains import gains
from polytask.report.plots.path import path
from polytask.report.plots.relation import relation

__all__ = ["curves", "features", "gains", "path", "relation"]
