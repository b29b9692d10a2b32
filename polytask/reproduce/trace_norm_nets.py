"""Linear tasks of rank two: the trace norm over tasks, learnt by a net, against ridge."""

import numpy as np

from polytask import Tasks
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

D, OUTPUTS, T, RANK = 16, 4, 10, 2
RIDGES = (0.003, 0.01, 0.03, 0.1, 0.3)
STRENGTHS = (1.0, 0.5, 0.25)
RATE, STEPS = 0.4, 400


class TraceNormNets(Simulation):
    """How near are the weights to those that were planted?

    Examples
    --------
    >>> TraceNormNets().settings
    ('n = 10', 'n = 20', 'n = 60')
    """

    name = "trace-norm-nets"
    chapter = "sharing"
    paper = (
        "Yang, Hospedales. Trace norm regularised deep multi-task learning. ICLR workshop 2017 "
        "(its results are curves; the claim: below single-task learning with few rows)."
    )
    protocol = (
        "Ten linear tasks, 16 inputs to 4 outputs, weights of rank two over the tasks, Gaussian "
        "inputs, noise 1, n = 10, 20, 60 rows per task. TensorTraceNorm without hidden layers, "
        "form='laf', exact steps, 400 steps of plain gradient descent over all rows; ridge per "
        "task in closed form. A row with 4 outputs is 4 rows with one, so that the 4 x 16 weights "
        "of a task are one column of the tensor, as last-axis flattening has them. Error: "
        "|W - W*|^2 / |W*|^2, each method at the strength that is best on average. 20 draws. "
        "Gate: at most half of ridge's error at n = 10 and 20. --quick: two draws."
    )
    settings = ("n = 10", "n = 20", "n = 60")
    seeds, few = 20, 2

    def measure(self, setting, rng):
        data, W = drawn(rng, int(setting.split()[-1]))
        ridge = [error(_ridge(data, strength), W) for strength in RIDGES]
        fitted = [_laf(data, strength) for strength in STRENGTHS]
        return {
            "ridge": ridge,
            "LAF": [error(V, W) for V, _ in fitted],
            "rank": [rank for _, rank in fitted],
        }

    def rows(self, records):
        for setting in self.settings:
            ridge, laf = (self.at_best(records, setting, key) for key in ("ridge", "LAF"))
            ranks = self.at_best(records, setting, "rank", by="LAF")
            yield Row(f"ridge, {setting}", "ridge", "error", "of |W|^2", ridge)
            yield Row(f"LAF, {setting}", METHOD, "error", "of |W|^2", laf)
            yield Row(f"rank, {setting}", METHOD, "rank", "directions of 10", ranks)
            gate = Gate(None, 0.5, quick=True) if setting != "n = 60" else None
            name = f"LAF / ridge, {setting}"
            yield against(name, laf, ridge, metric="error", ratio=True, gate=gate)


METHOD = "TensorTraceNorm((), heads=strength, step='proximal')"


def drawn(rng, n):
    """The tasks, and their weights ``(D OUTPUTS, T)``."""
    W = rng.normal(size=(D * OUTPUTS, RANK)) @ rng.normal(size=(RANK, T)) / np.sqrt(RANK)
    tables = {}
    for t in range(T):
        X = rng.normal(size=(n, D))
        Y = X @ W[:, t].reshape(D, OUTPUTS) + rng.normal(size=(n, OUTPUTS))
        tables[f"t{t}"] = (apart(X, OUTPUTS), Y.ravel())
    return Tasks.stack(tables), W


def apart(X, outputs):
    """Rows ``(n, d)`` as rows ``(n outputs, d outputs)``: each output sees weights of its own."""
    n, d = X.shape
    return np.einsum("nd,oj->nodj", X, np.eye(outputs)).reshape(n * outputs, d * outputs)


def error(V, W):
    """Relative squared distance of weights."""
    return float(((V - W) ** 2).sum() / (W**2).sum())


def _ridge(data, strength):
    tables = [data.table(name) for name in data.names]
    return np.column_stack([ridge(X, y, strength) for X, y, _ in tables])


def ridge(X, y, strength):
    """Weights ``(d,)`` at the least mean squared error and ``strength / 2 |w|^2``."""
    left = 2 * X.T @ X / len(y) + strength * np.eye(X.shape[1])
    return np.linalg.solve(left, 2 * X.T @ y / len(y))


def _laf(data, strength):
    """Weights ``(d, T)`` and their rank."""
    from polytask import deep
    from polytask.deep.train import Stream, descent

    sharing = deep.TensorTraceNorm((), heads=strength, step="proximal")
    with Stream(0):
        net = sharing.build(data.tasks, data.n_features)
    steps = {"epochs": STEPS, "batch_size": data.n_rows, "optimizer": descent(net, RATE)}
    for _ in deep.steps(net, data, **steps):
        pass
    weights = net.heads.stacks()["weight"][:, 0].detach().numpy().T
    return weights, int(net.couplings()["rank of heads weight"].values[0])
