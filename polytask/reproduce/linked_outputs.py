"""Outputs in blocks, linked where their labels correlate: who finds the planted coefficients?"""

import numpy as np
from sklearn.metrics import roc_auc_score

from polytask import Tasks
from polytask.linear import L1, L21, GraphFused
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against, path

N, D, BLOCKS, SIZE = 50, 60, 3, 4
T = BLOCKS * SIZE
EACH, EFFECT, NOISE = 4, 0.5, 1.0  # features of a block, what each of them does
STRENGTHS = tuple(float(a) for a in np.geomspace(0.4, 0.04, 10))
RATIOS = (1.0, 0.3)
ABOVE = 0.3  # correlation of labels that makes an edge
SPECIFIC = 0.95
METHODS = ("graph", "lasso", "L21")


class LinkedOutputs(Simulation):
    """Sensitivity and specificity of the graph-guided fused lasso, the lasso and L1/L2.

    Examples
    --------
    >>> LinkedOutputs().seeds
    20
    """

    name = "linked-outputs"
    chapter = "linear"
    paper = (
        "Chen, Kim, Lin, Carbonell, Xing. Graph-structured multi-task regression and an efficient "
        "optimization method for general fused lasso. 2010 (the claim: associations are found with "
        "higher sensitivity and specificity; its curves are not known here as numbers)."
    )
    protocol = (
        "Twelve outputs in three blocks of four, 60 Gaussian inputs, 50 rows, noise 1; the outputs "
        "of a block need the same four features with coefficient 0.5. Edges between outputs whose "
        "labels correlate beyond 0.3, ratio 1 or 0.3. Sizes of coefficients are held against "
        "planted zeros: area under the curve of sensitivity against specificity, and sensitivity "
        "at specificity 0.95; every method at the one strength with the smallest mean of "
        "|W - W*|_F^2 over the seeds. 20 seeds. --quick: four seeds."
    )
    settings = ("three blocks",)
    seeds, few = 20, 4

    def measure(self, setting, rng):
        data, W = planted(rng)
        graph = GraphFused.from_outputs(data, above=ABOVE)
        methods = {
            "graph": [graph.replace(alpha=a, ratio=r) for r in RATIOS for a in STRENGTHS],
            "lasso": [L1(a) for a in STRENGTHS],
            "L21": [L21(a * T**0.5) for a in STRENGTHS],
        }
        found = {}
        for name, penalties in methods.items():
            fits = list(path(data, penalties))
            found[f"{name} error"] = [float(np.sum((V - W) ** 2)) for V in fits]
            found[f"{name} area"] = [float(roc_auc_score(W.ravel() != 0, _sizes(V))) for V in fits]
            found[f"{name} sensitivity"] = [_sensitivity(V, W) for V in fits]
        return found

    def rows(self, records):
        units = {"error": "1", "area": "1", "sensitivity": "share of planted"}
        for key, unit in units.items():
            found = {name: self._best(records, name, key) for name in METHODS}
            for name, values in found.items():
                yield Row(f"{name}, {key}", name, key, unit, values)
            for other in METHODS[1:] if key != "error" else ():
                gate = Gate(0.0, None, quick=True)
                name = f"graph - {other}, {key}"
                yield against(name, found["graph"], found[other], metric=key, gate=gate)

    def _best(self, records, name, key):
        return self.at_best(records, *self.settings, f"{name} {key}", by=f"{name} error")


def planted(rng):
    """The table and its coefficients ``(d, T)``."""
    order = rng.permutation(D)
    W = np.zeros((D, T))
    for block in range(BLOCKS):
        rows = order[block * EACH : (block + 1) * EACH]
        W[np.ix_(rows, np.arange(SIZE) + block * SIZE)] = EFFECT
    X = rng.normal(size=(N, D))
    return Tasks.from_arrays(X, X @ W + NOISE * rng.normal(size=(N, T))), W


def _sizes(V):
    return np.abs(V).ravel()


def _sensitivity(V, W):
    """Share of planted coefficients that are larger than all but 5 % of the others."""
    planted = W.ravel() != 0
    cut = np.quantile(_sizes(V)[~planted], SPECIFIC)
    return float(np.mean(_sizes(V)[planted] > cut))
