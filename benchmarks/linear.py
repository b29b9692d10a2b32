"""How fast linear models are beside other solvers of the same problems, in one run.

    python benchmarks/linear.py [--quick] [--part PART ...] [--only NAME ...] [--json FILE]

Every side gets the same arrays and the loosest of its own tolerances at which an independent check
of its answer passes; then sides run in turn, and ratios are taken within a turn. Other parts
measure memory, the first fit of a process, and how time grows. With ``--threads 2`` the race takes
the seconds that pass, and nothing is gated.
"""

import argparse
import json
import os
import sys
import time
import warnings
from pathlib import Path

PARTS = ("race", "memory", "cold", "scaling")
TURNS, QUICK_TURNS = 9, 3
# Seconds of one run, and of all runs of a peer, beyond which no tighter tolerance of it is tried.
TOO_LONG, QUICK_TOO_LONG = (15.0, float("inf")), (3.0, 1.0)


def parsed():
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few problems, three turns, no gate")
    parser.add_argument("--part", nargs="+", choices=PARTS, help="default: all; quick: race, cold")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="problems of the race")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where the result is written")
    return parser.parse_args()


def raced(names, turns, limit, judged):
    """Rows of these problems, printed as they come."""
    from linear_wing.more_problems import MORE, MORE_WARM_UP
    from linear_wing.peers import absent, group_of
    from linear_wing.problems import MAKERS, QUICK, WARM_UP
    from linear_wing.race import race, rows_of, warm

    makers, small, forms = MAKERS | MORE, WARM_UP | MORE_WARM_UP, set()
    print("\n".join(f"not run: {one}" for one in absent()), flush=True)
    for name in names or (QUICK if limit == QUICK_TOO_LONG else makers):
        case = makers[name](name)
        if group_of(case) not in forms:
            # everybody compiles on a small problem, which is not measured
            forms.add(group_of(case))
            warm(small[group_of(case)]("warm-up"))
        yield from rows_of(case, race(case, turns, limit), judged)


def measured(args):
    """Rows of the parts that are asked for."""
    from linear_wing import processes, scaling

    turns, limit = (QUICK_TURNS, QUICK_TOO_LONG) if args.quick else (TURNS, TOO_LONG)
    parts = args.part or (("race", "cold") if args.quick else PARTS)
    if "race" in parts:
        judged = turns >= TURNS and args.threads == 1
        yield from raced(args.only, turns, limit, judged)
    if "memory" in parts:
        yield from processes.memory_rows(processes.CASES)
    if "cold" in parts:
        yield from processes.cold_rows(repeats=1 if args.quick else 3)
    if "scaling" in parts:
        yield from scaling.curves(args.quick)


def main():
    args, start = parsed(), time.perf_counter()
    if os.environ.get("OMP_NUM_THREADS") != str(args.threads):
        # threads are counted when numpy is loaded: begin again with the number set
        os.environ["OMP_NUM_THREADS"] = str(args.threads)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    from linear_wing.problems import ACCURACY
    from linear_wing.race import LENIENCE, line

    rows = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a tolerance that is not reached is seen by the check
        for row in measured(args):
            print(line(row), flush=True)
            rows.append(row)
    clock = "CPU seconds of the process" if args.threads == 1 else "seconds that pass"
    found = {
        "name": "benchmark-linear",
        "paper": "No paper: solvers side by side.",
        "protocol": f"{args.threads} thread(s), {clock}, {QUICK_TURNS if args.quick else TURNS} "
        f"interleaved turns, each side at its loosest tolerance with error <= {ACCURACY:g}; "
        "medians of ratios, 90 % bootstrap interval; a gate asks that its lower end pass "
        f"{LENIENCE} x the bar.",
        "rows": rows,
        "seconds": time.perf_counter() - start,
    }
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n")
    return int(any(row["holds"] is False for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
