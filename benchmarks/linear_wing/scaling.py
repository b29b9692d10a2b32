"""How time grows with rows, features and tasks: a curve per axis, and the exponent that fits it."""

import statistics
import time

import numpy as np

from linear_wing.peers import OURS, PEERS
from linear_wing.problems import separate, shared, some_rows

TOL, TURNS = 1e-4, 3
# Axis -> sizes; the other axes stay where they are.
BASE = {"n": 500, "d": 1000, "T": 10}
AXES = {"n": (500, 1000, 2000, 4000), "d": (1000, 2000, 4000, 8000), "T": (5, 10, 20, 40)}
OWN = {"n": 100, "d": 200, "T": 20}
OWN_AXES = {"n": (50, 100, 200, 400), "d": (100, 200, 400, 800), "T": (10, 20, 40, 80)}


def curves(quick=False):
    """Rows with exponents, of ourselves and of scikit-learn on shared rows."""
    rows = []
    peers = [OURS["rows, shared"]]
    peers += [p for p in PEERS if p.name == "scikit-learn" and p.group == "rows, shared"]
    for axis, sizes in AXES.items():
        for peer in peers:
            rows.append(_curve("shared rows", axis, sizes[: 2 if quick else None], peer, _shared))
    for axis, sizes in OWN_AXES.items():
        sizes = sizes[: 2 if quick else None]
        rows.append(_curve("own rows", axis, sizes, OURS["rows, own"], _own))
    return rows


def _shared(axis, size):
    at = BASE | {axis: size}
    return shared(at["n"], at["d"], at["T"], 20, 1 / 10, 1.0)("scaling")


def _own(axis, size):
    at = OWN | {axis: size}
    return separate([at["n"]] * at["T"], at["d"], some_rows(20), 1 / 10, 1.0)("scaling")


def _curve(form, axis, sizes, peer, make):
    seconds = [_median(peer, make(axis, size)) for size in sizes]
    x, y = np.log(sizes), np.log(seconds)
    slope = float(np.polyfit(x, y, 1)[0])
    each = ", ".join(f"{size}: {1000 * s:.1f} ms" for size, s in zip(sizes, seconds))
    between = np.diff(y) / np.diff(x)
    return {
        "name": f"{form}, {axis}",
        "method": f"{peer.name} ({each})",
        "metric": "exponent of CPU time",
        "unit": "1",
        "published": None,
        "measured": slope,
        "std": float(np.std(between)),
        "low": float(between.min()),
        "high": float(between.max()),
        "n": len(sizes),
        "gate": None,
        "holds": None,
    }


def _median(peer, case):
    data, times = peer.prepare(case), []
    peer.solve(case, data, TOL)  # the first of its shape is slower
    for _ in range(TURNS):
        start = time.process_time()
        peer.solve(case, data, TOL)
        times.append(time.process_time() - start)
    return max(statistics.median(times), 1e-6)
