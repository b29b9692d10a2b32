"""Two tasks that turn away from each other: what hard sharing and experts lose."""

import numpy as np

from polytask import Tasks
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

D, N, TEST = 30, 2000, 2000
SINES, NOISE = 5, 0.1
COSINES = (1.0, 0.5, 0.0)
NETS = ("hard sharing", "MMoE", "separate nets")


class TaskCorrelation(Simulation):
    """Error of two sinusoidal tasks whose weights have a given cosine.

    Examples
    --------
    >>> TaskCorrelation().settings
    ('sines',)
    """

    name = "task-correlation"
    chapter = "sharing"
    paper = (
        "Ma, Zhao, Yi, Chen, Hong, Chi. Modeling task relationships in multi-task learning with "
        "multi-gate mixture-of-experts. KDD 2018, sections 3.2 and 5 (figures without numbers): "
        "hard sharing loses as the tasks' correlation falls, the mixture loses less."
    )
    protocol = (
        "y_t = w_t'x + sum_i sin(a_i w_t'x + b_i) + 0.1 e over five sines, x in 30 dimensions, a "
        "and b normal, |w_t| = 1 and cos(w_1, w_2) = 1, 0.5, 0. Within a draw only w_2 differs: "
        "directions, sines, inputs and noise are the same at every cosine. 2,000 rows to train on, "
        "2,000 to test; error as a share of the variance of the labels, mean of both tasks. One "
        "shared layer of 113 units, 8 experts of 16, or a layer of 56 per task, and a tower of 8 "
        "per task: about 5,000 weights each. AdamW at 3e-3 without decay, batches of 128, 30 "
        "epochs. The paper does not print its constants, nor its numbers. 'Loss' is the logarithm "
        "of the error over that at cosine 1, draw by draw, since draws differ a hundredfold. "
        "Ten draws. Bound: nets explain half of the variance on average. --quick: one draw."
    )
    settings = ("sines",)
    seeds, few = 10, 1

    def measure(self, setting, rng):
        seed, found = int(rng.integers(2**31)), {}
        for cosine, data, test in drawn(rng):
            for name, model in models(seed).items():
                model.fit(data)
                found[f"{name} {cosine}"] = error(model, test)
        return found

    def rows(self, records):
        values = {
            (name, cosine): self.values(records, "sines", f"{name} {cosine}")
            for name in NETS
            for cosine in COSINES
        }
        for (name, cosine), each in values.items():
            gate = Gate(None, 0.5, self.seeds)
            yield Row(f"{name}, cosine {cosine}", name, "error", "of variance", each, gate=gate)
        lost = {
            (name, cosine): _logs(values[name, cosine], values[name, 1.0])
            for name in NETS
            for cosine in COSINES[1:]
        }
        for (name, cosine), each in lost.items():
            yield Row(f"loss of {name}, cosine {cosine}", name, "log ratio", "", each)
        for cosine in COSINES[1:]:
            pair = lost["hard sharing", cosine], lost["MMoE", cosine]
            yield against(f"hard sharing loses more, cosine {cosine}", *pair, metric="loss")


def drawn(rng):
    """Training and test tables at every cosine, from one draw of all else."""
    u = np.linalg.qr(rng.normal(size=(D, 2)))[0]
    a, b = rng.normal(size=SINES), rng.normal(size=SINES)
    X = rng.normal(size=(N + TEST, D))
    noise = NOISE * rng.normal(size=(N + TEST, 2))
    for cosine in COSINES:
        W = np.column_stack([u[:, 0], cosine * u[:, 0] + np.sqrt(1 - cosine**2) * u[:, 1]])
        Z = X @ W
        Y = Z + np.sin(a * Z[..., None] + b).sum(-1) + noise
        yield cosine, Tasks.from_arrays(X[:N], Y[:N]), Tasks.from_arrays(X[N:], Y[N:])


def models(seed):
    """The nets of the table, a dict."""
    from polytask import deep

    tower = deep.mlp(8)
    sharings = {
        "hard sharing": deep.MMoE(deep.mlp(113), experts=1, tower=tower),
        "MMoE": deep.MMoE(deep.mlp(16), experts=8, tower=tower),
        "separate nets": deep.PLE((deep.mlp(56),), own=1, shared=0, tower=tower),
    }
    options = {"epochs": 30, "batch_size": 128, "weight_decay": 0.0, "random_state": seed}
    return {name: deep.DeepModel(one, patience=30, **options) for name, one in sharings.items()}


def error(model, test):
    """Squared error over the variance of the labels, mean of the tasks."""
    Y = test.Y
    return float(np.mean(np.mean((model.predict(test.X) - Y) ** 2, axis=0) / Y.var(axis=0)))


def _logs(values, others):
    """Logarithms of ratios; None where a piece failed."""
    pairs = zip(values, others, strict=True)
    return tuple(None if a is None or b is None else float(np.log(a / b)) for a, b in pairs)
