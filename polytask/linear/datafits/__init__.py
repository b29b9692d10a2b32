"""Datafits: how far outputs are from labels."""

from polytask.linear.datafits.base import Datafit
from polytask.linear.datafits.cox import Cox
from polytask.linear.datafits.hinge import Hinge
from polytask.linear.datafits.huber import Huber
from polytask.linear.datafits.logistic import Logistic
from polytask.linear.datafits.multinomial import Multinomial
from polytask.linear.datafits.poisson import Poisson
from polytask.linear.datafits.squared import Squared
from polytask.linear.datafits.squared_hinge import SquaredHinge

__all__ = [
    "Cox",
    "Datafit",
    "Hinge",
    "Huber",
    "Logistic",
    "Multinomial",
    "Poisson",
    "Squared",
    "SquaredHinge",
]

BY_NAME = {fit.name: fit() for fit in (Squared, Logistic, Multinomial, Poisson, Cox)}
