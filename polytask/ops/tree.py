"""Nested groups of columns: their weights, and the step of a sum of their lengths."""

from functools import lru_cache

import numpy as np

from polytask.errors import require
from polytask.ops.prox import shrink_rows, soft_threshold


@lru_cache(maxsize=64)
def tree_weights(groups, separate):
    """Weights of nested groups, and of single columns, such that those above a column sum to 1.

    Every group passes on the share s to what is below it and keeps ``1 - s``: a group has weight
    ``1 - s`` times the shares of all groups around it, a column the product of the shares of all
    groups that contain it.

    Parameters
    ----------
    groups : tuple of tuples of int
        Any two disjoint, or one inside the other.
    separate : tuple of float
        The share s of every group, in [0, 1].

    Returns
    -------
    group weights (len(groups),), a function that gives the weights of P single columns

    Examples
    --------
    >>> inner, single = tree_weights(((0, 1), (0, 1, 2)), (0.5, 0.8))
    >>> inner.round(3), single(3).round(3)
    (array([0.4, 0.2]), array([0.4, 0.4, 0.8]))
    """
    sets = [frozenset(group) for group in groups]
    for i, one in enumerate(sets):
        for other in sets[:i]:
            require(
                one != other and (one <= other or other <= one or not one & other),
                "A tree needs groups that are disjoint or one inside the other, and each once. "
                f"Found {tuple(sorted(other))} and {tuple(sorted(one))}.",
            )
    shares = np.asarray(separate, dtype=np.float64)
    above = np.array([[one < other for other in sets] for one in sets]).reshape(len(sets), -1)
    inner = (1 - shares) * np.where(above, shares, 1.0).prod(axis=1)

    def single(P):
        inside = np.array([[p in one for one in sets] for p in range(P)]).reshape(P, -1)
        return np.where(inside, shares, 1.0).prod(axis=1)

    return inner, single


def tree_norms(W, groups, inner, single):
    """The weighted sum of sizes and of lengths of groups, for every row of W: ``(d,)``."""
    total = np.abs(W) @ single
    for group, weight in zip(groups, inner):
        total += weight * np.linalg.norm(W[:, list(group)], axis=1)
    return total


def tree_step(W, groups, inner, single):
    """``argmin_V |V - W|^2 / 2 + tree_norms(V)``: the steps of the groups, from leaves to root.

    >>> tree_step(np.array([[5.0, 4.0]]), ((0, 1),), np.array([1.0]), np.array([2.0, 0.0]))
    array([[2.4, 3.2]])
    """
    V = soft_threshold(W, single)
    for i in sorted(range(len(groups)), key=lambda i: len(groups[i])):
        group = list(groups[i])
        V[:, group] = shrink_rows(V[:, group], inner[i])
    return V


def correlation_tree(correlation, cut):
    """Groups and their shares from a correlation ``(T, T)``, by complete linkage of ``1 - r``.

    The share of a group is its height over the largest height; groups higher than ``cut`` are left
    out, which makes a forest of the tree.

    >>> correlation_tree(np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.1], [0.0, 0.1, 1.0]]), 0.9)
    (((0, 1),), (0.1,))
    """
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    distance = np.clip(1 - correlation, 0, None)
    np.fill_diagonal(distance, 0)
    T = len(distance)
    merged = linkage(squareform(distance, checks=False), method="complete")
    members: list[tuple[int, ...]] = [(t,) for t in range(T)]
    groups, shares = [], []
    for a, b, height, _ in merged:
        members.append(tuple(sorted(members[int(a)] + members[int(b)])))
        share = float(round(height / max(merged[-1, 2], np.finfo(float).tiny), 6))
        if share <= cut:
            groups.append(members[-1])
            shares.append(share)
    return tuple(groups), tuple(shares)
