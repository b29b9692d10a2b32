"""Bayesian models: tasks are draws from one distribution, and that distribution is learned."""

from polytask.bayes.empirical import EmpiricalBayes

__all__ = ["EmpiricalBayes"]
