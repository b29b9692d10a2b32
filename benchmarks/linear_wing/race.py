"""The race: everybody at the loosest tolerance that passes the check, in turns."""

import statistics
import subprocess
from dataclasses import dataclass, field

import numpy as np

from linear_wing.peers import OURS, group_of, rivals
from linear_wing.problems import ACCURACY

TOLERANCES = [10.0**-power for power in range(2, 15)]
# Half a step of tolerances: tried once the first one passes.
HALF = 10**0.5
# The share of the bar that the lower end of the interval must pass.
LENIENCE = 0.9
# A public fit may take this much longer than a bare kernel on problems of milliseconds.
OVERHEAD, SHORT = 0.002, 0.010


@dataclass
class Runner:
    """A side of a race: its tolerance, what it reached there, and its seconds by turn.

    ``passed`` is False where no tolerance passes the check in time.
    """

    peer: object
    data: object
    tol: float
    error: float
    passed: bool
    times: list = field(default_factory=list)

    @property
    def name(self):
        """The peer's name."""
        return self.peer.name


def optimum(case, data):
    """Lower bounds on the optimum of every strength, from an answer that is nearly exact."""
    answers = OURS[group_of(case)].run(case, data, 1e-11)[1]
    return [case.objective(a, s)[1] for a, s in zip(answers, case.strengths, strict=True)]


def calibrated(peer, case, data, best, limit):
    """The peer at the loosest tolerance that passes the check, or at the best one within time."""
    reached = None
    for tol in TOLERANCES:
        one = tried(peer, case, data, best, tol)
        if one is None:
            break
        if reached is None or one.error < reached.error:
            reached = one
        if one.passed or one.times[0] > limit:
            break
    if reached is None or not reached.passed:
        return reached
    looser = tried(peer, case, data, best, reached.tol * HALF)
    chosen = looser if looser is not None and looser.passed else reached
    chosen.times.clear()
    return chosen


def tried(peer, case, data, best, tol):
    """The peer at one tolerance; None where it took too long."""
    try:
        took, answers = peer.run(case, data, tol)
    except subprocess.TimeoutExpired:
        return None
    error = max(case.errors(answers, best))
    return Runner(peer, data, tol, error, error <= ACCURACY, [took])


def race(case, turns, limit):
    """Every side of a case, ours first, with its seconds."""
    us = OURS[group_of(case)]
    data = us.prepare(case)
    best = optimum(case, data)
    runners = [calibrated(us, case, data, best, limit)]
    for peer in rivals(case):
        runner = calibrated(peer, case, peer.prepare(case), best, limit)
        if runner is not None:
            runners.append(runner)
    for _ in range(turns):
        for one in runners:
            if one.passed:
                one.times.append(one.peer.run(case, one.data, one.tol)[0])
    return runners


def interval(ratios, draws=2000):
    """The 90 % bootstrap interval of a median."""
    picks = np.random.default_rng(0).integers(0, len(ratios), (draws, len(ratios)))
    medians = np.median(np.asarray(ratios)[picks], axis=1)
    return np.quantile(medians, [0.05, 0.95]).tolist()


def less_overhead(times):
    """Our seconds on problems of milliseconds, less what `fit` may take for its checks."""
    if statistics.median(times) >= SHORT:
        return times
    return [max(s - OVERHEAD, s / 2) for s in times]


def rows_of(case, runners, judged):
    """A row per peer, in the one form of reproductions; the gate is on the fastest of them."""
    us, *others = runners
    ours = less_overhead(us.times)
    through = [one for one in others if one.passed]
    fastest = min(through, key=lambda one: statistics.median(one.times), default=None)
    rows = []
    for one in through:
        gate = [LENIENCE * case.bar, None] if one is fastest else None
        rows.append(_ratio(case, us, ours, one, gate, judged))
    return rows + [_behind(case, us, one) for one in others if not one.passed]


def _ratio(case, us, ours, one, gate, judged):
    ratios = [b / a for a, b in zip(ours, one.times, strict=True)]
    low, high = interval(ratios)
    return {
        "name": case.name,
        "method": f"{one.name} (tol {one.tol:.0e}, {statistics.median(one.times):.4f} s) over "
        f"{us.name} (tol {us.tol:.0e}, {statistics.median(ours):.4f} s)",
        "metric": "ratio of CPU time",
        "unit": "1",
        "published": case.bar if gate else None,
        "measured": statistics.median(ratios),
        "std": statistics.stdev(ratios) if len(ratios) > 1 else 0.0,
        "low": low,
        "high": high,
        "n": len(ratios),
        "gate": gate,
        "holds": bool(low > gate[0]) if gate is not None and judged else None,
    }


def _behind(case, us, one):
    """A peer that did not get there: how far above the optimum it stops."""
    return {
        "name": case.name,
        "method": f"{one.name} (tol {one.tol:.0e}, {one.times[0]:.4f} s), not converged; "
        f"{us.name} {statistics.median(us.times):.4f} s",
        "metric": "excess of the objective",
        "unit": "1",
        "published": None,
        "measured": one.error,
        "std": 0.0,
        "low": one.error,
        "high": one.error,
        "n": 1,
        "gate": None,
        "holds": None,
    }


def line(row):
    """One line of text for a row."""
    if row["metric"] == "excess of the objective":
        return f"{row['name']:<11} {row['measured']:9.1e} above the optimum {'':<18}{row['method']}"
    said = {None: "", True: "holds", False: "DOES NOT HOLD"}[row["holds"]]
    bar = f"bar {row['published']:g}" if row["gate"] else ""
    span = f"[{row['low']:.2f}, {row['high']:.2f}]"
    return (
        f"{row['name']:<11} {row['measured']:7.2f} x {span:<16} {bar:<8} {said:<14}{row['method']}"
    )
