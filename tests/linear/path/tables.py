"""A table and folds on which searches are compared."""

import numpy as np
from sklearn.model_selection import KFold


def table(seed=0, n=60, d=10, T=3, holes=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    W = rng.normal(size=(d, T)) * (np.arange(d) < 3)[:, None]
    Y = X @ W + rng.normal(size=(n, T)) + 2
    return X, np.where(rng.random((n, T)) < holes, np.nan, Y)


def folds(n, k=5, seed=1):
    return list(KFold(k, shuffle=True, random_state=seed).split(np.zeros(n)))
