"""Torques of a robot arm: seven tasks in one net, in a net each, and in ridge."""

import numpy as np

from polytask.datasets import get
from polytask.independent import Independent
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against

TEST = 1000
METHODS = ("one net", "a net each", "ridge")


class RobotArm(Simulation):
    """Error of seven torques from 250 to 3,000 moments.

    Examples
    --------
    >>> RobotArm().settings
    ('250 rows', '1000 rows', '3000 rows')
    """

    name = "sarcos"
    chapter = "sharing"
    paper = (
        "Chai, Williams, Klanke, Vijayakumar. Multi-task Gaussian process learning of robot "
        "inverse dynamics. NeurIPS 2008; the claim there, for load contexts, is that tasks help "
        "each other where rows are few. No number of theirs compares: the training file has no "
        "public copy."
    )
    protocol = (
        "The official test file of SARCOS, 4,449 moments, 21 inputs: 1,000 drawn for testing and "
        "250, 1,000 or 3,000 for training; neighbours on a trajectory stand on both sides, so this "
        "interpolates. DeepModel's defaults for all seven torques in one net and in a net each; "
        "ridge of scikit-learn with its default. Mean over torques of the squared error over its "
        "variance on test rows. Five draws. Bound: one net from 1,000 rows at most .12; what "
        "sharing brings stands as it comes. --quick: one draw, 250 rows."
    )
    settings = ("250 rows", "1000 rows", "3000 rows")
    seeds, few = 5, 1

    def pieces(self, quick):
        """The quick form is the smallest table."""
        found = super().pieces(quick)
        return [one for one in found if not quick or one.name.startswith("250")]

    def measure(self, setting, rng):
        from polytask import deep

        data, order = get("sarcos").load(), rng.permutation(4449)
        test = data.take(np.sort(order[:TEST]))
        train = data.take(np.sort(order[TEST : TEST + int(setting.split()[0])]))
        net = deep.DeepModel(random_state=int(rng.integers(2**31)))
        models = zip(METHODS, (net, Independent(net), Independent()), strict=True)
        return {name: _error(model.fit(train), test) for name, model in models}

    def rows(self, records):
        for setting in self.settings:
            values = {name: self.values(records, setting, name) for name in METHODS}
            if not values["ridge"]:
                continue
            for name in METHODS:
                bound = {"1000 rows": 0.12, "250 rows": 0.4}.get(setting)
                gate = Gate(None, bound, quick=True) if bound and name == "one net" else None
                yield Row(f"{setting}, {name}", name, "nMSE", "", values[name], gate=gate)
            for other in METHODS[1:]:
                pair = values["one net"], values[other]
                yield against(f"{setting}, one net / {other}", *pair, metric="nMSE", ratio=True)


def _error(model, test):
    found = model.predict(test)
    return float(np.mean(np.mean((found - test.Y) ** 2, axis=0) / np.var(test.Y, axis=0)))
