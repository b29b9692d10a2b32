"""Paths: a linear model at one strength after another, and how one of them is chosen."""

from polytask.linear.path.cross_validation import LinearClassifierCV, LinearModelCV
from polytask.linear.path.linear_path import LinearPath

__all__ = ["LinearClassifierCV", "LinearModelCV", "LinearPath"]
