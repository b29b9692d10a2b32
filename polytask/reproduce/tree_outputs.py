"""Outputs in a tree: who stands together chooses features together."""

import numpy as np

from polytask import Tasks
from polytask.linear import L1, L21, TreeGuided
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against, path

N, D, T, NOISE = 50, 80, 8, 1.0
BLOCK, COMMON = 6, 2  # features of each block of four outputs, and of all
TREE = ((0, 1, 2, 3), (4, 5, 6, 7), tuple(range(T)))
SEPARATE = (0.2, 0.2, 0.8)
STRENGTHS = tuple(float(a) for a in np.geomspace(1.5, 0.05, 18))
METHODS = {
    "tree": TreeGuided(tree=TREE, separate=SEPARATE),
    "L21": L21(),
    "lasso": L1(),
}


class TreeOutputs(Simulation):
    """Excess test error of the tree-guided group lasso, the group lasso and the lasso.

    Examples
    --------
    >>> TreeOutputs().seeds
    20
    """

    name = "tree-outputs"
    chapter = "linear"
    paper = (
        "Kim, Xing. Tree-guided group lasso for multi-response regression with structured "
        "sparsity. Annals of Applied Statistics 6, 2012 (the claim: lower test error than lasso "
        "and L1/L2; the numbers of its simulation are not known here)."
    )
    protocol = (
        "Eight outputs in two blocks of four; 80 Gaussian inputs, 50 rows, noise 1. Each block "
        "needs six features of its own, and all outputs two more; coefficients 1 or -1 (with "
        "N(0, 1) the tree is as much ahead, and L1/L2 level with the lasso). Shares of the tree: "
        "0.2 in the blocks, 0.8 at the root. Excess error: |W - W*|_F^2 / T, which is the test "
        "error beyond the noise for such inputs, every method at the one strength with the "
        "smallest mean over the seeds. 20 seeds. --quick: five seeds."
    )
    settings = ("two blocks",)
    seeds, few = 20, 5

    def measure(self, setting, rng):
        data, W = planted(rng)
        return {
            name: [
                float(np.sum((V - W) ** 2) / T)
                for V in path(data, [penalty.replace(alpha=a) for a in STRENGTHS])
            ]
            for name, penalty in METHODS.items()
        }

    def rows(self, records):
        found = {name: self.at_best(records, *self.settings, name) for name in METHODS}
        for name, values in found.items():
            yield Row(name, repr(METHODS[name]), "excess test error", "1", values)
        below = Gate(None, 0.0, quick=True)
        for low, high in (("tree", "L21"), ("L21", "lasso")):
            name = f"{low} - {high}"
            yield against(name, found[low], found[high], metric="error", gate=below)
        best = zip(*found.values(), strict=True)
        best = tuple(None if None in each else float(each[0] == min(each)) for each in best)
        gate = Gate(0.95, None, self.seeds)
        yield Row("tree is best", "tree", "wins", "share of seeds", best, gate=gate)


def planted(rng):
    """The table and its coefficients ``(d, T)``."""
    order = rng.permutation(D)
    W = np.zeros((D, T))
    for block, outputs in enumerate(TREE[:2]):
        rows = order[COMMON + block * BLOCK : COMMON + (block + 1) * BLOCK]
        W[np.ix_(rows, outputs)] = rng.choice([-1.0, 1.0], (BLOCK, len(outputs)))
    W[order[:COMMON]] = rng.choice([-1.0, 1.0], (COMMON, T))
    X = rng.normal(size=(N, D))
    return Tasks.from_arrays(X, X @ W + NOISE * rng.normal(size=(N, T))), W
