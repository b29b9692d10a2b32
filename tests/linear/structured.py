"""Printed formulas of the structured penalties in cvxpy; ``price`` is the one of the oracle."""

import cvxpy as cp


def split(W, penalty, price):
    """One more variable: the shared part."""
    shared = cp.Variable(W.shape)
    return price(shared, penalty.shared) + price(W - shared, penalty.own)


PRICES = {
    "ColumnL2": lambda W, p, price: p.alpha * cp.sum(cp.norm(W, 2, axis=0)),
    "Split": split,
}
