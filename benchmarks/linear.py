"""How fast `LinearModel(L21(...))` is beside other solvers of the same problem, in one run.

    python benchmarks/linear.py [--quick] [--only NAME ...] [--json FILE]

Every side gets the same arrays and the loosest of its own tolerances at which an independent check
of its answer passes; then sides run in turn, and ratios are taken within a turn.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: one thread for everybody

import argparse
import json
import statistics
import time
import warnings
from pathlib import Path

import numpy as np
from linear_peers import OURS, PEERS, absent
from linear_problems import ACCURACY, MAKERS, QUICK, cases

TOLERANCES = [10.0**-power for power in range(2, 11)]
TURNS, QUICK_TURNS = 9, 3
# CPU seconds of one run beyond which a peer is out of the race and not repeated.
TOO_LONG, QUICK_TOO_LONG = 60, 15
# The share of the bar that the lower end of the interval must pass.
LENIENCE = 0.9
# A public fit may take this much longer than a bare kernel on problems of milliseconds.
OVERHEAD, SHORT = 0.002, 0.010


def seconds(peer, case, data, tol):
    """CPU seconds of one run, and its answers."""
    start = time.process_time()
    Ws = peer.solve(case, data, tol)
    return time.process_time() - start, Ws


def calibrated(peer, case, data, best, limit):
    """The loosest tolerance that passes the check; None where none does in time."""
    for tol in TOLERANCES:
        took, Ws = seconds(peer, case, data, tol)
        if case.error(Ws, best) <= ACCURACY:
            return tol
        if took > limit:
            return None
    return None


def optimum(case, data):
    """Lower bounds on the optimum of every strength, from an answer that is nearly exact."""
    Ws = OURS[case.shared].solve(case, data, 1e-11)
    return [case.objective(W, a)[1] for W, a in zip(Ws, case.strengths, strict=True)]


def race(case, turns, limit):
    """Seconds of every side, turn by turn: ``{name: (tolerance, [seconds])}``."""
    sides = [OURS[case.shared]]
    sides += [peer for peer in PEERS if peer.installed and peer.shared == case.shared]
    data = {peer.name: peer.prepare(case) for peer in sides}
    best = optimum(case, data["polytask"])
    tols = {p.name: calibrated(p, case, data[p.name], best, limit) for p in sides}
    runs = {name: (tol, []) for name, tol in tols.items() if tol is not None}
    for _ in range(turns):
        for peer in sides:
            if peer.name in runs:
                tol, times = runs[peer.name]
                times.append(seconds(peer, case, data[peer.name], tol)[0])
    return runs


def interval(ratios, draws=2000):
    """The 90 % bootstrap interval of a median."""
    picks = np.random.default_rng(0).integers(0, len(ratios), (draws, len(ratios)))
    medians = np.median(np.asarray(ratios)[picks], axis=1)
    return np.quantile(medians, [0.05, 0.95]).tolist()


def rows_of(case, runs, turns):
    """A row per peer, in the one form of reproductions; the gate is on the fastest of them."""
    ours = runs.pop("polytask")[1]
    if statistics.median(ours) < SHORT:
        ours = [max(s - OVERHEAD, s / 2) for s in ours]
    fastest = min(runs, key=lambda name: statistics.median(runs[name][1]), default=None)
    rows = []
    for name, (tol, theirs) in runs.items():
        ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
        low, high = interval(ratios)
        gate = [LENIENCE * case.bar, None] if name == fastest else None
        judged = gate is not None and turns >= TURNS
        rows.append(
            {
                "name": case.name,
                "method": f"{name} (tol {tol:.0e}, {statistics.median(theirs):.4f} s) over "
                f"polytask ({statistics.median(ours):.4f} s)",
                "metric": "ratio of CPU time",
                "unit": "1",
                "published": case.bar if gate else None,
                "measured": statistics.median(ratios),
                "std": statistics.stdev(ratios),
                "low": low,
                "high": high,
                "n": len(ratios),
                "gate": gate,
                "holds": bool(low > gate[0]) if judged else None,
            }
        )
    return rows


def line(row):
    """One line of text for a row."""
    said = {None: "", True: "holds", False: "DOES NOT HOLD"}[row["holds"]]
    bar = f"bar {row['published']:g}" if row["gate"] else ""
    span = f"[{row['low']:.2f}, {row['high']:.2f}]"
    return (
        f"{row['name']:<11} {row['measured']:7.2f} x {span:<16} {bar:<8} {said:<14}{row['method']}"
    )


def warm_up():
    """Everybody compiles on small problems, which are not measured."""
    for case in cases(["warm-up, shared", "warm-up, own"]):
        race(case, 1, 60)


def parsed():
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few problems, three turns, no gate")
    parser.add_argument("--only", nargs="+", choices=list(MAKERS), metavar="NAME")
    parser.add_argument("--json", type=Path, help="where the result is written")
    return parser.parse_args()


def main():
    args, start = parsed(), time.perf_counter()
    turns, limit = (QUICK_TURNS, QUICK_TOO_LONG) if args.quick else (TURNS, TOO_LONG)
    names = args.only or (QUICK if args.quick else [n for n in MAKERS if not n.startswith("warm")])
    print("\n".join(f"not run: {one}" for one in absent()), flush=True)
    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a tolerance that is not reached is seen by the check
        warm_up()
        for case in cases(names):
            new = rows_of(case, race(case, turns, limit), turns)
            print("\n".join(map(line, new)), flush=True)
            rows += new
    found = {
        "name": "benchmark-linear",
        "paper": "No paper: solvers side by side.",
        "protocol": f"One thread, CPU seconds of the process, {turns} interleaved turns, each side "
        f"at its loosest tolerance with error <= {ACCURACY:g}; medians of ratios, 90 % bootstrap "
        f"interval; a gate asks that its lower end pass {LENIENCE} x the bar.",
        "rows": rows,
        "seconds": time.perf_counter() - start,
    }
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n")
    return int(any(row["holds"] is False for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
