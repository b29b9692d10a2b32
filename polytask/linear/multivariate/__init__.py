"""Multivariate regression as statistics knows it: one table, several responses, closed forms."""

from polytask.linear.multivariate.curds_and_whey import CurdsAndWhey
from polytask.linear.multivariate.reduced_rank import ReducedRank

__all__ = ["CurdsAndWhey", "ReducedRank"]
