"""Other forms of data and another loss: sparse tables, float32, logistic regression."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from linear_wing.problems import Case, columns, noisy, shared


@dataclass(frozen=True, eq=False)
class LogisticCase(Case):
    """``mean of log(1 + exp(f)) - y f`` with a price on one task's coefficients, no intercept."""

    def objective(self, answer, strength):
        """Loss plus penalty of an answer, and a lower bound: the entropy of shrunk residuals."""
        X, Y = self.tables[0]
        F = X @ answer
        R = Y - 1 / (1 + np.exp(-F))
        share = min(self.price.limit(X.T @ R * self.scale, strength), 1.0)
        V = Y - share * R
        value = np.sum(np.logaddexp(0, F) - Y * F) * self.scale
        return value + self.price.value(answer, strength), self.scale * entropy(V)

    @property
    def null(self):
        """The objective at W = 0."""
        return np.log(2) * self.scale * self.tables[0][1].size


def entropy(V):
    """``-sum v log v + (1 - v) log (1 - v)``."""
    V = np.clip(V, 1e-300, 1 - 1e-16)
    return -float(np.sum(V * np.log(V) + (1 - V) * np.log1p(-V)))


def logistic(n, d, rows, share, bar):
    """One task of two classes."""

    def make(name):
        rng = np.random.default_rng(0)
        X, w = columns(rng, n, d), np.zeros((d, 1))
        w[rng.choice(d, rows, replace=False)] = rng.normal(size=(rows, 1))
        Y = (noisy(rng, X @ w) > 0).astype(float)
        top = np.abs(X.T @ (Y - 0.5)).max() / n
        return LogisticCase(name, [(X, Y)], [top * share], 1 / n, bar, group="logistic")

    return make


def thin(n, d, T, rows, density, share, bar):
    """Tasks that share a sparse table, which nobody centres."""

    def make(name):
        rng = np.random.default_rng(0)
        X = sparse.random_array((n, d), density=density, rng=rng, format="csc")
        X.data = rng.normal(size=X.nnz)
        X = sparse.csc_matrix(X)  # what all peers know
        X.indices, X.indptr = X.indices.astype(np.int32), X.indptr.astype(np.int32)
        W = np.zeros((d, T))
        W[rng.choice(d, rows, replace=False)] = rng.normal(size=(rows, T))
        Y = np.asfortranarray(noisy(rng, X @ W))
        top = np.linalg.norm(X.T @ Y, axis=1).max() / n
        return Case(name, [(X, Y)], [top * share], 1 / n, bar, group="sparse")

    return make


def single(*options):
    """A shared problem in float32."""

    def make(name):
        case = shared(*options)(name)
        X, Y = case.tables[0]
        tables = [(np.asfortranarray(X, dtype=np.float32), Y.astype(np.float32))]
        return replace(case, tables=tables, group="float32")

    return make


MORE = {
    "logistic": logistic(1000, 2000, 20, 1 / 10, 1.0),
    "sparse": thin(5000, 10_000, 10, 20, 0.01, 1 / 10, 1.0),
    "float32": single(1000, 5000, 20, 20, 1 / 10, 1.0),
}
MORE_WARM_UP = {
    "logistic": logistic(80, 30, 4, 1 / 5, 1.0),
    "sparse": thin(90, 60, 3, 4, 0.2, 1 / 5, 1.0),
    "float32": single(60, 90, 3, 5, 1 / 10, 1.0),
}
