"""What cross-validation along a path costs beside the path itself, and beside scikit-learn's.

    python benchmarks/path_cv.py [--quick] [--turns N] [--json FILE]

Shared inputs, n 1,000, d 5,000, T 20, 100 strengths down to 1/100 of the largest; five folds and
the refit. One thread each. CPU seconds are gated; on two cores the time is that of the busier one,
from the seconds of every fold, dealt as workers take them, and the refit after the last.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: one thread for everybody

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
from linear_wing.problems import columns, noisy
from sklearn.linear_model import MultiTaskLassoCV

from polytask import Tasks
from polytask.linear import L21, LinearModel, LinearModelCV, LinearPath
from polytask.linear.path import folds as parts

SIZES = {"wide": (1000, 5000, 20, 100), "tall": (20_000, 200, 20, 100)}
QUICK = {"wide": (200, 500, 5, 30), "tall": (2000, 50, 5, 30)}
ON_ONE, ON_TWO = 5.0, 3.0
THEIR_POINTS = 20  # scikit-learn's takes minutes at 100


def table(n, d, T, seed=0):
    """Correlated columns, 20 of them of use, as in the benchmark of single fits."""
    rng = np.random.default_rng(seed)
    X = columns(rng, n, d)
    W = np.zeros((d, T))
    W[rng.choice(d, min(20, d), replace=False)] = rng.normal(size=(min(20, d), T))
    return X, noisy(rng, X @ W)


def seconds(call):
    """CPU seconds of a call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def by_fold(X, Y, points):
    """CPU seconds of every fold, and of all the rest of the same fit."""
    found, fold = [], parts._fold

    def timed(*piece):
        start = time.process_time()
        answer = fold(*piece)
        found.append(time.process_time() - start)
        return answer

    parts._fold = timed
    try:
        total = seconds(lambda: LinearModelCV(L21(), points=points, weakest=1e-2).fit(X, Y))
    finally:
        parts._fold = fold
    return found, total - sum(found)


def on_two(folds, rest):
    """Seconds of the busier of two workers that take folds as they come, and what is not shared."""
    busy = [0.0, 0.0]
    for one in folds:
        busy[int(np.argmin(busy))] += one
    return max(busy) + rest


def turn(X, Y, points):
    """Ratios to one path on all rows: on one core, on two; seconds of the path."""
    model = LinearModel(L21())
    path = seconds(lambda: LinearPath.of(model, X, Y, points=points, weakest=1e-2, enough=None))
    folds, rest = by_fold(X, Y, points)
    return (sum(folds) + rest) / path, on_two(folds, rest) / path, path


def row(name, method, values, gate=None, unit="paths"):
    """One row of the form that `polytask reproduce` uses."""
    low, high = np.quantile(values, [0.05, 0.95]) if len(values) > 1 else (None, None)
    measured = float(np.median(values))
    return {
        "name": name,
        "method": method,
        "metric": "time",
        "unit": unit,
        "published": None,
        "measured": measured,
        "std": float(np.std(values)),
        "low": low,
        "high": high,
        "n": len(values),
        "gate": gate,
        "holds": None if gate is None else gate[0] <= measured <= gate[1],
    }


def rows_of(name, size, turns, gated):
    n, d, T, points = size
    X, Y = table(n, d, T)
    LinearModel(L21(0.1)).fit(Tasks.from_arrays(X[:50, :80], Y[:50]))  # kernels are compiled
    one, two, path = zip(*(turn(X, Y, points) for _ in range(turns)), strict=True)
    theirs = seconds(lambda: MultiTaskLassoCV(alphas=THEIR_POINTS, eps=1e-2, cv=5).fit(X, Y))
    ours = seconds(
        lambda: LinearModelCV(L21(), points=THEIR_POINTS, weakest=1e-2, folds=5).fit(X, Y)
    )
    label = f"{name}, n {n}, d {d}, T {T}, {points} strengths"
    gates = ([0, ON_ONE], [0, ON_TWO]) if gated else (None, None)
    return [
        row(label, "five folds and refit, one core", one, gates[0]),
        row(label, "five folds and refit, two cores", two, gates[1]),
        row(label, "one path", path, unit="s"),
        row(
            f"{label}: {THEIR_POINTS} of them", "scikit-learn MultiTaskLassoCV", [theirs], unit="s"
        ),
        row(f"{label}: {THEIR_POINTS} of them", "LinearModelCV", [ours], unit="s"),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small tables, no gate")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where the result is written")
    args, start = parser.parse_args(), time.perf_counter()
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # their tolerance is an iteration count away
        for name, size in (QUICK if args.quick else SIZES).items():
            found += rows_of(name, size, args.turns, not args.quick and name == "wide")
            for one in found[-5:]:
                print(f"{one['name']}  {one['method']}: {one['measured']:.3g} {one['unit']}")
    result = {
        "name": "benchmark-path-cv",
        "paper": "No paper: cross-validation beside its path.",
        "protocol": f"One thread, CPU seconds, {args.turns} turns, medians and their range.",
        "rows": found,
        "seconds": time.perf_counter() - start,
    }
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n")
    return int(any(one["holds"] is False for one in found))


if __name__ == "__main__":
    raise SystemExit(main())
