"""Who gains and who loses: paired differences to the baseline, per task and in sum."""

from dataclasses import asdict

import numpy as np

from polytask.report.statistics import corrected_interval, holm, transfer, verdict


def gains(board, line):
    """Per task, the difference of a model to its baseline: records of `Report.gains`.

    Differences are paired by split, signed so that positive is better; p values are adjusted by
    Holm over the tasks of this model, and the verdict is theirs. The interval is of one task by
    itself (95 %).
    """
    rows = [_gain(board, line, task) for task in board.data.names]
    rows = [row for row in rows if row is not None]
    for row, p in zip(rows, holm([row["p"] for row in rows])):
        row |= {"p_holm": p, "verdict": verdict(row["difference"], p)}
    return rows


def _gain(board, line, task):
    metric = board.metric_of(task)
    sign = 1 if metric.greater_is_better else -1
    mine, base = board.values(line.name, task), board.values(line.baseline, task)
    both = np.isfinite(mine) & np.isfinite(base)
    if not both.any():
        return None
    found = corrected_interval(sign * (mine - base)[both], board.share(task)[both])
    return {
        "model": line.name,
        "baseline": line.baseline,
        "task": task,
        "metric": metric.name,
        "gain": relative(found.mean, metric, base[both].mean()),
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "n_splits": found.n,
    }


def relative(difference, metric, base):
    """A difference over the size of the baseline's mean score (R²: over what is unexplained).

    None where that is 0.
    """
    size = abs(base - metric.relative_to)
    return float(difference / size) if size else None


def summary(board, line, rows):
    """What sharing does to the tasks as a whole: a record of `Report.summary`.

    ``low`` and ``high`` are the corrected interval of the mean relative gain over splits.
    """
    found = asdict(transfer(rows))
    verdicts = [row["verdict"] for row in rows]
    interval = _mean_relative(board, line, rows)
    return {
        "model": line.name,
        "baseline": line.baseline,
        **found,
        "n_gains": verdicts.count("gains"),
        "n_loses": verdicts.count("loses"),
        "n_undecided": verdicts.count("cannot tell"),
        "low": interval.low,
        "high": interval.high,
        "p": interval.p,
    }


def _mean_relative(board, line, rows):
    """The mean over the tasks of relative gains, per split, with its interval."""
    per_task = []
    for row in rows:
        if row["gain"] is None:
            continue
        metric = board.metric_of(row["task"])
        sign = 1 if metric.greater_is_better else -1
        mine, base = board.values(line.name, row["task"]), board.values(line.baseline, row["task"])
        both = np.isfinite(mine) & np.isfinite(base)
        size = abs(base[both].mean() - metric.relative_to)
        per_task.append(sign * np.where(both, mine - base, np.nan) / size)
    if not per_task:
        return corrected_interval([], 0.0)
    table = np.array(per_task)
    count = np.isfinite(table).sum(axis=0)
    mean = np.where(count > 0, np.nansum(table, axis=0) / np.maximum(count, 1), np.nan)
    return corrected_interval(mean, board.share())


def best(board, fallback):
    """The honest "best" line: chosen by inner cross-validation in every split, scored outside.

    Parameters
    ----------
    board : Board
    fallback : str or None
        Name of the line it is compared with.

    Returns
    -------
    dict or None
        A record of `Report.best`; None without inner cross-validation.
    """
    chosen = {at: name for at in board.whole if (name := _winner(board, at)) is not None}
    if not chosen:
        return None
    score = np.array([board.headline_at(name, at) for at, name in chosen.items()])
    # a fallback with a hole is compared on the splits that it has
    base = np.array([board.headline_at(fallback, at) for at in chosen])
    share = board.share()[[board.whole.index(at) for at in chosen]]
    found = corrected_interval(board.headline_sign * (score - base), share)
    finite = score[np.isfinite(score)]
    return {
        "metric": board.headline,
        "score": float(finite.mean()) if len(finite) else None,
        "chosen": list(chosen.values()),
        "splits": [board.splits[at].number for at in chosen],
        "baseline": fallback,
        "difference": found.mean,
        "low": found.low,
        "high": found.high,
        "p": found.p,
    }


def _winner(board, at):
    errors = {
        line.name: record["inner_error"]
        for line in board.lines
        if (record := board.ok(line.name, at)) and record["inner_error"] is not None
    }
    return min(errors, key=errors.__getitem__) if errors else None
