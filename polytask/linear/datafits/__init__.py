"""Datafits: how far outputs are from labels."""

from polytask.linear.datafits.base import Datafit
from polytask.linear.datafits.logistic import Logistic
from polytask.linear.datafits.multinomial import Multinomial
from polytask.linear.datafits.squared import Squared

__all__ = ["Datafit", "Logistic", "Multinomial", "Squared"]

BY_NAME = {fit.name: fit() for fit in (Squared, Logistic, Multinomial)}
