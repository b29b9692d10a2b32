"""Ordered tasks: features serve the whole course or none, and effects change only at some times."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.columns import chains
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.norm import Norm
from polytask.ops.fused_graph import fusion_of
from polytask.ops.gauge import dual_norm
from polytask.ops.prox import shrink_rows, soft_threshold

# Price of a change on the grid, relative to that of a row's length.
STEPS = (1.0, 0.2)


@dataclass(frozen=True)
class FusedTemporal(Norm):
    """Fused sparse group lasso over tasks in an order: rows, entries and changes have a price.

    ``value(W) = alpha sum_j (|W[j, :]|_2 + steps sum_t |W_jt - W_j,t+1| + entries sum_t |W_jt|)``.

    Parameters
    ----------
    alpha : float, >= 0
        Strength on the rows, in units of loss per unit of coefficient.
    steps : float, >= 0
        Price of a change from one task to the next, relative to that of a row.
    entries : float, >= 0
        Price of single coefficients, relative to that of a row.
    order : tuple of task names, optional
        Default: by name, numbers in names by value (``m6`` before ``m12``).

    Raises
    ------
    ParameterError
        If a strength is out of range.

    Notes
    -----
    The exact step is three steps one after the other: dynamic programming along the line, the soft
    threshold, and the row shrink. Neighbours that are fused are equal to the last bit.

    References
    ----------
    Zhou, Liu, Narayan, Ye. Modeling disease progression via fused sparse group lasso. KDD 2012.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> FusedTemporal(1.0, steps=0.5).value(np.array([[3.0, 4.0]]))
    5.5
    """

    alpha: float = 1.0
    steps: float = 1.0
    entries: float = 0.0
    order: tuple | None = None
    second: ClassVar[str | None] = "steps"
    couples: ClassVar[str] = "rows"

    def __post_init__(self):
        check_strength(self)
        for name in ("steps", "entries"):
            price = getattr(self, name)
            require(
                0 <= price < np.inf,
                f"FusedTemporal needs a finite {name} >= 0. Found {name}={price}.",
            )

    def bound(self, outputs):
        return NoPenalty() if self.alpha == 0 else self.replace(order=chains(self.order, outputs))

    def alone(self):
        return L1(self.alpha * (1 + self.entries))

    def value(self, W):
        return self.alpha * float(self._norms(W).sum())

    def prox(self, W, step):
        return self._step(W, step * self.alpha)

    def dual_norm(self, V):
        return dual_norm(V, self._norms, lambda W: self._step(W, 1.0))

    def _seconds(self, problem):
        return STEPS

    def _norms(self, W):
        changes = self._fusion(W.shape[1]).norms(W)
        rows = np.linalg.norm(W, axis=1) + self.entries * np.abs(W).sum(axis=1)
        return rows + self.steps * changes

    def _step(self, W, strength):
        fused = self._fusion(W.shape[1]).step(W, strength * self.steps)
        return shrink_rows(soft_threshold(fused, strength * self.entries), strength)

    def _fusion(self, P):
        lines = (tuple(range(P)),) if self.order is None else self.order
        return fusion_of(tuple((a, b, 1.0) for line in lines for a, b in pairwise(line)), P)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, steps=0.5)
        yield cls(alpha=0.02, entries=0.5)
