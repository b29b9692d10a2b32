"""The problems of the linear benchmark, and a check of answers that shares no code with anybody."""

from dataclasses import dataclass

import numpy as np

ACCURACY = 1e-6  # of the objective at W = 0 (shared rows) or of the optimum (own rows)
NOISE = 3  # standard deviation of the signal over that of the noise


@dataclass(frozen=True, eq=False)
class Case:
    """Sparse regression of several tasks, at one strength or along a path of them.

    Attributes
    ----------
    name : str
    tables : list of (X (n_t, d), y (n_t,)), or one (X, Y (n, T)) where tasks share rows
    strengths : list of float
        In units of ``scale * sum of squares / 2``, from the strongest.
    scale : float
        1/n where rows are shared, 1 where tasks have their own.
    bar : float
        How many times faster than the fastest peer we want to be.
    """

    name: str
    tables: list
    strengths: list
    scale: float
    bar: float

    @property
    def shared(self):
        """Whether tasks share their rows."""
        return self.tables[0][1].ndim == 2

    def objective(self, W, strength):
        """Loss plus penalty at W ``(d, T)``, and a lower bound on the optimum."""
        residuals = [(y - X @ (W if self.shared else W[:, t])) for t, (X, y) in self._each()]
        back = [X.T @ r for (_, (X, _)), r in zip(self._each(), residuals, strict=True)]
        V = self.scale * (back[0] if self.shared else np.stack(back, axis=1))
        rr = self.scale * sum(np.sum(r**2) for r in residuals)
        ry = self.scale * sum(np.sum(r * y) for (_, (_, y)), r in zip(self._each(), residuals))
        top = np.linalg.norm(V, axis=1).max()
        share = min(ry / rr, strength / max(top, strength))
        value = rr / 2 + strength * np.linalg.norm(W, axis=1).sum()
        return value, share * ry - share**2 * rr / 2

    def _each(self):
        return list(enumerate(self.tables))

    def error(self, Ws, best):
        """The largest error of the answers, one per strength, relative to what is asked for."""
        found = []
        for W, strength, bound in zip(Ws, self.strengths, best, strict=True):
            value, own = self.objective(W, strength)
            unit = self.objective(np.zeros_like(W), strength)[0] if self.shared else bound
            found.append((value - (own if self.shared else bound)) / unit)
        return max(found)


def cases(names=None):
    """The problems of these names, made when they are asked for; all where none are named."""
    for name, make in MAKERS.items():
        if names is None or name in names:
            yield make(name)


def _columns(rng, n, d, memory=0.5):
    """Gaussian columns, each correlated with the next, centred, in Fortran order."""
    Z = rng.normal(size=(n, d))
    for j in range(1, d):
        Z[:, j] = memory * Z[:, j - 1] + np.sqrt(1 - memory**2) * Z[:, j]
    return np.asfortranarray(Z - Z.mean(axis=0))


def _noisy(rng, S):
    Y = S + rng.normal(size=S.shape) * S.std() / NOISE
    return Y - Y.mean(axis=0)


def _shared(n, d, T, rows, shares, bar):
    def make(name):
        rng = np.random.default_rng(0)
        X, W = _columns(rng, n, d), np.zeros((d, T))
        W[rng.choice(d, rows, replace=False)] = rng.normal(size=(rows, T))
        Y = _noisy(rng, X @ W)
        top = np.linalg.norm(X.T @ Y, axis=1).max() / n
        return Case(name, [(X, Y)], list(top * np.atleast_1d(shares)), 1 / n, bar)

    return make


def _separate(sizes, d, rows, share, bar):
    def make(name):
        rng = np.random.default_rng(0)
        counts = sizes(rng) if callable(sizes) else sizes
        W = np.zeros((d, len(counts)))
        W[rng.choice(d, rows, replace=False)] = rng.normal(size=(rows, len(counts)))
        tables = []
        for t, n in enumerate(counts):
            X = _columns(rng, n, d)
            tables.append((X, _noisy(rng, X @ W[:, t])))
        top = np.linalg.norm(np.stack([X.T @ y for X, y in tables], axis=1), axis=1).max()
        return Case(name, tables, [top * share], 1.0, bar)

    return make


def _path(weakest, points=30):
    return np.geomspace(1, weakest, points)


_WIDE = (1000, 5000, 20, 20)
MAKERS = {
    "warm-up, shared": _shared(60, 90, 3, 5, 1 / 10, 1.0),
    "warm-up, own": _separate([40, 30, 20], 12, 3, 1 / 10, 1.0),
    "shared-10": _shared(*_WIDE, 1 / 10, 2.0),
    "shared-30": _shared(*_WIDE, 1 / 30, 1.8),
    "shared-100": _shared(*_WIDE, 1 / 100, 2.5),
    "path20": _shared(*_WIDE, _path(1 / 20), 1.4),
    "path100": _shared(*_WIDE, _path(1 / 100), 2.2),
    "sharedtall": _shared(50_000, 200, 20, 20, _path(1 / 100), 25.0),
    "school": _separate(lambda rng: rng.integers(30, 171, 139), 28, 10, 1 / 20, 12.0),
    "school-eq": _separate([100] * 139, 28, 10, 1 / 20, 6.0),
    "tall": _separate([1000] * 50, 100, 20, 1 / 50, 3.0),
    "wide": _separate([200] * 50, 1000, 20, 1 / 10, 5.0),
}
QUICK = ("shared-10", "shared-30", "school", "tall", "wide")
