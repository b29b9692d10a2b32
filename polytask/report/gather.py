"""From the records of all pieces of work to the fields of a `Report`."""

import numpy as np

from polytask.report.board import describe_metrics
from polytask.report.gains import best, gains, summary
from polytask.report.papers import papers
from polytask.report.report import Report
from polytask.report.statistics import corrected_interval


def gather(board, *, fallback, recipe):
    """The `Report` of a board.

    Parameters
    ----------
    board : Board
    fallback : str or None
        The line that "best" is compared with.
    recipe : dict
        Provenance, as it is.
    """
    compared = [line for line in board.lines if line.baseline is not None]
    per_line = {line.name: gains(board, line) for line in compared}
    per_line = {name: rows for name, rows in per_line.items() if rows}
    first = _of_first_split(board)
    return Report(
        models=[_model(board, line) for line in board.lines],
        tasks=[_task(board, labels) for labels in board.data],
        scores=_rows(board, "scores"),
        overall=_rows(board, "overall"),
        gains=[row for rows in per_line.values() for row in rows],
        summary=[summary(board, ln, per_line[ln.name]) for ln in compared if ln.name in per_line],
        best=best(board, fallback),
        relations={n: r["relation"] for n, r in first.items() if r["relation"]},
        curves=_curves(board),
        paths=_paths(board),
        features=[{"model": n} | f for n, r in first.items() for f in r["features"] or ()],
        labels=[_labels(board, task) for task in board.data.names],
        not_tried=_not_tried(board),
        undefined=_undefined(board),
        metrics=describe_metrics(board),
        recipe=recipe,
    )


def _of_first_split(board):
    at = board.whole[0]
    return {ln.name: record for ln in board.lines if (record := board.ok(ln.name, at))}


def _model(board, line):
    mine = {at: r for (name, at), r in board.records.items() if name == line.name}
    failed = [(at, r["error"]) for at, r in sorted(mine.items()) if r["status"] == "failed"]
    done = [r for r in mine.values() if r["status"] == "ok"]
    tried = failed or done
    status = "failed" if failed else "ok" if tried else "not tried"
    error = None
    if failed:
        at, text = failed[0]
        more = f" (and on {len(failed) - 1} more)" if len(failed) > 1 else ""
        error = f"split {board.splits[at].number}: {text}{more}"
    return {
        "name": line.name,
        "text": line.text,
        "papers": papers(line.model),
        "status": status,
        "error": error,
        "seconds": float(sum(r.get("seconds") or 0.0 for r in mine.values())),
        "baseline": line.baseline,
        "added": line.added,
        "warnings": sorted({w for r in done for w in r["warnings"]})[:10],
    }


def _task(board, labels):
    return {
        "name": labels.task.name,
        "kind": labels.task.kind.name,
        "metric": board.metric_of(labels.task.name).name,
        "n_labels": labels.n,
        "n_rows": board.data.n_rows,
        "role": labels.task.role,
    }


def _rows(board, field):
    """The rows of one table of every record, model by model, of splits with all their rows."""
    return [
        {"model": line.name, "split": board.splits[at].number} | row
        for line in board.lines
        for at in board.whole
        if (record := board.ok(line.name, at))
        for row in record[field]
    ]


def _curves(board):
    shares = sorted({split.fraction for split in board.splits})
    if len(shares) == 1:
        return []
    return [_point(board, line, share) for line in board.lines for share in shares]


def _point(board, line, share):
    at = [i for i, split in enumerate(board.splits) if split.fraction == share]
    sizes = np.array([[len(board.splits[i].train), len(board.splits[i].test)] for i in at])
    values = [board.headline_at(line.name, i) for i in at]
    found = corrected_interval(values, sizes[:, 1] / sizes[:, 0])
    return {
        "model": line.name,
        "fraction": share,
        "n_train": float(sizes[:, 0].mean()),
        "metric": board.headline,
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
    }


def _paths(board):
    return [
        _step(board, line.name, at, record, i)
        for line in board.lines
        for at in board.whole
        if (record := board.ok(line.name, at)) and len(record["candidates"]) > 1
        for i in range(len(record["candidates"]))
    ]


def _step(board, name, at, record, i):
    candidate = record["candidates"][i]
    metric, sign = board.criterion.inner
    mean = candidate["mean"]
    return {
        "model": name,
        "params": candidate["params"],
        "split": board.splits[at].number,
        "metric": metric,
        "mean": None if mean is None else sign * mean,
        "se": candidate["se"],
        "chosen": i == record["chosen"],
    }


def _labels(board, task):
    counts = np.array([board.counts(task, at) for at in board.whole])
    train, test = (int(c[0]) if len(set(c)) == 1 else float(c.mean()) for c in counts.T)
    return {"task": task, "train": train, "test": test}


def _not_tried(board):
    out = []
    for line in board.lines:
        for at, split in enumerate(board.splits):
            record = board.records.get((line.name, at))
            if record is None or record["status"] == "not tried":
                part = "" if split.fraction == 1 else f", {split.fraction:.0%} of the training part"
                out.append(f"{line.name} on split {split.number}{part}")
    return out


def _undefined(board):
    """Each reason once per task and split, whichever models met it."""
    found: dict[tuple, dict] = {}
    for at in board.whole:
        for line in board.lines:
            record = board.ok(line.name, at) or {"lacking": {}, "scores": []}
            number = board.splits[at].number
            for task, reason in record["lacking"].items():
                found.setdefault((task, number), {})[reason] = None
            for row in record["scores"]:
                if row["value"] is None:
                    reason = f"{row['metric']}: {row['note']}"
                    found.setdefault((row["task"], number), {})[reason] = None
            _without_test_labels(board, at, found)
    return [
        {"task": task, "split": split, "reason": "; ".join(reasons)}
        for (task, split), reasons in found.items()
    ]


def _without_test_labels(board, at, found):
    for task in board.data.names:
        if board.counts(task, at)[1] == 0:
            reasons = found.setdefault((task, board.splits[at].number), {})
            reasons["no label in the test part"] = None
