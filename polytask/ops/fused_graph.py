"""Any graph of fusions: each connected part by the most direct way that its shape allows."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from polytask.ops.fused_lines import fuse_line, fuse_pairs
from polytask.ops.fusion import Fuser, incidence


@dataclass(frozen=True, eq=False)
class Fusion:
    """The price ``sum_e |r_e| |w_a - sign(r_e) w_b|`` of every row, and its step.

    Attributes
    ----------
    C : array (E, P)
        Takes the differences.
    weight : array (E,)
    parts : tuple of (columns, step)
        ``step(Z, strength)`` for the columns of one connected part.
    """

    C: np.ndarray
    weight: np.ndarray
    parts: tuple

    def norms(self, W):
        """The price of every row ``(d,)``."""
        return np.abs(W @ self.C.T) @ self.weight

    def step(self, Z, strength):
        """``argmin_w |w - z|^2 / 2 + strength * price(w)`` for every row."""
        W = Z.copy()
        for columns, step in self.parts if strength > 0 else ():
            W[:, columns] = step(Z[:, columns], strength)
        return W


@lru_cache(maxsize=32)
def fusion_of(edges, P):
    """The fusion along edges ``(a, b, r)`` between P columns; r has the weight and the sign.

    >>> fusion = fusion_of(((0, 1, 1.0), (1, 2, -2.0)), 3)
    >>> fusion.norms(np.array([[1.0, 1.0, -1.0], [1.0, 0.0, 1.0]]))
    array([0., 3.])
    """
    edges = [edge for edge in edges if edge[2] != 0]
    ends = np.array([edge[:2] for edge in edges], dtype=np.int64).reshape(-1, 2)
    r = np.array([edge[2] for edge in edges], dtype=np.float64)
    graph = sparse.coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(P, P))
    count, label = connected_components(graph, directed=False)
    parts = []
    for part in range(count):
        inside = label[ends[:, 0]] == part if len(ends) else np.zeros(0, bool)
        if inside.any():
            columns = np.flatnonzero(label == part)
            parts.append(_part(columns, np.searchsorted(columns, ends[inside]), r[inside]))
    return Fusion(incidence(P, ends, np.sign(r)), np.abs(r), tuple(parts))


def _part(columns, ends, r):
    k = len(columns)
    if len(ends) == k * (k - 1) // 2 and k > 2 and r.min() == r.max() > 0:
        return columns, lambda Z, strength: fuse_pairs(Z, strength * r[0])
    degree = np.bincount(ends.ravel(), minlength=k)
    if len(ends) == k - 1 and degree.max() <= 2:
        order, weight, flip = _walk(ends, r, degree)
        return columns[order], lambda Z, strength: flip * fuse_line(flip * Z, strength * weight)
    fuser, weight = Fuser(ends, np.sign(r), k), np.abs(r)
    return columns, lambda Z, strength: fuser.step(Z, strength * weight)


def _walk(ends, r, degree):
    """The order of the columns of a line, its weights, and the signs that make all edges plain."""
    near = {}
    for (a, b), one in zip(ends.tolist(), r.tolist(), strict=True):
        near.setdefault(a, []).append((b, one))
        near.setdefault(b, []).append((a, one))
    at, before = int(np.flatnonzero(degree == 1)[0]), None
    order, weight, flip = [at], [], [1.0]
    while True:
        onward = [(b, one) for b, one in near[at] if b != before]
        if not onward:
            return np.array(order), np.array(weight), np.array(flip)
        before, (at, one) = at, onward[0]
        order.append(at)
        weight.append(abs(one))
        flip.append(flip[-1] * np.sign(one))
