"""A realistic Report from a simulated comparison, for tests of the renderers and screenshots."""

import numpy as np
from report.world import (
    BASELINE,
    CANDIDATES,
    EXAMS,
    METHODS,
    METRIC,
    PAPERS,
    World,
    interval,
    values_of,
)

from polytask.report.report import Report


def example(*, tasks=EXAMS, splits=10, seed=0, failed=(), not_tried=(), undefined=()):
    """A report as `compare` would make it; ``tasks`` is a tuple of names or their number."""
    if isinstance(tasks, int):
        tasks = tuple(f"school {i + 1}" for i in range(tasks))
    world = World(tasks, splits, seed, failed, not_tried, undefined)
    values = values_of(world)
    gains = _gains(world, values)
    return Report(
        models=_models(world),
        tasks=_tasks(world),
        scores=_scores(world, values),
        overall=_overall(world, values),
        gains=gains,
        summary=_summary(world, values, gains),
        best=_best(world, values),
        relations=_relations(world),
        curves=_curves(world, values),
        paths=_paths(world, values),
        features=_features(world),
        labels=[{"task": t, "train": 60 + 7 * i, "test": 20} for i, t in enumerate(world.tasks)],
        not_tried=[f"{name}: 1.5 minutes were used up" for name in world.not_tried],
        undefined=[
            {"task": t, "split": k, "reason": "the test part holds one class only"}
            for t in world.undefined
            for k in range(world.splits)
        ],
        metrics=[{"name": METRIC, "better": "higher", "text": "1 - SSE / SST of the test rows"}],
        recipe=_recipe(world),
    )


def all_failed():
    """A comparison in which no model could be fitted."""
    return example(failed=tuple(m[0] for m in METHODS))


def _models(world):
    return [
        {
            "name": name,
            "text": text,
            "papers": PAPERS.get(name, []),
            "status": _status(world, name),
            "error": "DataError: column 'age' has 3 gaps" if name in world.failed else None,
            "seconds": seconds if _status(world, name) == "ok" else 0.0,
            "baseline": None if name == BASELINE else BASELINE,
        }
        for name, text, _, _, seconds in METHODS
    ]


def _status(world, name):
    return "failed" if name in world.failed else "not tried" if name in world.not_tried else "ok"


def _tasks(world):
    return [
        {
            "name": t,
            "kind": "regression",
            "metric": METRIC,
            "n_labels": 80 + 7 * i,
            "n_rows": 80 + 7 * i,
        }
        for i, t in enumerate(world.tasks)
    ]


def _scores(world, values):
    return [
        {
            "model": name,
            "task": task,
            "metric": METRIC,
            "split": k,
            "value": value,
            "n": 20,
            "note": "" if np.isfinite(value) else "undefined",
        }
        for name, table in values.items()
        for task, row in zip(world.tasks, table, strict=True)
        for k, value in enumerate(row)
    ]


def _overall(world, values):
    return [
        {"model": name, "metric": METRIC, "split": k, "value": value}
        for name, table in values.items()
        for k, value in enumerate(np.nanmean(table, axis=0))
    ]


def _gains(world, values):
    return [
        _gain(world, name, task, table[t] - values[BASELINE][t], values[BASELINE][t].mean())
        for name, table in values.items()
        if name != BASELINE and BASELINE in values
        for t, task in enumerate(world.tasks)
    ]


def _gain(world, name, task, difference, base):
    record = {"model": name, "baseline": BASELINE, "task": task, "metric": METRIC}
    if task in world.undefined:
        empty = dict.fromkeys(("gain", "difference", "low", "high", "p", "p_holm"))
        return record | empty | {"verdict": "cannot tell", "n_splits": 0}
    mean, low, high, p = interval(difference)
    holm = min(1.0, p * len(world.tasks))
    verdict = "cannot tell" if holm > 0.05 else "gains" if mean > 0 else "loses"
    return record | {
        "gain": mean / abs(base),
        "difference": mean,
        "low": low,
        "high": high,
        "p": p,
        "p_holm": holm,
        "verdict": verdict,
        "n_splits": len(difference),
    }


def _summary(world, values, gains):
    return [
        _summary_of(name, values, [g for g in gains if g["model"] == name])
        for name in values
        if name != BASELINE and BASELINE in values
    ]


def _summary_of(name, values, gains):
    known = [g for g in gains if g["gain"] is not None]
    worst = min(known, key=lambda g: g["gain"])
    count = {v: sum(g["verdict"] == v for g in gains) for v in ("gains", "loses", "cannot tell")}
    base = np.abs(values[BASELINE].mean(axis=1, keepdims=True))
    mean, low, high, _ = interval(np.nanmean((values[name] - values[BASELINE]) / base, axis=0))
    return {
        "model": name,
        "baseline": BASELINE,
        "mean_relative_gain": mean,
        "low": low,
        "high": high,
        "worst_task": worst["task"],
        "worst_gain": worst["gain"],
        "negative_share": sum(g["gain"] < 0 for g in known) / len(known),
        "negative_significant_share": count["loses"] / len(known),
        "n_gains": count["gains"],
        "n_loses": count["loses"],
        "n_undecided": count["cannot tell"],
    }


def _best(world, values):
    if BASELINE not in values:
        return None
    top = sorted(values, key=lambda name: -np.nanmean(values[name]))[:2]
    chosen = [top[k % 5 == 3] for k in range(world.splits)]
    score = np.array([np.nanmean(values[name][:, k]) for k, name in enumerate(chosen)])
    mean, low, high, _ = interval(score - np.nanmean(values[BASELINE], axis=0))
    record = {"metric": METRIC, "score": score.mean(), "chosen": chosen, "baseline": BASELINE}
    return record | {"difference": mean, "low": low, "high": high}


def _relations(world):
    T = len(world.tasks)
    groups = world.rng.integers(0, 3, T)
    factors = np.eye(3)[groups] + world.rng.normal(0, 0.35, (T, 3))
    factors /= np.linalg.norm(factors, axis=1, keepdims=True)
    relation = {
        "names": list(world.tasks),
        "matrix": factors @ factors.T,
        "meaning": "similarity after fitting",
    }
    names = [m[0] for m in world.tried if m[0] in ("TraceNorm", "EmpiricalBayes")]
    return {name: relation | {"matrix": relation["matrix"] * s}
            for name, s in zip(names, (1.0, 0.8), strict=False)}  # fmt: skip


def _curves(world, values):
    rows = []
    for name, table in values.items():
        for fraction in (0.1, 0.2, 0.4, 0.7, 1.0):
            mean = np.nanmean(table) - 0.16 * (1 - fraction) ** 3 * (2 if name == BASELINE else 1)
            half = 0.012 / np.sqrt(fraction)
            rows.append({"model": name, "fraction": fraction, "n_train": int(700 * fraction),
                         "metric": METRIC, "mean": mean, "low": mean - half,
                         "high": mean + half})  # fmt: skip
    return rows


def _paths(world, values):
    peak = {"L21": 1, "TraceNorm": 2, "MeanRegularised": 2}
    return [
        {
            "model": name,
            "params": f"penalty__alpha={alpha:g}",
            "split": k,
            "metric": METRIC,
            "chosen": i == peak[name] + (k % 4 == 3),
            "mean": np.nanmean(values[name])
            - 0.012 * (i - peak[name]) ** 2
            + 0.003 * np.sin(k + i),
            "se": 0.006,
        }
        for name in peak
        if name in values
        for k in range(world.splits)
        for i, alpha in enumerate(CANDIDATES)
    ]


def _features(world):
    inputs = ("age", "hours of sleep", "sex", "prior score", "postcode", "siblings", "noise 1")
    rows = []
    for name in (m[0] for m in world.tried if m[0] in ("L21", "TraceNorm")):
        for i, feature in enumerate(inputs):
            shared = ("shared", "shared", "own", "shared", "own", "unused", "unused")[i]
            used = {"shared": world.tasks, "own": world.tasks[i % 2 :][:1], "unused": ()}[shared]
            importance = {t: float(world.rng.gamma(1.5, 0.02) * (t in used)) for t in world.tasks}
            rows.append({"model": name, "feature": feature, "shared": shared,
                         "tasks": used, "importance": importance})  # fmt: skip
    return rows


def _recipe(world):
    return {
        "command": "polytask compare exams.csv --targets " + " ".join(world.tasks[:8]),
        "seed": world.seed,
        "versions": {"polytask": "0.1.0", "python": "3.11.9", "numpy": "2.1.0"},
        "data": {
            "name": "exams.csv",
            "checksum": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "rows": 80 + 7 * len(world.tasks),
            "features": 27,
            "tasks": len(world.tasks),
            "labels": sum(80 + 7 * i for i in range(len(world.tasks))),
        },
        "protocol": f"{world.splits} random splits by row, one quarter for testing; "
        "hyperparameters by 5-fold inner cross-validation on the training part",
        "select": "min",
        "metric": METRIC,
        "started": "2025-01-15T10:22:31+00:00",
        "seconds": 93.2,
    }
