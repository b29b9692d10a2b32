"""What a reader asks of a report, looked up once: rows per model, rows per task, means."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from polytask.report.render import numbers


@dataclass(frozen=True)
class Row:
    """One line of the verdict table."""

    model: dict
    score: float | None
    summary: dict | None
    role: str  # "joint", "baseline", "failed", "not tried"

    @property
    def name(self):
        return self.model["name"]

    @property
    def gain(self):
        return self.summary["mean_relative_gain"] if self.summary else None

    @property
    def failed(self):
        return self.role in ("failed", "not tried")


def mean(values):
    """The mean of what is defined; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def rows(report):
    """One Row per model: by gain, best first; what failed or was not tried comes last."""
    scores = overall_scores(report)
    summary = {record["model"]: record for record in report.summary}
    found = [
        Row(m, scores.get(m["name"]), summary.get(m["name"]), _role(m, scores.get(m["name"])))
        for m in report.models
    ]
    return sorted(found, key=_rank)


def _role(model, score):
    # A model that failed in some splits only still has its scores in the others.
    if model["status"] != "ok" and score is None:
        return model["status"]
    return "baseline" if model["baseline"] in (None, model["name"]) else "joint"


def _rank(row):
    gain = row.gain if row.gain is not None else (0.0 if row.role == "baseline" else -1e9)
    return (row.failed, row.role == "not tried", -gain)


def baselines(report):
    """Names of the models that gains are measured against, in the order of the report."""
    used = {record["baseline"] for record in report.summary} - {None}
    return [m["name"] for m in report.models if m["name"] in used]


def headline_metric(report):
    """The metric that headlines: the recipe's, or the first there is; None when mixed."""
    named = report.recipe.get("metric")
    measured = [record["metric"] for record in report.overall]
    if named in measured:
        return named
    primary = {task["metric"] for task in report.tasks}
    if len(primary) == 1:
        return primary.pop()
    return measured[0] if measured else named


def overall_scores(report):
    """The mean over splits of the headline metric, by model."""
    metric = headline_metric(report)
    table = defaultdict(list)
    for record in report.overall or report.scores:
        if record["metric"] == metric:
            table[record["model"]].append(record["value"])
    return {model: mean(values) for model, values in table.items()}


def overall_table(report):
    """Metrics over all tasks together: head, and rows of a model's name and its means."""
    table = defaultdict(list)
    for record in report.overall:
        table[record["model"], record["metric"]].append(record["value"])
    metrics = list(dict.fromkeys(record["metric"] for record in report.overall))
    names = [row.name for row in rows(report) if not row.failed]
    lines = [(name, *(mean(table[name, metric]) for metric in metrics)) for name in names]
    return ("model", *metrics), lines


def better(report, metric):
    """The direction of a metric: "higher" or "lower"."""
    found = [m["better"] for m in report.metrics if m["name"] == metric]
    return found[0] if found else "higher"


def task_scores(report, metric=None):
    """Mean over splits by (model, task); without a metric, each task's primary one."""
    primary = {task["name"]: task["metric"] for task in report.tasks}
    table = defaultdict(list)
    for record in report.scores:
        if record["metric"] == (metric or primary.get(record["task"])):
            table[record["model"], record["task"]].append(record["value"])
    return {key: mean(values) for key, values in table.items()}


def gains_of(report, model):
    """The defined gains of one model, best first."""
    known = [g for g in report.gains if g["model"] == model and g["gain"] is not None]
    return sorted(known, key=lambda g: -g["gain"])


def undrawn(report, model):
    """Tasks whose gain is undefined for this model."""
    return [g["task"] for g in report.gains if g["model"] == model and g["gain"] is None]


def undefined(report):
    """What is undefined, as ((task, reason), number of splits), in the order of the report."""
    return list(Counter((u["task"], u["reason"]) for u in report.undefined).items())


def relative_interval(report, gain):
    """The interval of a gain's difference on the relative scale, (None, None) if unknown."""
    if gain["low"] is None or gain["high"] is None:
        return None, None
    scale = _scale(report, gain)
    return (gain["low"] / scale, gain["high"] / scale) if scale else (None, None)


def _scale(report, gain):
    if gain["difference"] and gain["gain"]:
        return gain["difference"] / gain["gain"]
    base = mean(
        record["value"]
        for record in report.scores
        if (record["model"], record["task"], record["metric"])
        == (gain["baseline"], gain["task"], gain["metric"])
    )
    return abs(base) if base else None


def counts(summary):
    """Gains, losses and undecided of a summary as words."""
    n = summary["n_gains"] + summary["n_loses"] + summary["n_undecided"]
    if summary["n_gains"] == summary["n_loses"] == 0:
        return f"the splits cannot tell for any single one of {n} tasks"
    words = f"{summary['n_gains']} of {n} tasks gain, "
    words += f"{summary['n_loses'] or 'none'} {'lose' if summary['n_loses'] > 1 else 'loses'}"
    return f"{words}, for {summary['n_undecided'] or 'none'} the splits cannot tell"


def named_gains(gains):
    """Tasks with their gain, as a list in words."""
    return numbers.listing([f"{g['task']} ({numbers.percent(g['gain'])})" for g in gains])
