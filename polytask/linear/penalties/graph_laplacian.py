"""Graph regularisation: linked tasks have coefficients that differ little."""

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.edges import check_edges, edges_by_position
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.quadratic import Quadratic

# Prices of the size of coefficients on the grid.
RATIOS = (0.1, 0.001)


@dataclass(frozen=True)
class GraphLaplacian(Quadratic):
    """Tasks on a graph, each near those it is linked to.

    ``value(W) = alpha/2 (sum_e |r_e| |w_a - sign(r_e) w_b|^2 + ratio |W|_F^2)`` over edges
    ``e = (a, b, r)``: ``tr(W (L + ratio I) W')`` with the Laplacian L of the graph. An edge with
    ``r < 0`` draws towards opposite coefficients.

    Parameters
    ----------
    alpha : float, >= 0
        Strength on the differences, in units of loss per squared coefficient.
    ratio : float, > 0
        Price of the size of coefficients relative to that of the differences.
    edges : tuple of (a, b) or (a, b, r), optional
        Pairs of task names (tasks with one output) or of positions of outputs; r is 1 if left out.
        Default: every pair of outputs that mean the same.

    Raises
    ------
    ParameterError
        If a strength is out of range, or an edge is no pair, or stands twice.

    Notes
    -----
    Every pair linked is `MeanRegularised`, a line is `TemporalSmooth`. Where coefficients should
    be equal, and not only near, take `GraphFused`.

    References
    ----------
    Evgeniou, Micchelli, Pontil. Learning multiple tasks with kernel methods. JMLR 2005 (section
    3.1.3).
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> W = np.array([[1.0, 2.0, -2.0]])
    >>> GraphLaplacian(2.0, ratio=0.5, edges=((0, 1), (1, 2, -0.5))).value(W)  # 1 + 0 + 0.5 * 9
    5.5
    """

    alpha: float = 1.0
    ratio: float = 0.01
    edges: tuple | None = None
    second: ClassVar[str | None] = "ratio"

    def __post_init__(self):
        check_strength(self)
        require(
            0 < self.ratio < np.inf,
            f"GraphLaplacian needs a finite ratio > 0. Found ratio={self.ratio}.",
        )
        check_edges(self)

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        return self.replace(edges=edges_by_position(self.edges, outputs))

    def alone(self):
        return L2(self.alpha * self.ratio)

    def matrix(self, P):
        M = self.ratio * np.eye(P)
        for a, b, *weight in combinations(range(P), 2) if self.edges is None else self.edges:
            r = weight[0] if weight else 1.0
            M[[a, b], [a, b]] += abs(r)
            M[[a, b], [b, a]] -= r
        return self.alpha * M

    def _seconds(self, problem):
        return RATIOS

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, ratio=0.1)
        yield cls(alpha=5.0, ratio=1.0)
