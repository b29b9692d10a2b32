"""Tasks whose coefficients are drawn from a known Gaussian."""

import numpy as np

from polytask import Tasks

NOISE = 0.5


def planted(T, *, d=6, n=10, seed=0):
    """A table of T data sets, the prior ``(m, S)`` and the coefficients ``(T, d + 1)``."""
    rng = np.random.default_rng(seed)
    mean = rng.normal(size=d + 1)
    half = rng.normal(size=(d + 1, d + 1)) / np.sqrt(d + 1)
    covariance = 0.3 * (half @ half.T) + 0.05 * np.eye(d + 1)
    coef = rng.multivariate_normal(mean, covariance, size=T)
    sets = {}
    for t in range(T):
        X = rng.normal(size=(n, d))
        y = X @ coef[t, :-1] + coef[t, -1] + NOISE * rng.normal(size=n)
        sets[f"t{t:03d}"] = (X, y)
    return Tasks.stack(sets), (mean, covariance), coef


def uneven(seed=0):
    """Five tasks with 1, 3, 4, 7 and 12 rows of their own, 3 columns, one constant in a task."""
    rng = np.random.default_rng(seed)
    sets = {}
    for name, n in zip("abcde", (1, 3, 4, 7, 12)):
        X = rng.normal(size=(n, 3)) * [1, 5, 0.2] + [0, 10, 0]
        if name == "d":
            X[:, 1] = 4.0
        sets[name] = (X, 3 + X @ [1, -0.3, 2] + rng.normal(size=n))
    return Tasks.stack(sets)
