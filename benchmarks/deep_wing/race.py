"""Sides in turn on one problem, and ratios within a turn."""

import statistics

import numpy as np

# Steps before anything is measured, and seconds of one side's part of a turn.
WARM, PART = 10, 0.1
# The share of the bar that an interval may be beyond it by.
LENIENCE = 1.05


def race(case, sides, turns, clock):
    """Seconds per step of every side ``(turns,)``, the sides in turn."""
    started = {name: start(case) for name, start in sides.items()}
    for one in started.values():
        took = timed(one, WARM, clock)
    each = max(2, int(PART / took))
    times = {name: [] for name in started}
    for turn in range(turns):
        order = list(started.items())
        # nobody always follows the same one
        for name, one in order if turn % 2 else order[::-1]:
            times[name].append(timed(one, each, clock))
    return times


def timed(side, steps, clock):
    """Seconds per step."""
    start = clock()
    for _ in range(steps):
        next(side)
    return (clock() - start) / steps


def row(case, us, other, times, bar, judged):
    """The ratio of our step to another's, in the one form of reproductions."""
    ratios = np.array(times[us]) / np.array(times[other])
    picks = np.random.default_rng(0).integers(0, len(ratios), (2000, len(ratios)))
    low, high = np.quantile(np.median(ratios[picks], axis=1), [0.05, 0.95]).tolist()
    gate = None if bar is None else [None, bar * LENIENCE]
    ms = {name: 1000 * statistics.median(times[name]) for name in (us, other)}
    return {
        "name": f"{us}: {case.name}",
        "method": f"{us} ({ms[us]:.2f} ms) over {other} ({ms[other]:.2f} ms)",
        "metric": "ratio of times of a step",
        "unit": "1",
        "published": bar,
        "measured": float(np.median(ratios)),
        "std": float(ratios.std(ddof=1)),
        "low": low,
        "high": high,
        "n": len(ratios),
        "gate": gate,
        "holds": bool(low <= gate[1]) if gate and judged else None,
    }


def line(row):
    """One line of text for a row."""
    said = {None: "", True: "holds", False: "DOES NOT HOLD"}[row["holds"]]
    bar = "" if row["published"] is None else f"bar {row['published']:.2f}"
    span = f"[{row['low']:.2f}, {row['high']:.2f}]"
    return f"{row['measured']:6.2f} {span:<14} {bar:<9} {said:<14}{row['name']}: {row['method']}"
