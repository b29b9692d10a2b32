"""The group lasso over tasks at the strength that theory chooses, against its bounds."""

import numpy as np

from polytask import Tasks
from polytask.linear import L21
from polytask.linear.theory import lounici_alpha, lounici_bounds
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against, path

D, S, N, SIGMA = 120, 5, 60, 1.0
TASKS = (2, 10, 50)


class SharingTheory(Simulation):
    """Does noise stay below the strength, and the error below its bound?

    Examples
    --------
    >>> SharingTheory().settings
    ('T = 2', 'T = 10', 'T = 50')
    """

    name = "sharing-theory"
    chapter = "linear"
    paper = (
        "Lounici, Pontil, Tsybakov, van de Geer. Taking advantage of sparsity in multi-task "
        "learning. COLT 2009 (theorems 3.1 to 3.3; it has no table)."
    )
    protocol = (
        "T = 2, 10, 50 tasks with 60 rows and 120 Gaussian inputs each, columns scaled to variance "
        "1, five features that all tasks need, coefficients of size 1 to 2 and random sign, noise "
        "1. L21 at lounici_alpha with A = 9. Event: the noise's gradient is nowhere longer than "
        "half of alpha; it is to happen with the probability of the theorem. Error: 1/(nT) sum_t "
        "|X_t (w_t - w*_t)|^2, its bound at kappa = 1 (which flatters the bound). 200 seeds. "
        "--quick: 20 seeds."
    )
    settings = tuple(f"T = {T}" for T in TASKS)
    seeds, few = 200, 20

    def measure(self, setting, rng):
        T = int(setting.split()[-1])
        X, W, noise = _drawn(rng, T)
        Y = np.einsum("tnd,dt->tn", X, W) + noise
        alpha = lounici_alpha(SIGMA, N, tasks=T, features=D)
        data = Tasks.stack({f"t{t}": (X[t], Y[t]) for t in range(T)})
        (V,) = path(data, [L21(alpha)])
        error = float(np.mean(np.einsum("tnd,dt->tn", X, V - W) ** 2))
        bounds = lounici_bounds(SIGMA, N, tasks=T, features=D, support=S)
        noise_alone = np.linalg.norm(np.einsum("tnd,tn->dt", X, noise) / N, axis=1).max()
        return {
            "event": float(noise_alone <= alpha / 2),
            "error": error,
            "below": float(error <= bounds.prediction),
            "kept": int(V.any(axis=1).sum()),
            "exact": float(np.array_equal(V.any(axis=1), W.any(axis=1))),
        }

    def rows(self, records):
        for T, setting in zip(TASKS, self.settings, strict=True):
            bounds = lounici_bounds(SIGMA, N, tasks=T, features=D, support=S)
            promised = max(0.0, float(f"{bounds.probability:.4f}"))
            gates = {
                "event": ("share of seeds", Gate(promised, None, self.seeds)),
                "error": ("noise variances", Gate(None, bounds.prediction, quick=True)),
                "below": ("share of seeds", Gate(1.0, None, quick=True)),
                "kept": ("features", None),
                "exact": ("share of seeds", Gate(1.0, None, quick=True) if T >= 10 else None),
            }
            for key, (unit, gate) in gates.items():
                values = self.values(records, setting, key)
                name = f"{WORDS[key]}, {setting}"
                yield Row(name, "L21(lounici_alpha)", key, unit, values, gate=gate)
        many, some = (self.values(records, f"T = {T}", "error") for T in (50, 10))
        gate = Gate(0.4, 0.65, quick=True)
        yield against("error at T = 50 / T = 10", many, some, metric="error", ratio=True, gate=gate)


WORDS = {
    "event": "noise below alpha / 2",
    "error": "prediction error",
    "below": "error below its bound",
    "kept": "features kept",
    "exact": "exactly the five",
}


def _drawn(rng, T):
    """Inputs ``(T, n, d)``, coefficients ``(d, T)`` and noise ``(T, n)``."""
    X = rng.normal(size=(T, N, D))
    X /= np.sqrt(np.mean(X**2, axis=1, keepdims=True))
    W = np.zeros((D, T))
    rows = rng.choice(D, S, replace=False)
    W[rows] = rng.uniform(1, 2, (S, T)) * rng.choice([-1.0, 1.0], (S, T))
    return X, W, SIGMA * rng.normal(size=(T, N))
