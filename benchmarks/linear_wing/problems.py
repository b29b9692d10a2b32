"""The problems of the linear benchmark, and a check of answers that shares no code with anybody."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from linear_wing.prices import Clusters, Dirty, Rows, Spectrum, whole

ACCURACY = 1e-6  # of the objective at W = 0 (shared rows) or of the optimum (own rows)
NOISE = 3  # standard deviation of the signal over that of the noise


@dataclass(frozen=True, eq=False)
class Case:
    """Regression of several tasks, at one strength or along a path of them.

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
    price : Rows, Spectrum, Dirty or Clusters
    group : str or None
        The form of the problem, where it does not follow from the others.
    """

    name: str
    tables: list
    strengths: list
    scale: float
    bar: float
    price: object = Rows()
    group: str | None = None

    @property
    def shared(self):
        """Whether tasks share their rows."""
        return self.tables[0][1].ndim == 2

    @property
    def n_tasks(self):
        """T."""
        return self.tables[0][1].shape[1] if self.shared else len(self.tables)

    @property
    def n_features(self):
        """d."""
        return self.tables[0][0].shape[1]

    def objective(self, answer, strength):
        """Loss plus penalty of an answer, and a lower bound on the optimum."""
        W = whole(answer)
        residuals = [(y - X @ (W if self.shared else W[:, t])) for t, (X, y) in self._each()]
        back = [X.T @ r for (_, (X, _)), r in zip(self._each(), residuals, strict=True)]
        V = self.scale * (back[0] if self.shared else np.stack(back, axis=1))
        rr = self.scale * sum(np.sum(r**2) for r in residuals)
        ry = self.scale * sum(np.sum(r * y) for (_, (_, y)), r in zip(self._each(), residuals))
        share = min(ry / rr, self.price.limit(V, strength), 1.0)
        below = share * ry - share**2 * rr / 2 - self.price.conjugate(share * V, strength)
        return rr / 2 + self.price.value(answer, strength), below

    def _each(self):
        return list(enumerate(self.tables))

    @property
    def null(self):
        """The objective at W = 0."""
        return self.scale / 2 * sum(np.sum(y**2) for _, y in self.tables)

    def errors(self, answers, best):
        """The error of every answer, one per strength, relative to what is asked for."""
        found = []
        for answer, strength, bound in zip(answers, self.strengths, best, strict=True):
            value, own = self.objective(answer, strength)
            found.append((value - own) / self.null if self.shared else (value - bound) / bound)
        return found


def cases(names=None):
    """The problems of these names, made when they are asked for; all where none are named."""
    for name, make in MAKERS.items():
        if names is None or name in names:
            yield make(name)


def columns(rng, n, d, memory=0.5):
    """Gaussian columns, each correlated with the next, centred, in Fortran order."""
    Z = rng.normal(size=(n, d))
    for j in range(1, d):
        Z[:, j] = memory * Z[:, j - 1] + np.sqrt(1 - memory**2) * Z[:, j]
    return np.asfortranarray(Z - Z.mean(axis=0))


def noisy(rng, S):
    """The signals with noise, centred."""
    Y = S + rng.normal(size=S.shape) * S.std() / NOISE
    return Y - Y.mean(axis=0)


def shared(n, d, T, rows, shares, bar) -> Callable:
    """Tasks with the same rows and some rows of W that are not zero."""

    def make(name):
        rng = np.random.default_rng(0)
        X, W = columns(rng, n, d), np.zeros((d, T))
        W[rng.choice(d, rows, replace=False)] = rng.normal(size=(rows, T))
        Y = noisy(rng, X @ W)
        top = np.linalg.norm(X.T @ Y, axis=1).max() / n
        return Case(name, [(X, Y)], list(top * np.atleast_1d(shares)), 1 / n, bar)

    return make


def separate(sizes, d, truth, share, bar, *, price=Rows(), memory=0.5) -> Callable:  # noqa: B008
    """Tasks with their own rows; the strength is a share of the one at which W is zero."""

    def make(name):
        rng = np.random.default_rng(0)
        counts = sizes(rng) if callable(sizes) else sizes
        W, tables = truth(rng, d, len(counts)), []
        for t, n in enumerate(counts):
            X = columns(rng, n, d, memory)
            tables.append((X, noisy(rng, X @ W[:, t])))
        back = np.stack([X.T @ y for X, y in tables], axis=1)
        top = 1.0 if isinstance(price, Clusters) else 1 / price.limit(back, 1.0)
        return Case(name, tables, [top * share], 1.0, bar, price)

    return make


def some_rows(rows):
    """Coefficients with so many rows that are not zero."""

    def truth(rng, d, T):
        W = np.zeros((d, T))
        W[rng.choice(d, rows, replace=False)] = rng.normal(size=(rows, T))
        return W

    return truth


def low_rank(rank):
    """Coefficients of a rank."""
    return lambda rng, d, T: rng.normal(size=(d, rank)) @ rng.normal(size=(rank, T))


def rows_and_own(rows, own):
    """Rows that serve all tasks, and so many entries of a task's own."""

    def truth(rng, d, T):
        W = some_rows(rows)(rng, d, T)
        for t in range(T):
            W[rng.choice(d, own, replace=False), t] += rng.normal(size=own)
        return W

    return truth


def groups_of_tasks(count):
    """Tasks near one of so many centres."""

    def truth(rng, d, T):
        return rng.normal(size=(d, count))[:, np.arange(T) % count] + 0.2 * rng.normal(size=(d, T))

    return truth


def path(weakest, points):
    """Shares of the largest strength, geometric."""
    return np.geomspace(1, weakest, points)


_WIDE = (1000, 5000, 20, 20)
_LOW = {"truth": low_rank(5), "share": 1 / 20, "price": Spectrum()}
_MIXED = {"truth": rows_and_own(10, 2), "share": 1 / 10}
MAKERS = {
    "shared-10": shared(*_WIDE, 1 / 10, 2.0),
    "shared-30": shared(*_WIDE, 1 / 30, 1.8),
    "shared-100": shared(*_WIDE, 1 / 100, 2.5),
    "path20": shared(*_WIDE, path(1 / 20, 30), 1.4),
    "path100": shared(*_WIDE, path(1 / 100, 30), 2.2),
    "sharedtall": shared(50_000, 200, 20, 20, path(1 / 100, 30), 25.0),
    "school": separate(lambda rng: rng.integers(30, 171, 139), 28, some_rows(10), 1 / 20, 12.0),
    "school-eq": separate([100] * 139, 28, some_rows(10), 1 / 20, 6.0),
    "tall": separate([1000] * 50, 100, some_rows(20), 1 / 50, 3.0),
    "wide": separate([200] * 50, 1000, some_rows(20), 1 / 10, 5.0),
    "trace-tall": separate([1000] * 50, 300, bar=4.0, **_LOW),
    "trace-wide": separate([100] * 50, 300, bar=4.0, **_LOW),
    "trace-corr": separate([300] * 50, 300, bar=3.0, memory=0.95, **_LOW),
    "dirty-l2": separate([100] * 20, 200, bar=10.0, price=Dirty(2, 0.4), **_MIXED),
    "dirty-linf": separate([100] * 20, 200, bar=30.0, price=Dirty(np.inf, 0.2), **_MIXED),
    "clustered": separate([60] * 40, 100, groups_of_tasks(4), 100.0, 1.0, price=Clusters(4, 0.1)),
}
# Small ones of every form, on which everybody compiles; they are not measured.
WARM_UP = {
    "rows, shared": shared(60, 90, 3, 5, 1 / 10, 1.0),
    "rows, own": separate([40, 30, 20], 12, some_rows(3), 1 / 10, 1.0),
    "trace": separate([40, 40], 12, low_rank(1), 1 / 10, 1.0, price=Spectrum()),
    "dirty-l2": separate([40] * 3, 12, some_rows(3), 1 / 10, 1.0, price=Dirty(2, 0.7)),
    "dirty-linf": separate([40] * 3, 12, some_rows(3), 1 / 10, 1.0, price=Dirty(np.inf, 0.5)),
    "clustered": separate([40] * 4, 12, groups_of_tasks(2), 1.0, 1.0, price=Clusters(2, 0.5)),
}
QUICK = ("shared-10", "school", "tall", "trace-wide", "dirty-l2", "dirty-linf")
