"""Ways of weighing tasks against each other while they are trained together."""

from polytask.deep.balance.base import Balancer, Weighing
from polytask.deep.balance.equal import Equal
from polytask.deep.balance.uncertainty import Uncertainty

__all__ = ["Balancer", "Equal", "Uncertainty", "Weighing"]
