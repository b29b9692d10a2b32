"""The race: everybody at the loosest tolerance that passes the check, in turns."""

import statistics
import subprocess
from dataclasses import dataclass, field

import numpy as np

from linear_wing.peers import OURS, group_of, rivals
from linear_wing.problems import ACCURACY

TOLERANCES = [10.0**-power for power in range(2, 15)]
# A peer this many times slower than the fastest is not run again.
NEAR = 4
# Half a step of tolerances: tried once the first one passes.
HALF = 10**0.5
RATIO = "ratio of times"
# The share of the bar that the lower end of the interval must pass.
LENIENCE = 0.9
# A public fit may take this much longer than a bare kernel on problems of milliseconds.
OVERHEAD, SHORT = 0.002, 0.010


@dataclass
class Runner:
    """A side of a race: its tolerance, what it reached there, and its seconds by turn.

    ``passed`` is False where no tolerance passes the check in time, ``took`` the seconds of the run
    that chose the tolerance.
    """

    peer: object
    data: object
    tol: float
    error: float
    passed: bool
    took: float
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
    """The peer at the loosest tolerance that passes the check, or at the best one within time.

    ``limit`` is in seconds, of one run and of all.
    """
    reached, spent = None, 0.0
    for tol in TOLERANCES[:: peer.stride]:
        one = tried(peer, case, data, best, tol)
        if one is None:
            break
        if reached is None or one.error < reached.error:
            reached = one
        spent += one.took
        if one.passed or one.took > limit[0] or spent > limit[1]:
            break
    if reached is None or not reached.passed:
        return reached
    looser = tried(peer, case, data, best, reached.tol * HALF**peer.stride)
    return looser if looser is not None and looser.passed else reached


def tried(peer, case, data, best, tol):
    """The peer at one tolerance; None where it took too long, or failed: then its name is said.

    Without bounds ``best`` on the optimum nothing is checked.
    """
    try:
        took, answers = peer.run(case, data, tol)
        error = np.inf if best is None else max(case.errors(answers, best))
    except subprocess.TimeoutExpired:
        return None
    except Exception as failure:  # whatever a peer raises, the others go on
        if peer.needs == "polytask" and peer.name == "polytask":
            raise
        said = str(failure).strip().splitlines()[:1]
        print(f"{case.name}: {peer.name} fails: {type(failure).__name__} {said}", flush=True)
        return None
    return Runner(peer, data, tol, error, error <= ACCURACY, took)


def warm(case):
    """Everybody in this process compiles on a small case."""
    for peer in [OURS[group_of(case)], *rivals(case)]:
        if peer.warms:
            tried(peer, case, peer.prepare(case), None, TOLERANCES[1])


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
    near = NEAR * min((one.took for one in runners[1:] if one.passed), default=0)
    for one in runners:
        if one.took > near and one is not runners[0]:
            one.times.append(one.took)
    in_turns = [one for one in runners if one.passed and not one.times]
    for _ in range(turns):
        for one in in_turns:
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
    ratios = [b / a for a, b in zip(ours, one.times)]
    low, high = interval(ratios)
    return {
        "name": case.name,
        "method": f"{one.name} (tol {one.tol:.0e}, {statistics.median(one.times):.4f} s) over "
        f"{us.name} (tol {us.tol:.0e}, {statistics.median(ours):.4f} s)",
        "metric": RATIO,
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
        "method": f"{one.name} (tol {one.tol:.0e}, {one.took:.4f} s) ends there; "
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
    said = {None: "", True: "holds", False: "DOES NOT HOLD"}[row["holds"]]
    if row["metric"] == "excess of the objective":
        return f"{row['name']:<15} {row['measured']:9.1e} above the optimum {'':<18}{row['method']}"
    if row["metric"] != RATIO:
        unit = "" if row["unit"] == "1" else row["unit"]
        return (
            f"{row['name']:<15} {row['measured']:8.2f} {unit:<3} {row['metric']:<28}"
            f"{said:<14}{row['method']}"
        )
    bar = f"bar {row['published']:g}" if row["gate"] else ""
    span = f"[{row['low']:.2f}, {row['high']:.2f}]"
    return (
        f"{row['name']:<15} {row['measured']:7.2f} x {span:<16} {bar:<8} {said:<14}{row['method']}"
    )
