"""Factors in groups of dummies: the group lasso keeps or drops a whole factor."""

import numpy as np

from polytask import Tasks
from polytask.linear import L1, GroupLasso, OrthonormalGroups
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against, path

N, FACTORS, SNR = 50, 15, 1.8
GROUPS = tuple((2 * j, 2 * j + 1) for j in range(FACTORS))
CORRELATION = 0.5 ** np.abs(np.subtract.outer(np.arange(FACTORS), np.arange(FACTORS)))
# Effects of the levels 1 and 0 of factors 1, 3 and 5.
EFFECTS = {0: (1.8, -1.2), 2: (1.0, 0.5), 4: (1.0, 1.0)}
PARTS = np.geomspace(1, 0.005, 60)  # of the strength that leaves nothing
MANY = 20_000  # rows that stand for the distribution of the inputs
PUBLISHED = {
    "group lasso": 0.8,
    "lasso": 1.25,
    "lasso, orthonormal": None,
    "least squares": 4.7,
}


class Factors(Simulation):
    """Model error of the group lasso, the lasso and least squares, tuned by C_p.

    Examples
    --------
    >>> len(Factors().pieces(True))
    20
    """

    name = "factors"
    chapter = "linear"
    paper = (
        "Yuan, Lin. Model selection and estimation in regression with grouped variables. JRSS B "
        "68, 2006 (simulation model I, read off the literature: group lasso about 0.8, lasso 1.2 "
        "to 1.3, stepwise 2.4, least squares 4.7)."
    )
    protocol = (
        "50 rows, 15 latent normals with correlation 0.5^|i-j|, cut at the terciles into levels 0, "
        "1, 2, two dummies each. y = 1.8 [Z1=1] - 1.2 [Z1=0] + [Z3=1] + 0.5 [Z3=0] + [Z5=1] + "
        "[Z5=0] + noise; signal-to-noise 1.8 is read as a ratio of variances, which decides the "
        "level of all errors: published ones are beside ours without a bound. The group "
        "lasso on inputs that are orthonormal inside factors; the lasso depends on the coding: on "
        "the dummies, scaled, and, for comparison, on the orthonormal inputs. 60 strengths, the "
        "smallest C_p with the degrees of freedom of the paper (lasso: coefficients that are not "
        "zero). Model error: mean of (fit - truth)^2 over the "
        "inputs' distribution, 20,000 fresh rows. 200 seeds. --quick: 20 seeds."
    )
    settings = ("model I",)
    seeds, few = 200, 20

    def measure(self, setting, rng):
        X, truth = _drawn(rng, N)
        fresh, true = _drawn(np.random.default_rng(0), MANY)
        y = truth + np.sqrt(true.var() / SNR) * rng.normal(size=N)
        basis = OrthonormalGroups(GROUPS).fit(X)
        Z, new = basis.transform(X), basis.transform(fresh)
        full = np.linalg.lstsq(Z, y - y.mean(), rcond=None)[0]
        variance = N / (N - 1 - np.linalg.matrix_rank(Z)) * np.mean((y - y.mean() - Z @ full) ** 2)
        grouped = _by_cp(Z, y, GroupLasso(groups=GROUPS), variance, _group_freedom(full))
        scale = np.maximum(X.std(axis=0), 1e-12)  # a level that nobody has
        as_coded = _by_cp((X - X.mean(axis=0)) / scale, y, L1(), variance, np.count_nonzero)
        orthonormal = _by_cp(Z, y, L1(), variance, np.count_nonzero)
        fits = {
            "group lasso": new @ grouped,
            "lasso": (fresh - X.mean(axis=0)) / scale @ as_coded,
            "lasso, orthonormal": new @ orthonormal,
            "least squares": new @ full,
        }
        found = {name: float(np.mean((f + y.mean() - true) ** 2)) for name, f in fits.items()}
        kept = np.linalg.norm(grouped.reshape(FACTORS, 2), axis=1)
        return found | {"factors": int(np.count_nonzero(kept))}

    def rows(self, records):
        found = {name: self.values(records, *self.settings, name) for name in PUBLISHED}
        for name, values in found.items():
            yield Row(name, name, "model error", "1", values, PUBLISHED[name])
        kept = self.values(records, *self.settings, "factors")
        yield Row("factors kept", "group lasso", "size", "factors", kept)
        for low, high in (("group lasso", "lasso"), ("lasso", "least squares")):
            gate = Gate(None, 0.0, self.seeds)
            name = f"{low} - {high}"
            yield against(name, found[low], found[high], metric="error", gate=gate)
        yield Row(
            "least squares / group lasso",
            "ratio of means",
            "ratio of errors",
            "1",
            _ratio(found["least squares"], found["group lasso"]),
            gate=Gate(3.5, 7.0),
        )


def _ratio(above, below):
    """The ratio of two means, as a tuple of one; None where a seed failed."""
    if None in above or None in below:
        return (None,)
    return (float(np.mean(above) / np.mean(below)),)


def _drawn(rng, n):
    """Dummies ``(n, 30)`` and what they predict ``(n,)``."""
    latent = rng.multivariate_normal(np.zeros(FACTORS), CORRELATION, size=n, method="cholesky")
    level = (latent > -0.4307).astype(int) + (latent > 0.4307)  # the terciles of N(0, 1)
    X = np.stack([level == 1, level == 0], axis=2).reshape(n, -1).astype(float)
    truth = sum(X[:, [2 * j, 2 * j + 1]] @ effect for j, effect in EFFECTS.items())
    return X, truth


def _by_cp(Z, y, penalty, variance, freedom):
    """The coefficients ``(d,)`` with the smallest ``|y - fit|^2 / variance - n + 2 df``."""
    gradient = Z.T @ (y - y.mean()) / N
    top = penalty.alpha_max(gradient[:, None])
    penalties = [penalty.replace(alpha=float(top * part)) for part in PARTS]
    fits = [W[:, 0] for W in path(Tasks.from_arrays(Z, y - y.mean()), penalties)]
    costs = [np.sum((y - y.mean() - Z @ w) ** 2) / variance + 2 * freedom(w) for w in fits]
    return fits[int(np.argmin(costs))]


def _group_freedom(full):
    """Degrees of freedom of the paper: a factor counts 1, and what was not shrunk away of it."""
    most = np.maximum(np.linalg.norm(full.reshape(FACTORS, 2), axis=1), 1e-300)

    def freedom(w):
        length = np.linalg.norm(w.reshape(FACTORS, 2), axis=1)
        return np.count_nonzero(length) + float(np.sum(length / most))

    return freedom
