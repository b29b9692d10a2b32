"""What the lasso selects: few features too many, and all of those that count."""

import numpy as np

from polytask import Tasks
from polytask.linear import L1
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import Simulation, path

N, D, S = 200, 1000, 10
ALPHA = float(np.sqrt(2 * np.log(D) / N))  # noise of deviation 1
SIZE = 8 * ALPHA


class LassoSelection(Simulation):
    """Size of the selected model, and whether it holds the true one.

    Examples
    --------
    >>> LassoSelection().settings
    ('n 200, d 1000',)
    """

    name = "lasso-selection"
    chapter = "linear"
    paper = (
        "Zhang, Huang. The sparsity and bias of the lasso selection in high-dimensional linear "
        "regression. Annals of Statistics 36, 2008 (a theorem: of the order of s features are "
        "selected, and those that stand out are among them)."
    )
    protocol = (
        "One task: 200 rows, 1,000 Gaussian inputs, noise 1, ten coefficients of size 8 alpha and "
        "random sign, alpha = sqrt(2 log(1000) / 200), no intercept. 100 seeds; the theorem has "
        "constants that are not known, the bound of 3 s = 30 features in 95 % of the seeds is "
        "ours. --quick: 20 seeds."
    )
    settings = (f"n {N}, d {D}",)
    seeds, few = 100, 20

    def measure(self, setting, rng):
        X = rng.normal(size=(N, D))
        support = rng.choice(D, S, replace=False)
        y = X[:, support] @ rng.choice([-SIZE, SIZE], S) + rng.normal(size=N)
        (W,) = path(Tasks.from_arrays(X, y), [L1(ALPHA)])
        selected = np.flatnonzero(W)
        return {
            "size": len(selected),
            "small": float(len(selected) <= 3 * S),
            "found": float(np.isin(support, selected).all()),
        }

    def rows(self, records):
        words = {
            "size": ("features selected", "features", None),
            "small": ("at most 30 selected", "share of seeds", Gate(0.95, None, quick=True)),
            "found": ("all ten found", "share of seeds", Gate(1.0, None, quick=True)),
        }
        for key, (name, unit, gate) in words.items():
            values = self.values(records, self.settings[0], key)
            yield Row(name, f"L1({ALPHA:.3g})", "selection", unit, values, gate=gate)
