"""What a process costs: memory above the data, and the first fit with and without a cache."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from linear_wing.peers import PEERS

HERE = Path(__file__).parents[1]
# A loose tolerance of everybody: memory does not depend on the last digits.
TOL = 1e-4
# MB above the leanest peer where rows are shared, and above the data where they are not.
MORE_SHARED, MORE_OWN = 10.0, 10.0
# Seconds of a first fit with kernels cached.
FIRST = 2.0
CASES = {"shared-10": "rows, shared", "tall": "rows, own"}


def alone(*words, cache=None):
    """The number that `alone` prints; None where it fails."""
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    }
    if cache is not None:
        env["NUMBA_CACHE_DIR"] = cache
    command = [sys.executable, "-W", "ignore", "-m", "linear_wing.alone", *words]
    made = subprocess.run(command, capture_output=True, text=True, env=env)
    return float(made.stdout.splitlines()[-1]) if made.returncode == 0 else None


def here(group):
    """Names of the peers of a group that are Python packages and installed."""
    found = [p for p in PEERS if p.group == group and p.needs != "polytask"]
    return [p.name for p in found if p.missing() is None]


def memory_rows(cases):
    """A row per side and case: MB above the data."""
    for case in cases:
        names = ["polytask", *here(CASES[case])]
        peaks = {name: alone("memory", case, name, str(TOL)) for name in names}
        peaks = {name: peak for name, peak in peaks.items() if peak is not None}
        leanest = min((v for k, v in peaks.items() if k != "polytask"), default=0.0)
        most = leanest + MORE_SHARED if CASES[case] == "rows, shared" else MORE_OWN
        for name, peak in peaks.items():
            gate = [None, most] if name == "polytask" else None
            yield _row(case, name, "peak memory above the data", "MB", [peak], gate)


def cold_rows(group="rows, shared", repeats=3):
    """Seconds of the first fit in a fresh process: kernels made, and read from the cache."""
    for name in ["polytask", *here(group)]:
        with tempfile.TemporaryDirectory() as cache:
            made = alone("cold", group, name, cache=cache)
            read = [alone("cold", group, name, cache=cache) for _ in range(repeats)]
        if made is None or None in read:
            continue
        gate = [None, FIRST] if name == "polytask" else None
        metric = "CPU seconds of a process"
        yield _row("first fit", f"{name}, no cache", metric, "s", [made], None)
        yield _row("first fit", f"{name}, cached", metric, "s", read, gate)


def _row(name, method, metric, unit, values, gate):
    measured = statistics.median(values)
    return {
        "name": name,
        "method": method,
        "metric": metric,
        "unit": unit,
        "published": None,
        "measured": measured,
        "std": statistics.stdev(values) if len(values) > 1 else 0.0,
        "low": min(values),
        "high": max(values),
        "n": len(values),
        "gate": gate,
        "holds": bool(measured <= gate[1]) if gate else None,
    }
