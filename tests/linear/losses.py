"""Printed formulas of the losses in cvxpy, and tables for them; nothing is shared with the library.

A loss takes labels ``y (n,)`` (codes 0, 1, ... for classes, signed times for survival), outputs
``F (n, width)`` and weights ``w (n,)``, and is their weighted sum.
"""

import warnings

import cvxpy as cp
import numpy as np
from linear.oracle import features, paid
from scipy.special import xlogy

from polytask import Tasks
from polytask.kinds import Binary, Multiclass
from polytask.linear import Cox, Hinge, Huber, Logistic, Multinomial, Poisson, Squared, SquaredHinge

SIZES = {"a": 17, "b": 9, "c": 1, "d": 25}


def squared(y, F, w, fit):
    return 0.5 * cp.sum(cp.multiply(w, cp.square(y - F[:, 0])))


def huber(y, F, w, fit):
    return 0.5 * cp.sum(cp.multiply(w, cp.huber(y - F[:, 0], fit.delta)))


def logistic(y, F, w, fit):
    return cp.sum(cp.multiply(w, cp.logistic(F[:, 0]) - cp.multiply(y, F[:, 0])))


def squared_hinge(y, F, w, fit):
    return cp.sum(cp.multiply(w, cp.square(cp.pos(1 - cp.multiply(2 * y - 1, F[:, 0])))))


def hinge(y, F, w, fit):
    return cp.sum(cp.multiply(w, cp.pos(1 - cp.multiply(2 * y - 1, F[:, 0]))))


def multinomial(y, F, w, fit):
    taken = (y[:, None] == np.arange(F.shape[1])).astype(float)
    return cp.sum(cp.multiply(w, cp.log_sum_exp(F, axis=1) - cp.sum(cp.multiply(taken, F), axis=1)))


def poisson(y, F, w, fit):
    constant = np.sum(w * (xlogy(y, y) - y))
    return cp.sum(cp.multiply(w, cp.exp(F[:, 0]) - cp.multiply(y, F[:, 0]))) + constant


def cox(y, F, w, fit):
    """One term per event time: its risk set written out."""
    total, f = 0.0, F[:, 0]
    for time in np.unique(y[y > 0]):
        now, at_risk = np.flatnonzero(y == time), np.flatnonzero(np.abs(y) >= time)
        mass = w[now].sum()
        total += mass * (cp.log_sum_exp(f[at_risk] + np.log(w[at_risk])) - np.log(mass))
        total -= w[now] @ f[now]
    return total


FORMULAS = {
    "squared": squared,
    "huber": huber,
    "logistic": logistic,
    "squared_hinge": squared_hinge,
    "hinge": hinge,
    "multinomial": multinomial,
    "poisson": poisson,
    "cox": cox,
}

# Every loss with the kind of its table; classes beyond two are one against the rest.
LOSSES = {
    "squared": (Squared(), "regression"),
    "huber": (Huber(1.0), "regression"),
    "logistic": (Logistic(), "binary"),
    "squared_hinge": (SquaredHinge(), "binary"),
    "hinge": (Hinge(), "binary"),
    "multinomial": (Multinomial(), "multiclass"),
    "poisson": (Poisson(), "counts"),
    "cox": (Cox(), "survival"),
}
KINDS = {"binary": Binary(), "multiclass": Multiclass((0, 1, 2))}


def labels(kind, f, rng):
    """Labels ``(n,)`` that follow an output; never one class only where there are two rows."""
    n = len(f)
    f = (f - f.mean()) / (f.std() or 1.0)
    if kind == "regression":
        return 3 * f + rng.standard_t(2, n)
    if kind == "counts":
        return rng.poisson(np.exp(0.7 * f + 0.5)).astype(float)
    if kind == "survival":
        time = np.ceil(4 * rng.exponential(np.exp(-f)) + 0.1)  # whole numbers: ties
        return time * rng.choice([1.0, 1.0, -1.0], n)
    y = (f + rng.normal(size=n) > 0).astype(float)
    y = y + (f > 0.8) if kind == "multiclass" else y
    y[: len(KINDS[kind].classes)] = np.arange(len(KINDS[kind].classes))[:n]
    return y


def tables(kind, seed=0, sizes=SIZES):
    """Tasks of unlike sizes, one of a single row, with a constant column: name -> (X, y)."""
    rng = np.random.default_rng(seed)
    sets = {}
    for name, n in sizes.items():
        X = features(rng, n)
        sets[name] = (X, labels(kind, X @ rng.normal(size=5), rng))
    return sets


def stacked(sets, kind):
    return Tasks.stack(sets, kinds=dict.fromkeys(sets, KINDS.get(kind, kind)))


def optimum(sets, fits, penalty, *, weights=None, group=None, fit_intercept=True):
    """The optimal value and coefficients of the printed objective, tasks weighed equally.

    ``fits`` is a datafit by task, ``weights`` the weights ``(n_t,)`` of its rows.
    """
    widths = [3 if fit.name == "multinomial" else 1 for fit in fits.values()]
    ends, d = np.cumsum(widths), next(iter(sets.values()))[0].shape[1]
    W, b = cp.Variable((d, sum(widths))), cp.Variable(sum(widths))
    value = paid(W, penalty, group, ends, widths)
    for (name, (X, y)), end, width in zip(sets.items(), ends, widths):
        if fit_intercept and escapes(fits[name].name, y):
            continue
        w = np.ones(len(y)) if weights is None else weights[name]
        at = slice(end - width, end)
        b_t = cp.reshape(b[at], (1, width), order="F") if fit_intercept else np.zeros((1, width))
        F = X @ W[:, at] + np.ones((len(y), 1)) @ b_t
        value += FORMULAS[fits[name].name](y, F, w / w.sum(), fits[name])
    problem = cp.Problem(cp.Minimize(value))
    with warnings.catch_warnings():
        # it says so when it ends just above its own 1e-8; the test judges the value
        warnings.filterwarnings("ignore", "Solution may be inaccurate")
        problem.solve(solver="CLARABEL")
    return float(problem.value), W.value


def escapes(name, y):
    """Whether an intercept that grows for ever takes the loss of these labels to zero."""
    alone = {"logistic", "multinomial"}
    return (name in alone and len(np.unique(y)) == 1) or (name == "poisson" and not y.any())
