"""Printed formulas of the structured penalties in cvxpy; ``price`` is the one of the oracle."""

from itertools import pairwise

import cvxpy as cp
import numpy as np


def split(W, penalty, price, group):
    """One more variable: the shared part."""
    shared = cp.Variable(W.shape)
    return price(shared, penalty.shared) + price(W - shared, penalty.own)


def tree(W, penalty, price, group):
    """Weights by the recursion of the paper: s times the parts below, 1 - s times the length."""
    P = W.shape[1]
    groups = [tuple(range(P))] if penalty.tree is None else list(penalty.tree)
    shares = penalty.separate
    shares = [shares] * len(groups) if np.isscalar(shares) else list(shares)
    order = sorted(range(len(groups)), key=lambda i: len(groups[i]))
    parts = {(p,): cp.abs(W[:, p]) for p in range(P)}
    for i in order:
        at, s = groups[i], shares[i]
        below = [key for key in parts if set(key) <= set(at)]
        inside = sum(parts.pop(key) for key in below)
        parts[tuple(at)] = s * inside + (1 - s) * cp.norm(W[:, list(at)], 2, axis=1)
    return penalty.alpha * cp.sum(sum(parts.values()))


def clustered(W, penalty, price, group):
    """Distances from explicit means; without groups all outputs are one cluster."""
    P = W.shape[1]
    groups = [range(P)] if penalty.groups is None else penalty.groups
    whole = cp.sum(W, axis=1, keepdims=True) / P
    total = penalty.mean * P * cp.sum_squares(whole)
    for at in map(list, groups):
        center = cp.sum(W[:, at], axis=1, keepdims=True) / len(at)
        total += cp.sum_squares(W[:, at] - center @ np.ones((1, len(at))))
        total += penalty.between * len(at) * cp.sum_squares(center - whole)
    return penalty.alpha / 2 * total


def convex_clustered(W, penalty, price, group):
    """Jointly in W and in the relaxed covariance of the tasks."""
    P = W.shape[1]
    r, high = min(penalty.clusters, P), 1 / penalty.between
    if penalty.mean is None:  # the mean is a direction like the others
        S = cp.Variable((P, P), symmetric=True)
        holds = [np.eye(P) << S, S << high * np.eye(P), cp.trace(S) == P - r + r * high]
        return penalty.alpha / 2 * cp.matrix_frac(W.T, S) + cp.transforms.indicator(holds)
    Q = np.linalg.svd(np.ones((P, 1)))[0][:, 1:]
    S = cp.Variable((P - 1, P - 1), symmetric=True)
    holds = [np.eye(P - 1) << S, S << high * np.eye(P - 1)]
    holds.append(cp.trace(S) == P - r + (r - 1) * high)
    whole = P * cp.sum_squares(cp.sum(W, axis=1) / P)
    total = penalty.mean * whole + cp.matrix_frac((W @ Q).T, S)
    return penalty.alpha / 2 * total + cp.transforms.indicator(holds)


def convex_aso(W, penalty, price, group):
    """Jointly in W and in the relaxed projection onto the structure."""
    d = W.shape[0]
    M = cp.Variable((d, d), symmetric=True)
    holds = [M >> 0, M << np.eye(d), cp.trace(M) == min(penalty.h, d)]
    total = cp.matrix_frac(W, penalty.eta * np.eye(d) + M)
    strength = penalty.alpha / 2 * penalty.eta * (1 + penalty.eta)
    return strength * total + cp.transforms.indicator(holds)


def outside(d, structure):
    """The projection away from the rows of a structure."""
    theta = np.zeros((0, d)) if structure is None else np.array(structure)
    return np.eye(d) - np.linalg.pinv(theta) @ theta


def lines(P, order, group):
    """Columns that follow each other: given, or those that mean the same."""
    if order is not None:
        return [list(order)]
    group = np.zeros(P, int) if group is None else np.asarray(group)
    return [np.flatnonzero(group == g).tolist() for g in np.unique(group)]


def temporal_smooth(W, penalty, price, group):
    """Squared differences of neighbours, and the size."""
    total = penalty.ratio * cp.sum_squares(W)
    for line in lines(W.shape[1], penalty.order, group):
        for a, b in pairwise(line):
            total += cp.sum_squares(W[:, a] - W[:, b])
    return penalty.alpha / 2 * total


def edges_of(P, penalty, group):
    """Edges (a, b, r): given, or all pairs of columns that mean the same."""
    if penalty.edges is not None:
        return [(*edge, 1.0)[:3] for edge in penalty.edges]
    same = np.zeros(P, int) if group is None else np.asarray(group)
    return [(a, b, 1.0) for a in range(P) for b in range(a) if same[a] == same[b]]


def graph_fused(W, penalty, price, group):
    """An explicit loop over the edges; without edges all pairs that mean the same."""
    total = cp.sum(cp.abs(W))
    for a, b, r in edges_of(W.shape[1], penalty, group):
        total += penalty.ratio * abs(r) * cp.sum(cp.abs(W[:, a] - np.sign(r) * W[:, b]))
    return penalty.alpha * total


def graph_laplacian(W, penalty, price, group):
    """Squared differences along the edges; without edges all pairs that mean the same."""
    total = penalty.ratio * cp.sum_squares(W)
    for a, b, r in edges_of(W.shape[1], penalty, group):
        total += abs(r) * cp.sum_squares(W[:, a] - np.sign(r) * W[:, b])
    return penalty.alpha / 2 * total


def fused_temporal(W, penalty, price, group):
    """Rows, entries and changes."""
    total = cp.sum(cp.norm(W, 2, axis=1)) + penalty.entries * cp.sum(cp.abs(W))
    for line in lines(W.shape[1], penalty.order, group):
        for a, b in pairwise(line):
            total += penalty.steps * cp.sum(cp.abs(W[:, a] - W[:, b]))
    return penalty.alpha * total


def units(penalty, shape):
    """What `Weighted` multiplies every coefficient by; weights are pairs or one per place."""
    C = np.ones(shape)
    for axis, weights in enumerate((penalty.features, penalty.tasks)):
        for at, one in enumerate(weights or ()):
            at, one = one if isinstance(one, tuple) else (at, one)
            C[(slice(None),) * axis + (at,)] *= one
    return C


PRICES = {
    "FusedTemporal": fused_temporal,
    "GraphFused": graph_fused,
    "GraphLaplacian": graph_laplacian,
    "Clustered": clustered,
    "ConvexASO": convex_aso,
    "FixedStructure": lambda W, p, price, group: (
        p.alpha
        / 2
        * (cp.sum_squares(outside(W.shape[0], p.structure) @ W) + p.eta * cp.sum_squares(W))
    ),
    "ConvexClustered": convex_clustered,
    "TemporalSmooth": temporal_smooth,
    "Weighted": lambda W, p, price, group: price(
        cp.multiply(units(p, W.shape), W), p.penalty, group
    ),
    "Positive": lambda W, p, price, group: (
        price(W, p.penalty, group) + cp.transforms.indicator([W >= 0])
    ),
    "ColumnL2": lambda W, p, price, group: p.alpha * cp.sum(cp.norm(W, 2, axis=0)),
    "Split": split,
    "TreeGuided": tree,
}
