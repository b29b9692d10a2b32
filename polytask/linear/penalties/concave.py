"""Prices that level off: rows are chosen as by a norm, and long rows are not shrunk."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import UnsupportedError
from polytask.linear.penalties.around import Around
from polytask.linear.penalties.base import Penalty
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.l21 import L21
from polytask.ops.prox import TINY
from polytask.ops.rows import row_norms


class Concave(Penalty):
    """``value(W) = sum_j price(|W[j, :]|_2)`` with a price that starts like ``alpha`` times length.

    It is not convex: a solver ends where no small change helps, and the certificate says how well
    that holds, not how far a better place can be. A subclass gives `price`, `slope` and `shorten`.
    """

    convex: ClassVar[bool] = False
    couples: ClassVar[str] = "rows"

    @abstractmethod
    def price(self, size):
        """The price of rows with these lengths, an array."""

    @abstractmethod
    def slope(self, size):
        """Derivative of the price; at zero, that from the right: ``alpha``."""

    @abstractmethod
    def shorten(self, size, step):
        """The lengths t with the smallest ``(t - size)^2 / 2 + step price(t)``."""

    def start(self):
        """The convex penalty with the same slope at zero, whose solution is a start."""
        return L21(self.alpha)

    def sizes(self, W):
        """The lengths that are priced ``(d, 1)``."""
        return row_norms(W, 2)[:, None]

    def value(self, W):
        return float(self.price(self.sizes(W)).sum())

    def prox(self, W, step):
        size = self.sizes(W)
        return W * (self.shorten(size, step) / np.maximum(size, TINY))

    def alpha_max(self, gradient):
        return float(self.sizes(gradient).max(initial=0))

    def conjugate(self, V):
        raise UnsupportedError(
            f"{type(self).__name__} is not convex, so that no duality gap exists. Found a solver, "
            "or a penalty around it (Split, PerTask of many classes), that needs one. Take it by "
            "itself, with solver='auto' or MonotoneProximalGradient."
        )

    def alone(self):
        return _Entries(self)


@dataclass(frozen=True)
class _Entries(Around, Concave):
    """The same price for every coefficient by itself."""

    penalty: Concave

    def start(self):
        return L1(self.alpha)

    def sizes(self, W):
        return np.abs(W)

    def price(self, size):
        return self.penalty.price(size)

    def slope(self, size):
        return self.penalty.slope(size)

    def shorten(self, size, step):
        return self.penalty.shorten(size, step)
