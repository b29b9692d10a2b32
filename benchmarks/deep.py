"""How long a step of training takes beside loops written by hand and a peer, in one run.

    python benchmarks/deep.py [--quick] [--part PART ...] [--threads N] [--json FILE]

Whole steps: a batch, losses, gradients and the same AdamW on the same nets and rows; sides run in
turn, and ratios are taken within a turn. A bar is what a ratio is to stay below. Two threads are
timed by the seconds that pass, on a machine that does nothing else; ``--threads 1`` by the CPU
seconds of the process, which others disturb less, and gates nothing.
"""

import argparse
import json
import sys
import time
from pathlib import Path

PARTS = ("hard", "peer", "columns")
TURNS, QUICK_TURNS = 25, 5


def parsed():
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few turns and widths, no gate")
    parser.add_argument("--part", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="where the result is written")
    return parser.parse_args()


def contests(parts, quick):
    """Case, sides, and the bar that our step has beside each of the others."""
    from deep_wing import columns, libmtl
    from deep_wing.problems import columns as case_of
    from deep_wing.problems import hard
    from deep_wing.sides import HeadPerTask, by_hand, in_one_matrix, ours

    from polytask import deep

    shared = {"hard sharing": ours(lambda case: deep.HardSharing(deep.mlp(*case.widths)))}
    if "hard" in parts:
        others = {"a loop by hand": by_hand(HeadPerTask), "heads as one layer": in_one_matrix}
        for case, bar in zip(hard(4), (1.05, 1.25)):
            yield case, shared | others, {"a loop by hand": bar, "heads as one layer": None}
    if "peer" in parts and libmtl.absent():
        print(f"not run: {libmtl.absent()}", flush=True)
    elif "peer" in parts:
        for case, bar in zip(hard(40), (0.9, 0.5)):
            yield case, shared | {"LibMTL": libmtl.steps}, {"LibMTL": bar}
    if "columns" not in parts:
        return
    nets = {
        "cross-stitch": (deep.CrossStitch, columns.Literal, columns.Stacked),
        "sluice": (deep.Sluice, columns.LiteralSluice, columns.StackedSluice),
    }
    sizes = ((32, 64), (64, 128), (256, 128), (512, 128))
    for width, b in sizes[:2] if quick else sizes:
        bar = {32: 1 / 3, 64: 1 / 3, 256: 1 / 1.1}.get(width)
        for name, (sharing, literal, stacked) in nets.items():
            sides = {
                name: ours(lambda case, sharing=sharing: sharing(deep.mlp(*case.widths))),
                "task by task": by_hand(literal),
                "nets in a loop": by_hand(stacked),
            }
            yield case_of(width, b), sides, {"task by task": bar, "nets in a loop": 1.05}


def main():
    args, start = parsed(), time.perf_counter()
    import torch
    from deep_wing.race import LENIENCE, line, race, row

    torch.set_num_threads(args.threads)
    turns, rows = QUICK_TURNS if args.quick else TURNS, []
    judged = not args.quick and args.threads == 2
    clock = time.process_time if args.threads == 1 else time.perf_counter
    for case, sides, bars in contests(args.part, args.quick):
        times = race(case, sides, turns, clock)
        us = next(iter(sides))
        for other, bar in bars.items():
            rows.append(row(case, us, other, times, bar, judged))
            print(line(rows[-1]), flush=True)
    found = {
        "name": "benchmark-deep",
        "paper": "No paper: steps side by side.",
        "protocol": f"{args.threads} thread(s), "
        f"{'CPU seconds' if args.threads == 1 else 'seconds that pass'}, {turns} turns in turn, "
        "whole steps with the same fused AdamW; medians of ratios, 90 % bootstrap interval; a gate "
        f"asks that its lower end stay below {LENIENCE} x the bar.",
        "rows": rows,
        "seconds": time.perf_counter() - start,
    }
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n")
    return int(any(one["holds"] is False for one in rows))


if __name__ == "__main__":
    sys.exit(main())
