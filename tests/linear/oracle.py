"""Objectives written again from scratch in cvxpy: the oracle shares no code with the library."""

import warnings

import cvxpy as cp
import numpy as np
from linear.structured import PRICES as STRUCTURED

from polytask import Tasks
from polytask.kinds import Binary

SIZES = {"a": 17, "b": 9, "c": 1, "d": 25}


def features(rng, n, d=5):
    """Inputs with unlike scales, a mean, and one constant column."""
    X = rng.normal(size=(n, d)) * [1.0, 3.0, 0.5, 1.0, 1.0][:d] + 0.5
    X[:, 2] = 2.0
    return X


def regression(seed=0):
    """Four tasks with own rows: unlike sizes, one of a single row, intercepts away from zero."""
    rng = np.random.default_rng(seed)
    sets = {}
    for name, n in SIZES.items():
        X = features(rng, n)
        sets[name] = (X, X @ rng.normal(size=5) + 7 + rng.normal(size=n))
    return sets


def binary(seed=0):
    """The same with two classes; the task of a single row has one of them."""
    rng = np.random.default_rng(seed)
    sets = {}
    for name, n in SIZES.items():
        X = features(rng, n)
        f = X @ rng.normal(size=5) + rng.normal(size=n)
        y = (f > np.median(f)).astype(float)
        sets[name] = (X, y if n > 1 else np.ones(1))
    return sets


def multiclass(seed=0, K=3):
    """Three classes in tasks of unlike sizes."""
    rng = np.random.default_rng(seed)
    sets = {}
    for name, n in {"a": 27, "b": 44}.items():
        X = features(rng, n)
        y = np.argmax(X @ rng.normal(size=(5, K)) + rng.normal(size=(n, K)) * 3, axis=1).astype(
            float
        )
        y[:K] = np.arange(K)
        sets[name] = (X, y)
    return sets


def tasks(sets, kinds):
    """The library's form of these data."""
    # a task of one row shows one of its two classes: the kind has to be said
    kinds = {name: Binary() if kind == "binary" else kind for name, kind in kinds.items()}
    return Tasks.stack(sets, kinds=kinds)


def elastic(sparse, W, share):
    """A sparse price and half the sum of squares in these shares."""
    return share * sparse + (1 - share) / 2 * cp.sum_squares(W)


def blocks(W, groups, weights, length):
    """Lengths of groups of rows at their weights; a row in no group is one at weight 1."""
    weights = [np.sqrt(len(g)) for g in groups] if weights is None else weights
    single = set(range(W.shape[0])) - {j for g in groups for j in g}
    return sum(w * length(W[list(g)]) for w, g in zip(weights, groups)) + sum(
        length(W[[j]]) for j in single
    )


PRICES = {
    "NoPenalty": lambda W, p: 0,
    "L2": lambda W, p: p.alpha / 2 * cp.sum_squares(W),
    "L1": lambda W, p: p.alpha * cp.sum(cp.abs(W)),
    "L21": lambda W, p: p.alpha * cp.sum(cp.norm(W, 2, axis=1)),
    "L1Linf": lambda W, p: p.alpha * cp.sum(cp.max(cp.abs(W), axis=1)),
    "L1Lq": lambda W, p: p.alpha * sum(cp.pnorm(W[j], p.q) for j in range(W.shape[0])),
    "SquaredL21": lambda W, p: p.alpha / 2 * cp.square(cp.sum(cp.norm(W, 2, axis=1))),
    "ElasticNet": lambda W, p: p.alpha * elastic(cp.sum(cp.abs(W)), W, p.l1_ratio),
    "ElasticL21": lambda W, p: p.alpha * elastic(cp.sum(cp.norm(W, 2, axis=1)), W, p.l1_ratio),
    "GroupLasso": lambda W, p: (
        p.alpha * blocks(W, p.groups, p.weights, lambda B: cp.norm(B, "fro"))
    ),
    "TaskwiseGroupLasso": lambda W, p: (
        p.alpha * blocks(W, p.groups, p.weights, lambda B: cp.sum(cp.norm(B, 2, axis=0)))
    ),
    "TraceNorm": lambda W, p: p.alpha * cp.normNuc(W),
    "SquaredTraceNorm": lambda W, p: p.alpha / 2 * cp.square(cp.normNuc(W)),
}


def price(W, penalty, group=None):
    """The penalty's printed formula; the mean is one more variable."""
    name = type(penalty).__name__
    if name in STRUCTURED:
        return STRUCTURED[name](W, penalty, price, group)
    if name != "MeanRegularised":
        return PRICES[name](W, penalty)
    groups = np.zeros(W.shape[1], int) if group is None else np.asarray(group)
    total = 0
    for g in np.unique(groups):
        center = cp.Variable((W.shape[0], 1))
        at = np.flatnonzero(groups == g)
        apart = W[:, at] - center @ np.ones((1, len(at)))
        total += cp.sum_squares(apart) + penalty.ratio * cp.sum_squares(center)
    return penalty.alpha / 2 * total


def paid(W, penalty, group, ends, widths):
    """The price of all outputs; `PerTask` is paid by every task's block of columns."""
    if type(penalty).__name__ != "PerTask":
        return price(W, penalty, group)
    blocks = [W[:, end - width : end] for end, width in zip(ends, widths)]
    return sum(price(block, penalty.penalty) for block in blocks)


def loss(kind, X, y, W, b):
    """The mean loss of one task at outputs ``X W + b``; y are 0, 1, ... for classes."""
    n = len(y)
    if kind == "regression":
        return cp.sum_squares(y - X @ W[:, 0] - b[0]) / (2 * n)
    if kind == "binary":
        f = X @ W[:, 0] + b[0]
        return cp.sum(cp.logistic(f) - cp.multiply(y, f)) / n
    F = X @ W + np.ones((n, 1)) @ cp.reshape(b, (1, W.shape[1]), order="F")
    taken = (y[:, None] == np.arange(W.shape[1])).astype(float)
    return cp.sum(cp.log_sum_exp(F, axis=1) - cp.sum(cp.multiply(taken, F), axis=1)) / n


def optimum(sets, kinds, penalty, *, group=None):
    """The optimal value and coefficients of the printed objective, tasks weighed equally."""
    widths = [3 if kinds[name] == "multiclass" else 1 for name in sets]
    d = next(iter(sets.values()))[0].shape[1]
    W, b = cp.Variable((d, sum(widths))), cp.Variable(sum(widths))
    ends = np.cumsum(widths)
    total = paid(W, penalty, group, ends, widths)
    for (name, (X, y)), end, width in zip(sets.items(), ends, widths):
        at = slice(end - width, end)
        if kinds[name] != "regression" and len(np.unique(y)) == 1:
            continue  # one class only: a growing intercept takes this loss to zero
        total += loss(kinds[name], X, y, W[:, at], b[at])
    problem = cp.Problem(cp.Minimize(total))
    with warnings.catch_warnings():
        # it says so when it ends just above its own 1e-8; the test judges the value
        warnings.filterwarnings("ignore", "Solution may be inaccurate")
        problem.solve(solver="CLARABEL")
    return float(problem.value), W.value
