"""Ten digits, one regression each: dirty model, L1/Linf and lasso on few rows."""

from functools import cache

import numpy as np

from polytask import Tasks
from polytask.datasets import get
from polytask.linear import L1, L1Linf, Split
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, against, path

DIGITS, FOLDS = 10, 3
TOL = 1e-4
ROWS = np.geomspace(0.6, 0.07, 5)  # strengths of L1Linf
ENTRIES = np.geomspace(0.1, 0.01, 5)  # strengths of the lasso
RATIOS = (2.5, 5.0)  # of the two prices of the dirty model; 1 and 10 are its ends
METHODS = {
    "dirty": [Split(L1Linf(float(a)), L1(float(a / r))) for r in RATIOS for a in ROWS],
    "L1Linf": [L1Linf(float(a)) for a in ROWS],
    "lasso": [L1(float(a)) for a in ENTRIES],
}
# Per cent, with all six views of the digits, for 10, 20 and 40 rows per digit.
PUBLISHED = {
    "dirty": (8.6, 3.0, 2.2),
    "L1Linf": (9.9, 3.5, 3.2),
    "lasso": (10.8, 4.1, 2.8),
}
OURS = (12.5, 9.4, 7.6)  # the dirty model on the pixel view, an earlier measurement
NEAR = 1.5


class DigitsSupports(Simulation):
    """Error on the digits that were not trained on.

    Examples
    --------
    >>> DigitsSupports().settings
    ('n 10', 'n 20', 'n 40')
    """

    name = "digits-supports"
    chapter = "linear"
    paper = (
        "Jalali, Ravikumar, Sanghavi, Ruan. A dirty model for multi-task learning. NIPS 2010, "
        "table 1: n = 10, 20, 40: dirty 8.6, 3.0, 2.2 %, L1/Linf 9.9, 3.5, 3.2 %, lasso 10.8, 4.1, "
        "2.8 %, with 649 features of six views."
    )
    protocol = (
        "Multiple-features digits, the view of 240 pixel averages ALONE: the published numbers are "
        "for other features and stand beside ours for the order only. n rows of each digit are "
        "trained on, one regression on 0 and 1 per digit, the largest output names the digit; "
        "error over the other 2000 - 10 n rows. Strengths by 3-fold cross-validation of squared "
        "errors inside the training rows. Ten seeds. Bound: the dirty model "
        "within 1.5 points of an earlier measurement of ours on this view (12.5, 9.4, 7.6 %). "
        "--quick: two seeds, not judged."
    )
    settings = ("n 10", "n 20", "n 40")
    seeds, few = 10, 2

    def measure(self, setting, rng):
        X, y = digits()
        n = int(setting.split()[1])
        order = rng.permutation(len(y))
        of_digit = [order[y[order] == digit][:n] for digit in range(DIGITS)]
        train = np.concatenate(of_digit)
        fold = np.tile(np.arange(n) % FOLDS, DIGITS)
        test = np.setdiff1d(order, train)
        return {
            name: 100 * _chosen(X, y, (train, fold, test), penalties)
            for name, penalties in METHODS.items()
        }

    def rows(self, records):
        for k, setting in enumerate(self.settings):
            found = {name: self.values(records, setting, name) for name in METHODS}
            for name, values in found.items():
                near = Gate(OURS[k] - NEAR, OURS[k] + NEAR, self.seeds)
                gate = near if name == "dirty" else None
                text = f"{name}, {setting}"
                yield Row(text, name, "error", "%", values, PUBLISHED[name][k], gate)
            for other in ("L1Linf", "lasso"):
                name = f"dirty - {other}, {setting}"
                yield against(name, found["dirty"], found[other], metric="error")


@cache
def digits():
    """Pixels ``(2000, 240)`` and digits ``(2000,)``."""
    data = get("mfeat").load()
    return data.X, data.Y.argmax(axis=1)


def _chosen(X, y, parts, penalties):
    """Test error at the penalty with the smallest squared error in cross-validation."""
    train, fold, test = parts
    lost = np.zeros(len(penalties))
    for k in range(FOLDS):
        inside, outside = train[fold != k], train[fold == k]
        truth = _coded(y[outside])
        lost += [np.sum((f - truth) ** 2) for f in _answers(X, y, inside, outside, penalties)]
    (best,) = _answers(X, y, train, test, [penalties[int(lost.argmin())]])
    return float(np.mean(best.argmax(axis=1) != y[test]))


def _answers(X, y, train, test, penalties):
    """Outputs ``(test rows, digits)`` at every penalty."""
    center, level = X[train].mean(axis=0), _coded(y[train]).mean(axis=0)
    data = Tasks.from_arrays(X[train] - center, _coded(y[train]) - level)
    return [(X[test] - center) @ W + level for W in path(data, penalties, tol=TOL)]


def _coded(y):
    """A column of 0 and 1 per digit."""
    return (y[:, None] == np.arange(DIGITS)).astype(float)
