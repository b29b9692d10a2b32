"""Tasks with planted correlations of both signs: a relationship network against ridge."""

import numpy as np

from polytask import Tasks
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against
from polytask.reproduce.trace_norm_nets import apart, error, ridge

D, OUTPUTS, ROWS, NOISE = 20, 3, 12, 0.5
SIGNS = (0.9, -0.9)
RIDGES = (0.001, 0.01, 0.03, 0.1, 0.3)
POOLED = (0.01, 0.1, 0.3, 1.0)
STRENGTHS = (0.1, 0.03, 0.01)
RATE, MOMENTUM, STEPS, EVERY = 0.1, 0.9, 500, 20


class RelationshipNets(Simulation):
    """Does the learnt task covariance help, and has it the right signs?

    Examples
    --------
    >>> RelationshipNets().settings
    ('planted',)
    """

    name = "relationship-nets"
    chapter = "sharing"
    paper = (
        "Long, Cao, Wang, Yu. Learning multiple tasks with multilinear relationship networks. NIPS "
        "2017 (its tables are of pictures in four domains, which are not at hand; the claim: tasks "
        "that relate help each other, and the relation is seen)."
    )
    protocol = (
        "Five linear tasks, 20 inputs to 3 outputs, 12 rows each, Gaussian inputs, noise 0.5; "
        "every weight is drawn for the five tasks at once with correlations .9 within {1, 2, 3}, "
        "-.9 between 4 and 5, 0 across. RelationshipNetwork without trunk, task covariance alone, "
        "ridge 0.01, renewed every 20 of 500 steps of gradient descent with momentum .9; ridge per "
        "task and one ridge for all tasks in closed form. A row with 3 outputs is 3 rows with one, "
        "which is the same model where only tasks have a covariance. Error: |W - W*|^2 / |W*|^2, "
        "each method at the strength that is best on average. 20 draws. Gates: at most .6 of "
        "ridge's error, signs right in every draw. --quick: two draws."
    )
    settings = ("planted",)
    seeds, few = 20, 2

    def measure(self, setting, rng):
        data, W = drawn(rng)
        tables = [data.table(name)[:2] for name in data.names]
        X, y = data.X, np.concatenate([labels for _, labels in tables])
        alone = [np.column_stack([ridge(A, b, s) for A, b in tables]) for s in RIDGES]
        fitted = [_related(data, strength) for strength in STRENGTHS]
        return {
            "ridge": [error(V, W) for V in alone],
            "pooled": [error(ridge(X, y, s)[:, None], W) for s in POOLED],
            "related": [error(V, W) for V, _ in fitted],
            **{
                name: [float(relation[pair]) for _, relation in fitted]
                for name, pair in PAIRS.items()
            },
            "signs": [
                float(relation[0, 1] > 0 and relation[0, 2] > 0 and relation[3, 4] < 0)
                for _, relation in fitted
            ],
        }

    def rows(self, records):
        found = {
            key: self.at_best(records, "planted", key) for key in ("ridge", "pooled", "related")
        }
        names = {"ridge": "ridge", "pooled": "one ridge for all", "related": METHOD}
        for key, values in found.items():
            yield Row(key, names[key], "error", "of |W|^2", values)
        name = "related / ridge"
        gate = Gate(None, 0.6, quick=True)
        yield against(name, found["related"], found["ridge"], metric="error", ratio=True, gate=gate)
        for key in PAIRS:
            values = self.at_best(records, "planted", key, by="related")
            yield Row(f"correlation, {key}", METHOD, "correlation", "", values)
        signs = self.at_best(records, "planted", "signs", by="related")
        yield Row("signs", METHOD, "right", "share of draws", signs, gate=Gate(1.0, quick=True))


PAIRS = {"tasks 1 and 2": (0, 1), "tasks 4 and 5": (3, 4), "tasks 1 and 4": (0, 3)}
METHOD = "RelationshipNetwork((), strength=strength)"


def correlations():
    """What is planted ``(5, 5)``."""
    C = np.zeros((5, 5))
    C[:3, :3], C[3:, 3:] = SIGNS
    np.fill_diagonal(C, 1.0)
    return C


def drawn(rng):
    """The tasks, and their weights ``(D OUTPUTS, 5)``."""
    W = rng.normal(size=(D * OUTPUTS, 5)) @ np.linalg.cholesky(correlations()).T
    tables = {}
    for t in range(5):
        X = rng.normal(size=(ROWS, D))
        Y = X @ W[:, t].reshape(D, OUTPUTS) + NOISE * rng.normal(size=(ROWS, OUTPUTS))
        tables[f"t{t}"] = (apart(X, OUTPUTS), Y.ravel())
    return Tasks.stack(tables), W


def _related(data, strength):
    """Weights ``(d, T)`` and the learnt correlations ``(T, T)``."""
    from polytask import deep
    from polytask.deep.train import Stream, descent

    sharing = deep.RelationshipNetwork((), strength=strength, ridge=0.01, every=EVERY)
    with Stream(0):
        net = sharing.build(data.tasks, data.n_features)
    optimizer = descent(net, RATE, momentum=MOMENTUM)
    steps = {"epochs": STEPS, "batch_size": data.n_rows, "optimizer": optimizer}
    for _ in deep.steps(net, data, **steps):
        pass
    return net.heads.stacks()["weight"][:, 0].detach().numpy().T, net.relation()[0]
