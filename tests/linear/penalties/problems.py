"""Tables on which a penalty is compared with its neighbours."""

import numpy as np

from polytask import Tasks
from polytask.linear import LinearModel


def shared(seed=0, n=30, d=8, T=4):
    """Inputs that all tasks share, and labels without gaps that need five of the features."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) + 0.5
    W = rng.normal(size=(d, T))
    W[5:] = 0
    return X, X @ W + rng.normal(size=(n, T)) + 3


def separate(seed=0, d=6):
    """Three tasks with rows of their own, of unlike number."""
    rng = np.random.default_rng(seed)
    sets = {}
    for name, n in {"a": 20, "b": 9, "c": 31}.items():
        X = rng.normal(size=(n, d))
        sets[name] = (X, X @ rng.normal(size=d) + rng.normal(size=n))
    return Tasks.stack(sets)


def orthonormal(seed=0, n=24, d=6, T=3):
    """Inputs without means whose Gram over n is the identity, and labels without means."""
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(np.column_stack([np.ones(n), rng.normal(size=(n, d))]))[0][:, 1:]
    X = Q * np.sqrt(n)
    Y = X @ rng.normal(size=(d, T)) + rng.normal(size=(n, T))
    return X, Y - Y.mean(axis=0)


def planted(seed, n=10, d=8, h=2, T=12, own=0.05):
    """Tasks whose coefficients lie near a plane, with inputs of their own."""
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(d, h)))[0]
    W = 2 * basis @ rng.normal(size=(h, T)) + own * rng.normal(size=(d, T))
    sets = {}
    for t in range(T):
        X = rng.normal(size=(n, d)) + 1
        sets[f"t{t:02d}"] = (X, X @ W[:, t] + 0.5 * rng.normal(size=n) + 3)
    return Tasks.stack(sets), W, basis


def solved(penalty, *data, **options):
    """A model whose gap of 1e-12 bounds the error of its coefficients by about 1e-5."""
    options = {"tol": 1e-12, "max_iter": 100_000} | options
    return LinearModel(penalty, **options).fit(*data)
