"""Graph-guided fused lasso: tasks that are linked get equal coefficients, feature by feature."""

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.edges import check_edges, edges_by_position
from polytask.linear.penalties.l1 import L1
from polytask.linear.penalties.label_correlation import label_correlation
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.norm import Norm
from polytask.ops.fused_graph import fusion_of
from polytask.ops.gauge import dual_norm
from polytask.ops.prox import soft_threshold

# Price of a difference on the grid, relative to that of a size.
RATIOS = (1.0, 0.2)


@dataclass(frozen=True)
class GraphFused(Norm):
    r"""Lasso, and a price on differences of coefficients along the edges of a graph of tasks.

    ``value(W) = alpha sum_j (sum_p |W_jp| + ratio sum_e |r_e| |W_ja - sign(r_e) W_jb|)`` over edges
    ``e = (a, b, r)``. An edge with ``r < 0`` draws towards opposite signs.

    Parameters
    ----------
    alpha : float, >= 0
        Strength, in units of loss per unit of coefficient.
    ratio : float, >= 0
        Price of differences; the paper's ``gamma`` is ``alpha * ratio``. 0 is the lasso.
    edges : tuple of (a, b) or (a, b, r), optional
        Pairs of task names (tasks with one output) or of positions of outputs; r is 1 if left out.
        Default: every pair of outputs that mean the same. `from_outputs` makes edges from labels.

    Raises
    ------
    ParameterError
        If a strength is out of range, or an edge is no pair, or stands twice.

    Notes
    -----
    The paper smooths the differences, so that they are never exactly zero; `Smoothing` does that.
    Here the step is exact: dynamic programming where the graph is a line, isotonic regression
    where every pair is linked, parametric cuts on other graphs (milliseconds for twenty features
    and a hundred tasks); then the soft threshold. Coefficients that are fused are equal to the
    last bit. The dual norm for the certificate follows from the step.

    References
    ----------
    Chen, Kim, Lin, Carbonell, Xing. Graph-structured multi-task regression and an efficient
    optimization method for general fused lasso. 2010.
    Kim, Sohn, Xing. A multivariate regression approach to association analysis of a quantitative
    trait network. Bioinformatics 2009.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> GraphFused(1.0, edges=((0, 1), (1, 2, -0.5))).value(np.array([[1.0, 2.0, -2.0]]))
    6.0
    """

    alpha: float = 1.0
    ratio: float = 1.0
    edges: tuple | None = None
    second: ClassVar[str | None] = "ratio"
    couples: ClassVar[str] = "rows"

    def __post_init__(self):
        check_strength(self)
        require(
            0 <= self.ratio < np.inf,
            f"GraphFused needs a finite ratio >= 0. Found ratio={self.ratio}.",
        )
        check_edges(self)

    @classmethod
    def from_outputs(cls, data, *, alpha=1.0, ratio=1.0, above=0.5):
        """Edges between the tasks whose labels are correlated, with the correlation as r.

        Parameters
        ----------
        data : Tasks
            Tasks with one number or two classes each, with common rows. Take training rows only.
        alpha, ratio : float
        above : float in [0, 1)
            The size that a correlation must exceed.

        Raises
        ------
        DataError
            If two tasks have fewer than three rows in common, or a task does not vary there.

        Examples
        --------
        >>> import numpy as np
        >>> from polytask import Tasks
        >>> Y = np.array([[1.0, -1.0, 5.0], [2.0, -2.0, 2.0], [3.0, -3.0, 4.0], [4.0, -4.0, 3.0]])
        >>> GraphFused.from_outputs(Tasks.from_arrays(np.eye(4), Y)).edges
        (('y0', 'y1', -1.0),)
        """
        require(0 <= above < 1, f"from_outputs needs above in [0, 1). Found {above}.")
        R = label_correlation(data).round(6)
        pairs = combinations(range(data.n_tasks), 2)
        found = [(data.names[a], data.names[b], float(R[a, b])) for a, b in pairs]
        return cls(alpha, ratio, tuple(edge for edge in found if abs(edge[2]) > above))

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        return self.replace(edges=edges_by_position(self.edges, outputs))

    def alone(self):
        return L1(self.alpha)

    def value(self, W):
        return self.alpha * float(self._norms(W).sum())

    def prox(self, W, step):
        return self._step(W, step * self.alpha)

    def dual_norm(self, V):
        return dual_norm(V, self._norms, lambda W: self._step(W, 1.0))

    def _seconds(self, problem):
        return RATIOS

    def _norms(self, W):
        return np.abs(W).sum(axis=1) + self.ratio * self.fusion(W.shape[1]).norms(W)

    def _step(self, W, strength):
        # the soft threshold keeps the order of sizes, so that it may follow the fusion
        fused = self.fusion(W.shape[1]).step(W, strength * self.ratio)
        return soft_threshold(fused, strength)

    def fusion(self, P):
        """The graph between P columns, as a `Fusion`."""
        edges = tuple(combinations(range(P), 2)) if self.edges is None else self.edges
        return fusion_of(tuple((*edge, 1.0)[:3] for edge in edges), P)

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3, ratio=0.5)
        yield cls(alpha=0.02)
