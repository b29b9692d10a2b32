"""Molecules in many assays: how the accuracy of a few moves with the number of others."""

from functools import cache

import numpy as np

from polytask.datasets import get
from polytask.independent import Independent
from polytask.report.metrics import auc, average_precision
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

MAIN = 5  # assays of ToxCast that a draw looks at
COMPANIONS = (0, 1, 3, 10, 30, 100, 300)
POSITIVES = 100  # fewer labels of a class say little of an AUC on a quarter of the rows
INACTIVE = 6000  # molecules of MUV without a hit that a draw keeps
ROWS = 2000  # molecules of the quick form
OPTIONS = {"epochs": 20, "patience": 5, "batch_size": 128}
FLOORS = {"few of tox21": Gate(58.0, None, quick=True), "tox21": Gate(65.0, None, quick=True)}
RAMSUNDAR = (
    "Ramsundar, Kearnes, Riley, Webster, Konerding, Pande. Massively multitask networks for drug "
    "discovery. 2015, section 4"
)


class Companions(Simulation):
    """AUC of five assays of ToxCast beside 0 to 300 others.

    Examples
    --------
    >>> Companions().settings
    ('few molecules', 'all molecules')
    """

    name = "toxcast-companions"
    chapter = "sharing"
    paper = (
        f"{RAMSUNDAR}.2: on 259 assays of other collections, ten held-in assays gain with the "
        "number of further ones, most up to a few hundred, and level off later."
    )
    protocol = (
        "ToxCast: 8,615 molecules, 1,024 ECFP4 bits, 617 assays, 71 % of the labels missing. A "
        "draw takes five assays with at least 100 labels of either class, an order of the other "
        "assays, and a quarter of the molecules for testing, scaffolds kept together; nets with "
        "0, 1, 3, 10, 30, 100 and 300 companions, each with those of the smaller ones, see the "
        "same training molecules. DeepModel's defaults, one hard-shared net, at most 20 epochs, "
        "patience 5 on the mean loss, batches of 128. Mean AUC of the five assays on test "
        "molecules. Few molecules: 2,000 of the 8,615, and no more than 10 companions. Five draws. "
        "Bound: the AUC of the five alone is at least 55 %, which says that they were learnt; the "
        "claim stands as it comes. --quick: one draw of few molecules."
    )
    settings = ("few molecules", "all molecules")
    seeds, few = 5, 1

    def pieces(self, quick):
        """The quick form has the small table only."""
        found = super().pieces(quick)
        return [one for one in found if not quick or one.name.startswith("few")]

    def measure(self, setting, rng):
        small = setting == "few molecules"
        data = molecules("toxcast")
        if small:
            data = data.take(np.sort(rng.permutation(data.n_rows)[:ROWS]))
        order, seed = _assays(data, rng), int(rng.integers(2**31))
        train, test = data.split(0.25, seed=seed, by="group")
        main = order[:MAIN]
        return {
            f"{count} companions": 100
            * _mean(auc, _net(seed).fit(train.keep(*order[: MAIN + count])), test.keep(*main))
            for count in COMPANIONS
            if not small or count <= 10
        }

    def rows(self, records):
        for setting in self.settings:
            alone = self.values(records, setting, "0 companions")
            for count in COMPANIONS:
                values = self.values(records, setting, f"{count} companions")
                if not values or all(one is None for one in values):
                    continue
                gate = None if count else Gate(55.0, None, quick=True)
                name = f"{setting}, {count} companions"
                yield Row(name, "hard sharing", "AUC", "%", values, gate=gate)
                if count:
                    yield against(f"{name} - none", values, alone, metric="AUC")


class Assays(Simulation):
    """All assays of Tox21 and of MUV in one net, against a net each.

    Examples
    --------
    >>> Assays().settings
    ('few of tox21', 'tox21', 'muv')
    """

    name = "assays-together"
    chapter = "sharing"
    paper = (
        f"{RAMSUNDAR}.1, where multi-task nets are ahead of single-task ones on MUV and Tox21; Wu "
        "et al. MoleculeNet. Chemical Science 9, 2018, where they are, and on scaffolds less so."
    )
    protocol = (
        "1,024 ECFP4 bits; a quarter of the molecules for testing, scaffolds kept together. Tox21: "
        "8,014 molecules, 12 assays, mean AUC. MUV: all molecules that are active in one of the 17 "
        "screens and 6,000 others, so that precision is above that of the whole collection; mean "
        "average precision. DeepModel's defaults, at most 20 epochs, patience 5, batches of 128: "
        "one net for all tasks, and a net per task. Few of Tox21: 2,000 of its molecules. Five "
        "draws. Bound: AUC of Tox21 at least 65 % by the joint net, 58 % from few, which says that "
        "it learns; the comparison stands as it comes. --quick: one draw of few."
    )
    settings = ("few of tox21", "tox21", "muv")
    seeds, few = 5, 1

    def pieces(self, quick):
        """The quick form has the small table only."""
        found = super().pieces(quick)
        return [one for one in found if not quick or one.name.startswith("few")]

    def measure(self, setting, rng):
        data, seed = _kept(setting, rng), int(rng.integers(2**31))
        train, test = data.split(0.25, seed=seed, by="group")
        metric = average_precision if setting == "muv" else auc
        models = {"together": _net(seed), "a net each": Independent(_net(seed))}
        return {name: 100 * _mean(metric, one.fit(train), test) for name, one in models.items()}

    def rows(self, records):
        for setting in self.settings:
            metric = "average precision" if setting == "muv" else "AUC"
            values = [self.values(records, setting, key) for key in ("together", "a net each")]
            if not values[0]:
                continue
            gate = FLOORS.get(setting)
            yield Row(f"{setting}, together", "hard sharing", metric, "%", values[0], gate=gate)
            yield Row(f"{setting}, a net each", "separate nets", metric, "%", values[1])
            yield against(f"{setting}, together - a net each", *values, metric=metric)


@cache
def molecules(name):
    """The table of a collection."""
    return get(name).load()


def _kept(setting, rng):
    data = molecules(setting.split()[-1])
    order = rng.permutation(data.n_rows)
    if setting == "muv":
        active = np.flatnonzero(np.nanmax(data.Y, axis=1, initial=0.0) == 1)
        others = order[~np.isin(order, active)][:INACTIVE]
        return data.take(np.sort(np.concatenate([active, others])))
    return data.take(np.sort(order[:ROWS])) if setting.startswith("few") else data


def _assays(data, rng):
    """Names of the assays: five with labels enough of either class, then all others as drawn."""
    positive = np.array([(one.y == 1).sum() for one in data])
    rich = np.minimum(positive, data.n_labels - positive) >= POSITIVES
    order = rng.permutation(data.n_tasks)
    main = [t for t in order if rich[t]][:MAIN]
    return [data.names[t] for t in (*main, *(t for t in order if t not in main))]


def _net(seed):
    from polytask import deep

    return deep.DeepModel(random_state=seed, **OPTIONS)


def _mean(metric, model, test):
    outputs = model.predict_each(test)
    each = [
        metric(one.y, outputs[one.task.name][:, 1])
        for one in test
        if one.task.name in outputs and len(set(one.y)) > 1
    ]
    return float(np.mean(each))
