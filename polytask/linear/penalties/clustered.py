"""Tasks in given clusters: near the mean of their cluster, clusters near each other."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.penalties.base import check_strength
from polytask.linear.penalties.columns import positions
from polytask.linear.penalties.l2 import L2
from polytask.linear.penalties.none import NoPenalty
from polytask.linear.penalties.quadratic import Quadratic

# Prices of the distance between clusters on the grid.
BETWEEN = (0.3, 0.03)


@dataclass(frozen=True)
class Clustered(Quadratic):
    r"""Tasks in given clusters, with a price each for mean, clusters and members.

    ``value(W) = alpha/2 (sum_p |w_p - center of its cluster|^2 + between sum_c size_c |center_c -
    mean|^2 + mean P |mean|^2)``: the paper's three terms in units of the first.

    Parameters
    ----------
    alpha : float, >= 0
        Strength on the deviations within clusters, in units of loss per squared coefficient.
    groups : tuple of tuples, optional
        The clusters, by task names (all outputs of the task) or by positions of outputs; every
        output in exactly one. Default: one cluster.
    between : float
        Price of a cluster's distance from the mean of all, relative to that within.
    mean : float
        Price of the mean of all; ``0 < mean <= between <= 1``.

    Raises
    ------
    ParameterError
        If a strength is out of range, or the groups are not disjoint or leave something out.

    Notes
    -----
    ``between=1`` or one cluster is `MeanRegularised`; without a price on clusters, and at a large
    ``alpha``, there is one model per cluster. Where the clusters are not known `ConvexClustered`
    finds them, at a value that is never above this one.

    References
    ----------
    Jacob, Bach, Vert. Clustered multi-task learning: a convex formulation. NIPS 2008.
    Evgeniou, Micchelli, Pontil. Learning multiple tasks with kernel methods. JMLR 2005.
    Survey: learning task relationships.

    Examples
    --------
    >>> import numpy as np
    >>> penalty = Clustered(2.0, groups=((0, 1), (2, 3)), between=0.5, mean=0.25)
    >>> round(penalty.value(np.array([[1.0, 3.0, -1.0, -3.0]])), 6)  # 4 within, 0.5 * 16 between
    12.0
    """

    alpha: float = 1.0
    groups: tuple | None = None
    between: float = 0.1
    mean: float = 0.01
    points: ClassVar[int] = 7
    second: ClassVar[str | None] = "between"

    def __post_init__(self):
        check_strength(self)
        check_shares(self)

    def bound(self, outputs):
        if self.alpha == 0:
            return NoPenalty()
        P = len(outputs.task)
        if self.groups is None:
            return self.replace(groups=(tuple(range(P)),))
        groups = tuple(positions(group, outputs, "clusters") for group in self.groups)
        _check_partition(groups, P)
        return self.replace(groups=groups)

    def alone(self):
        return L2(self.alpha * self.mean)

    def matrix(self, P):
        groups = (tuple(range(P)),) if self.groups is None else self.groups
        _check_partition(groups, P)
        within = np.zeros((P, P))
        for group in groups:
            within[np.ix_(group, group)] = 1 / len(group)
        whole = np.full((P, P), 1 / P)
        parts = np.eye(P) - within + self.between * (within - whole) + self.mean * whole
        return self.alpha * parts

    def _seconds(self, problem):
        return [max(b, self.mean) for b in BETWEEN]

    @classmethod
    def examples(cls):
        yield cls(alpha=0.3)
        yield cls(alpha=5.0, between=0.5, mean=0.3)


def check_shares(penalty):
    """Refuse prices that are not ordered: the mean costs least, members most."""
    name = type(penalty).__name__
    require(
        0 < penalty.mean <= penalty.between <= 1,
        f"{name} needs 0 < mean <= between <= 1 (within is 1). "
        f"Found mean={penalty.mean}, between={penalty.between}.",
    )


def _check_partition(groups, P):
    found = sorted(p for group in groups for p in group)
    require(
        found == list(range(P)),
        f"Clustered needs each of {P} outputs in exactly one cluster. Found {groups}.",
    )
