"""How fast linear models are beside other solvers of the same problems, in one run.

    python benchmarks/linear.py [--quick] [--only NAME ...] [--json FILE]

Every side gets the same arrays and the loosest of its own tolerances at which an independent check
of its answer passes; then sides run in turn, and ratios are taken within a turn.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: one thread for everybody

import argparse
import json
import time
import warnings
from pathlib import Path

from linear_wing.peers import absent, group_of
from linear_wing.problems import ACCURACY, MAKERS, QUICK, WARM_UP
from linear_wing.race import LENIENCE, line, race, rows_of

TURNS, QUICK_TURNS = 9, 3
# CPU seconds of one run beyond which a peer is out of the race and not repeated.
TOO_LONG, QUICK_TOO_LONG = 60, 3


def parsed():
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few problems, three turns, no gate")
    parser.add_argument("--only", nargs="+", choices=list(MAKERS), metavar="NAME")
    parser.add_argument("--json", type=Path, help="where the result is written")
    return parser.parse_args()


def raced(names, turns, limit):
    """Rows of these problems, printed as they come."""
    forms, rows = set(), []
    for name in names:
        case = MAKERS[name](name)
        if group_of(case) not in forms:
            # everybody compiles on a small problem, which is not measured
            forms.add(group_of(case))
            race(WARM_UP[group_of(case)]("warm-up"), 1, TOO_LONG)
        new = rows_of(case, race(case, turns, limit), turns >= TURNS)
        print("\n".join(map(line, new)), flush=True)
        rows += new
    return rows


def main():
    args, start = parsed(), time.perf_counter()
    turns, limit = (QUICK_TURNS, QUICK_TOO_LONG) if args.quick else (TURNS, TOO_LONG)
    names = args.only or (QUICK if args.quick else list(MAKERS))
    print("\n".join(f"not run: {one}" for one in absent()), flush=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a tolerance that is not reached is seen by the check
        rows = raced(names, turns, limit)
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
