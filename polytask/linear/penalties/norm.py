"""Penalties that are norms: everything but value and step follows from the dual norm."""

from abc import abstractmethod

from polytask.linear.penalties.base import Penalty
from polytask.ops.prox import TINY


class Norm(Penalty):
    """``value(W) = alpha |W|`` for a norm; W = 0 is optimal from the dual norm of the gradient on.

    A subclass gives `value`, `prox` and `dual_norm`.
    """

    @abstractmethod
    def dual_norm(self, V):
        """``max <V, W>`` over W ``(d, P)`` with norm 1, a float."""

    def feasible(self, V):
        return min(1.0, self.alpha / max(self.dual_norm(V), self.alpha, TINY))

    def conjugate(self, V):
        return 0.0

    def alpha_max(self, gradient):
        return self.dual_norm(gradient)
