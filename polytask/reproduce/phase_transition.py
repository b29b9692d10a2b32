"""How many rows it takes to find two supports: L1/Linf gains from overlap, the lasso does not."""

from functools import partial

import numpy as np
from sklearn.isotonic import IsotonicRegression

from polytask.linear import L1, L21, L1Linf, Split
from polytask.linear.theory import rows_needed_alone, support_recovery_experiment
from polytask.reproduce.base import Piece, Reproduction
from polytask.reproduce.row import Gate, Row
from polytask.reproduce.simulation import against

P, S, TRIALS = 128, 13, 40
OVERLAPS = (1.0, 0.7, 0.3)
# Rows that are tried, relative to where the method's crossing is expected.
AROUND = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5)
QUICK = (0.7, 0.9, 1.1, 1.35)
NEAR = 0.15

# Per method: penalty, what has to be zero, and where its crossing is expected at each overlap:
# theory's 2 and 4 - 3 alpha, or an earlier measurement where there is no theorem that holds here.
METHODS = {
    "lasso": (L1(), "entries", (2.0, 2.0, 2.0)),
    "L1Linf": (L1Linf(), "rows", (1.0, 1.9, 3.1)),
    "L21": (L21(), "rows", (1.3, 1.7, 2.3)),
    "dirty": (Split(L1Linf(2**0.5), L1(1.0)), "entries", (1.2, 2.4, 4.5)),
}
WITH_THEORY = ("lasso", "L1Linf")
IN_QUICK = (1.0, 0.3)


class PhaseTransition(Reproduction):
    """The number of rows at which half of the trials succeed.

    Examples
    --------
    >>> len(PhaseTransition().pieces(True)), len(PhaseTransition().pieces(False))
    (16, 108)
    """

    name = "phase-transition"
    chapter = "linear"
    paper = (
        "Negahban, Wainwright. Phase transitions for high-dimensional joint support recovery. "
        "NIPS 2008 (theorem: half of the trials succeed at n = (4 - 3 overlap) s log(p - (2 - "
        "overlap) s) rows for L1/Linf, and at twice s log(...) for the lasso)."
    )
    protocol = (
        "Two tasks with Gaussian inputs of their own, p = 128, 13 coefficients of 1 or -1 each, "
        "noise 0.1. Success: the zeros are exact (below 1e-4), and the signs are right; every "
        "method at its best strength of {.5, 1, 2, 4, 8} sigma sqrt(log(p) / n). 40 trials at each "
        "of nine numbers of rows; crossing: where an increasing curve through the shares of "
        "success passes one half, in units of s log(p - (2 - overlap) s). Dirty: L1Linf and L1 at "
        "the ratio sqrt 2; its theorem (2 - overlap) does not show below p = 1,000. --quick: "
        "lasso and L1Linf, overlaps 1 and 0.3, four numbers of rows."
    )

    def pieces(self, quick):
        """One per method, overlap and number of rows."""
        methods = WITH_THEORY if quick else METHODS
        return [
            Piece(
                f"{method} | {overlap:g} | {part:g}",
                (method, overlap, part, TRIALS),
                partial(_tried, method, overlap, part * METHODS[method][2][k]),
            )
            for k, overlap in enumerate(OVERLAPS)
            for method in methods
            for part in (QUICK if quick else AROUND)
            if not quick or overlap in IN_QUICK
        ]

    def rows(self, records):
        found = {
            (method, overlap): crossing(records, f"{method} | {overlap:g} | ")
            for overlap in OVERLAPS
            for method in METHODS
        }
        found = {key: values for key, values in found.items() if values}
        for (method, overlap), values in found.items():
            expected = METHODS[method][2][OVERLAPS.index(overlap)]
            theory = expected if method in WITH_THEORY else None
            gate = _near(theory) if method == "L1Linf" else None
            name, text = f"{method}, overlap {overlap:g}", repr(METHODS[method][0])
            yield Row(name, text, "crossing", "theta", values, theory, gate)
        for overlap, gate in ((1.0, Gate(None, 0.0)), (0.3, Gate(0.0, None))):
            pair = (found.get((method, overlap), ()) for method in ("L1Linf", "lasso"))
            name = f"L1Linf - lasso, overlap {overlap:g}"
            yield against(name, *pair, metric="crossing", gate=gate)


def _near(theory):
    return Gate(round(theory * (1 - NEAR), 3), round(theory * (1 + NEAR), 3))


def _tried(method, overlap, theta):
    penalty, by, _ = METHODS[method]
    n = round(theta * rows_needed_alone(P, S, overlap) / 2)
    seed = [n, list(METHODS).index(method), round(10 * overlap)]
    rules = {"by": by, "trials": TRIALS, "random_state": seed}
    found = support_recovery_experiment(penalty, P, s=S, overlap=overlap, n=n, **rules)
    return {"theta": found.theta, "success": found.success}


def crossing(records, beginning):
    """Where success passes one half, as a tuple of one; empty without measurements.

    None where all that was tried lies on one side.

    >>> crossing({"a | 1": {"theta": 1.0, "success": 0.0}, "a | 2": {"theta": 2.0, "success": 1.0}},
    ...          "a | ")
    (1.5,)
    """
    found = [one for name, one in records.items() if name.startswith(beginning)]
    if not found:
        return ()
    if any("theta" not in one for one in found):
        return (None,)
    theta, success = np.array(sorted((one["theta"], one["success"]) for one in found)).T
    rising = IsotonicRegression().fit_transform(theta, success)
    if rising[0] > 0.5 or rising[-1] < 0.5:
        return (None,)
    after = int(np.searchsorted(rising, 0.5))
    if after == 0:
        return (float(theta[0]),)
    low, high = rising[after - 1], rising[after]
    share = (0.5 - low) / (high - low)
    return (float(theta[after - 1] + share * (theta[after] - theta[after - 1])),)
