"""Thin nets that branch: rows that stand for all, planted groups of tasks, exact copies."""

import numpy as np
from sklearn.metrics import adjusted_rand_score

from polytask import Tasks
from polytask.ops.somp import somp
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

UNITS, INPUTS, RANK, NOISE, PICKS = 32, 40, 6, 0.05, 8
GROUPS = np.repeat([0, 1, 2], 3)
D, ROWS, THIN, SAME = 20, 600, 6, 14
FIRST, MORE, BATCH, RATE = 20, 40, 100, 0.02


class AdaptiveSharing(Simulation):
    """Are planted groups of tasks found from what is hard for each, and what does it bring?

    Examples
    --------
    >>> AdaptiveSharing().settings
    ('rows', 'groups')
    """

    name = "adaptive-sharing"
    chapter = "sharing"
    paper = (
        "Lu, Kumar, Zhai, Cheng, Javidi, Feris. Fully-adaptive feature sharing in multi-task "
        "networks with applications in person attribute classification. CVPR 2017 (its tables are "
        "of faces and clothes with VGG-16, which are not at hand; the claims: a thin start by SOMP "
        "is near the wide net, tasks that belong together are found, copies change nothing)."
    )
    protocol = (
        "Rows: a 32 x 40 matrix of rank 6 with noise 0.05; relative error after 1 to 8 picks by "
        "SOMP, beside random rows and the best matrix of that rank. Groups: 9 binary tasks in 3 "
        "planted groups, each group on two directions of 20 Gaussian inputs, half of the rows "
        "positive; 600 rows to learn, 600 to test; one layer of 6 units, AdamW, batches of 100; 20 "
        "epochs together, branching, 40 epochs more. Accuracy is the mean over tasks of: 6 shared "
        "units; 14 shared units (the number of parameters of the branched net); the planted "
        "branches from the start; three branches by affinity; as many as stability says. Gates: "
        "error at 6 picks, adjusted Rand index with three branches given, no answer changed. "
        "Accuracies are reported. 8 draws. --quick: one draw."
    )
    settings = ("rows", "groups")
    seeds, few = 8, 1

    def measure(self, setting, rng):
        return _picked(rng) if setting == "rows" else _grouped(rng)

    def rows(self, records):
        take = lambda setting, key: self.values(records, setting, key)  # noqa: E731  one word
        at = {
            key: [_each(take("rows", key), k) for k in range(PICKS)]
            for key in ("SOMP", "random", "bound")
        }
        for k in (1, 3, 5, 6, 8):
            gate = Gate(None, 0.05, quick=True) if k == RANK else None
            yield Row(
                f"SOMP, {k} picks", "somp(W, k)", "error", "of |W|", at["SOMP"][k - 1], gate=gate
            )
        for other in ("random", "bound"):
            name = f"SOMP / {other}, 6 picks"
            yield against(name, at["SOMP"][5], at[other][5], metric="error", ratio=True)
        rand, changed = take("groups", "rand"), take("groups", "changed")
        yield Row("three branches", NAME, "adjusted Rand", "", rand, gate=Gate(0.7, quick=True))
        yield Row(
            "the split", NAME, "answers changed", "", changed, gate=Gate(0.0, 0.0, quick=True)
        )
        stable = take("groups", "branches by stability")
        yield Row("branches by stability", "FullyAdaptive", "branches", "of 3", stable)
        for key, method in METHODS.items():
            yield Row(key, method, "accuracy", "", take("groups", key))
        for other in ("6 shared units", "14 shared units", "planted branches"):
            pair = (take("groups", "three branches"), take("groups", other))
            yield against(f"three branches - {other}", *pair, metric="accuracy")


NAME = "FullyAdaptive(mlp(6), branches=3)"
METHODS = {
    "6 shared units": "HardSharing(mlp(6))",
    "14 shared units": "HardSharing(mlp(14))",
    "planted branches": "FullyAdaptive(mlp(6)), the tree given",
    "three branches": NAME,
    "by stability": "FullyAdaptive(mlp(6))",
}


def _each(lists, k):
    return tuple(None if one is None else one[k] for one in lists)


def _picked(rng):
    """Errors after 1 to 8 picks."""
    W = rng.normal(size=(UNITS, RANK)) @ rng.normal(size=(RANK, INPUTS))
    W += NOISE * rng.normal(size=W.shape)
    values, order = np.linalg.svd(W, compute_uv=False), rng.permutation(UNITS)
    size = np.linalg.norm(W)
    picks = range(1, PICKS + 1)
    return {
        "SOMP": [_left(W, *somp(W, k)) / size for k in picks],
        "random": [_left(W, order[:k], W @ np.linalg.pinv(W[order[:k]])) / size for k in picks],
        "bound": [float(np.linalg.norm(values[k:]) / size) for k in picks],
    }


def _left(W, rows, A):
    return float(np.linalg.norm(W - A @ W[rows]))


def drawn(rng):
    """Nine tasks in three groups: training and test part."""
    X = rng.normal(size=(2 * ROWS, D))
    directions = 2 / np.sqrt(D) * rng.normal(size=(3, D, 2))
    columns = []
    for group in GROUPS:
        a, b = np.tanh(X @ directions[group]).T
        mix = np.array([2.0, 0.5, 0.5]) + 0.4 * rng.normal(size=3)
        score = mix @ np.array([a * b, a, b]) + 0.1 * rng.normal(size=len(X))
        columns.append(score > np.median(score))
    names = [f"t{t}" for t in range(len(GROUPS))]
    kinds = dict.fromkeys(names, "binary")
    Y = np.column_stack(columns).astype(float)
    return tuple(
        Tasks.from_arrays(X[part], Y[part], names=names, kinds=kinds)
        for part in (slice(0, ROWS), slice(ROWS, None))
    )


def _grouped(rng):
    """Groups that are found, and accuracies."""
    from polytask import deep

    train, test = drawn(rng)
    adaptive = deep.FullyAdaptive(deep.mlp(THIN), branches=3, every=FIRST)
    three, changed = _branched(adaptive, train)
    free, _ = _branched(adaptive.replace(branches="stability"), train)
    nets = {
        "6 shared units": _trained(_built(deep.HardSharing(deep.mlp(THIN)), train), train),
        "14 shared units": _trained(_built(deep.HardSharing(deep.mlp(SAME)), train), train),
        "planted branches": _trained(_planted(adaptive, train), train),
        "three branches": three,
        "by stability": free,
    }
    return {
        "rand": float(adjusted_rand_score(GROUPS, _tree(three))),
        "changed": float(changed),
        "branches by stability": float(_tree(free).max() + 1),
        **{key: _accuracy(net, test) for key, net in nets.items()},
    }


def _built(sharing, data):
    from polytask.deep.train import Stream

    with Stream(0):
        return sharing.build(data.tasks, data.n_features)


def _trained(net, data, epochs=FIRST + MORE):
    from polytask import deep

    for _ in deep.steps(net, data, epochs=epochs, batch_size=BATCH, learning_rate=RATE):
        pass
    return net.eval()


def _planted(sharing, data):
    """A net that stands on the planted tree from the start, and does not branch further."""
    net = _built(sharing.replace(every=FIRST + MORE + 1), data)
    net.set_extra_state(GROUPS[:, None])
    return net


def _branched(sharing, data):
    """A net that branches after the first epochs, and how many of its answers that changed."""
    from polytask.deep.data import Table
    from polytask.deep.train import Stream

    net = _trained(_built(sharing, data), data, FIRST - 1)
    source = Table.of(data, next(net.parameters()))
    before = net(source.X)
    with Stream(0):
        net.after_epoch(FIRST, source)
    after = net.eval()(source.X)
    changed = sum(int((before[name] != after[name]).sum()) for name in before)
    return _trained(net, data, MORE + 1), changed


def _tree(net):
    return net.couplings()["tree"].values[:, 0]


def _accuracy(net, data):
    from polytask.deep.data import Table

    source = Table.of(data, next(net.parameters()))
    outputs = net(source.X)
    right = [(outputs[n][:, 0] > 0) == (source.Y[:, t] > 0) for t, n in enumerate(data.names)]
    return float(np.mean([one.double().mean().item() for one in right]))
