"""Ourselves: `fit` of the public estimator, with all its checks."""

import numpy as np

from linear_wing.peers.base import Peer
from linear_wing.prices import Clusters, Dirty, Rows, Spectrum


def penalty_of(price, alpha):
    """The penalty that a price is, at our strength."""
    from polytask import linear

    if isinstance(price, Rows):
        return linear.L21(alpha)
    if isinstance(price, Spectrum):
        return linear.TraceNorm(alpha)
    if isinstance(price, Clusters):
        return linear.ConvexClustered(alpha, price.count, between=price.between, mean=None)
    assert isinstance(price, Dirty)
    rows = linear.L1Linf if price.order == np.inf else linear.L21
    return linear.Split(rows(alpha), linear.L1(alpha * price.own))


def _shared(case, _, tol):
    from polytask import Tasks
    from polytask.linear import LinearModel

    X, Y = case.tables[0]
    penalties = [penalty_of(case.price, alpha) for alpha in case.strengths]
    model = LinearModel(penalties[0], fit_intercept=False, tol=tol)
    if len(penalties) == 1:
        return [model.fit(X, Y).coef_.T]
    fitted = model.fit_path(Tasks.from_arrays(X, Y), [{"penalty": one} for one in penalties])
    return [one.coef_.T for one in fitted]


def _own(case, data, tol):
    from polytask.linear import LinearModel

    # omega_t / n_t = T / N for every task
    alpha = case.strengths[0] * len(case.tables) / data.n_rows
    penalty = penalty_of(case.price, alpha)
    model = LinearModel(penalty, fit_intercept=False, task_weight="size", tol=tol).fit(data)
    if isinstance(case.price, Dirty):
        return [(model.shared_coef_.T, model.own_coef_.T)]
    return [model.coef_.T]


def _stack(case):
    from polytask import Tasks

    return Tasks.stack({f"t{t}": table for t, table in enumerate(case.tables)})


def _logistic(case, _, tol):
    from polytask.linear import L1, LinearClassifier

    X, Y = case.tables[0]
    model = LinearClassifier(L1(case.strengths[0]), fit_intercept=False, tol=tol)
    return [model.fit(X, Y[:, 0]).coef_.T]


OURS = {
    group: Peer("polytask", group, _own, _stack)
    for group in ("rows, own", "trace", "dirty-l2", "dirty-linf", "clustered")
}
OURS |= {group: Peer("polytask", group, _shared) for group in ("rows, shared", "sparse", "float32")}
OURS["logistic"] = Peer("polytask", "logistic", _logistic)
