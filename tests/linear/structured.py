"""Printed formulas of the structured penalties in cvxpy; ``price`` is the one of the oracle."""

import cvxpy as cp
import numpy as np


def split(W, penalty, price):
    """One more variable: the shared part."""
    shared = cp.Variable(W.shape)
    return price(shared, penalty.shared) + price(W - shared, penalty.own)


def tree(W, penalty, price):
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


PRICES = {
    "ColumnL2": lambda W, p, price: p.alpha * cp.sum(cp.norm(W, 2, axis=0)),
    "Split": split,
    "TreeGuided": tree,
}
