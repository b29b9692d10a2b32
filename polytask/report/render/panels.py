"""The panels of the page: each has its views, or the reason in words why it is empty."""

from dataclasses import dataclass

from polytask.report import plots
from polytask.report.plots.features import MOST as DRAWN
from polytask.report.plots.features import ranked
from polytask.report.render import lookup, numbers, tags
from polytask.report.render.verdict import verdict

MOST = 1000  # rows of a table in the page; the data saved from it holds all


@dataclass(frozen=True)
class View:
    """One choice of a panel: a figure, a table, or both."""

    label: str
    figure: object  # a plotly Figure or None
    table: str
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """A section of the page."""

    id: str
    title: str
    lead: str
    chooser: str  # what its views are chosen by
    views: tuple
    absent: str  # shown where there is no view


def panels(report):
    """The panels after the verdict, in the order of the page."""
    makers = (_gains, _relations, _curves, _paths, _scores, _features)
    return [make(report) for make in makers]


def _gains(report):
    names = _leader_first(report, [s["model"] for s in report.summary])
    views = [_gain_view(report, name) for name in names if lookup.gains_of(report, name)]
    lead = (
        "Relative to the baseline of the model. A point is the mean over splits, a line its "
        "interval. A task counts as gaining or losing only where the difference stays "
        "significant after Holm's correction over tasks."
    )
    absent = "No gain could be measured: it needs a model and its baseline, both fitted."
    return Panel("gains", "Which tasks gain, which lose", lead, "Model", tuple(views), absent)


def _gain_view(report, name):
    found = lookup.gains_of(report, name)
    head = ("task", "gain", "from", "to", "difference", "metric", "p (Holm)", "verdict")
    rows = []
    for gain in found[:MOST]:
        low, high = lookup.relative_interval(report, gain)
        look = {"gains": "gains", "loses": "loses"}.get(gain["verdict"], "muted")
        shares = [tags.number(value, numbers.percent) for value in (gain["gain"], low, high)]
        change = tags.number(gain["difference"], numbers.signed)
        p = tags.number(gain["p_holm"], lambda value: f"{value:.2g}")
        line = [tags.word(gain["task"]), *shares, change, tags.word(gain["metric"]), p]
        rows.append([*line, tags.word(gain["verdict"], look)])
    table = tags.table(head, rows, caption=f"Gains of {name}", right={1, 2, 3, 4, 6})
    gaps = lookup.undrawn(report, name)
    note = f"Not drawn, because undefined: {numbers.listing(gaps, 8)}." if gaps else ""
    return View(name, plots.gains(report, name), table, note)


def _relations(report):
    names = _leader_first(report, list(report.relations))
    views = [_relation_view(report, name) for name in names]
    lead = (
        "What each model found the tasks to be to each other. "
        "Similar tasks stand side by side, so that groups show as blocks."
    )
    absent = "No fitted model gave a relation between the tasks."
    return Panel("relations", "How the tasks relate", lead, "Model", tuple(views), absent)


def _relation_view(report, name):
    value = report.relations[name]
    pairs = _pairs(value)
    rows = [[tags.word(a), tags.word(b), tags.number(v)] for a, b, v in pairs[:MOST]]
    caption = f"Pairs of tasks, {value['meaning']}, by {name}"
    table = tags.table(("task", "task", value["meaning"]), rows, caption=caption, right={2})
    note = f"The number is: {value['meaning']}."
    return View(name, plots.relation(report, name), table, note)


def _pairs(value):
    names, matrix = value["names"], value["matrix"]
    both = any(matrix[i][j] != matrix[j][i] for i in range(len(names)) for j in range(i))
    found = [
        (names[i], names[j], matrix[i][j])
        for i in range(len(names))
        for j in range(len(names))
        if (i != j if both else i < j)
    ]
    return sorted(found, key=lambda pair: (pair[2] is None, -abs(pair[2] or 0)))


def _curves(report):
    metrics = list(dict.fromkeys(row["metric"] for row in report.curves))
    views = [_curve_view(report, metric) for metric in metrics]
    lead = (
        "How each score grows with the training part. Bands are the intervals of the leading "
        "model and of the baselines."
    )
    absent = "Scores against training size were not measured in this run."
    return Panel("curves", "Score against training size", lead, "Metric", tuple(views), absent)


def _curve_view(report, metric):
    head = ("model", "training rows", "share", "mean", "from", "to")
    rows = [
        [
            tags.word(row["model"]),
            tags.number(row.get("n_train"), str),
            tags.number(row.get("fraction"), lambda value: numbers.percent(value, sign=False)),
            *(tags.number(row[key]) for key in ("mean", "low", "high")),
        ]
        for row in report.curves
        if row["metric"] == metric
    ]
    table = tags.table(
        head, rows[:MOST], caption=f"{metric} by training size", right={1, 2, 3, 4, 5}
    )
    return View(metric, plots.curves(report, metric), table)


def _paths(report):
    names = _leader_first(report, list(dict.fromkeys(row["model"] for row in report.paths)))
    views = [_path_view(report, name) for name in names]
    lead = (
        "What the inner search saw, on the training part only. Rings mark what was chosen, the "
        "larger the more splits chose it. A choice at the edge of the grid asks for a wider grid."
    )
    absent = "No model searched a hyperparameter in this run."
    return Panel("paths", "Regularisation path", lead, "Model", tuple(views), absent)


def _path_view(report, name):
    head = ("candidate", "split", "metric", "mean", "standard error")
    rows = [
        [
            tags.word(row["params"]),
            tags.number(row["split"], str),
            tags.word(row["metric"]),
            tags.number(row["mean"]),
            tags.number(row["se"]),
        ]
        for row in report.paths
        if row["model"] == name
    ]
    table = tags.table(head, rows[:MOST], caption=f"Inner search of {name}", right={1, 3, 4})
    return View(name, plots.path(report, name), table)


def _scores(report):
    primary = {task["metric"] for task in report.tasks}
    used = list(dict.fromkeys(row["metric"] for row in report.scores))
    first = primary.pop() if len(primary) == 1 else None
    views = [_score_view(report, metric) for metric in ([first] if used else [])]
    views += [_score_view(report, metric) for metric in used if metric != first]
    views += [_overall_view(report)] if len(lookup.overall_table(report)[0]) > 2 else []
    lead = "Means over the splits. The best of each row is set in bold. A click on a head sorts."
    absent = "There are no scores: no model could be fitted."
    return Panel("scores", "All scores", lead, "Metric", tuple(views), absent)


def _score_view(report, metric):
    scores = lookup.task_scores(report, metric)
    models = [row.name for row in lookup.rows(report) if not row.failed]
    rows = [
        _score_row(report, task, scores, models=models, metric=metric or task["metric"])
        for task in report.tasks[:MOST]
    ]
    name = metric or "primary metric of each task"
    head, right = ("task", "labels", *models), set(range(1, len(models) + 2))
    return View(name, None, tags.table(head, rows, caption=f"Scores, {name}", right=right))


def _overall_view(report):
    head, lines = lookup.overall_table(report)
    rows = [[tags.word(name), *map(tags.number, values)] for name, *values in lines]
    name, right = "over all tasks together", set(range(1, len(head)))
    return View(name, None, tags.table(head, rows, caption=f"Scores {name}", right=right))


def _score_row(report, task, scores, *, models, metric):
    values = {model: scores.get((model, task["name"])) for model in models}
    known = [value for value in values.values() if value is not None]
    pick = max if lookup.better(report, metric) == "higher" else min
    best = pick(known) if known else None
    cells = [
        tags.number(value, look="best" if value is not None and value == best else "")
        for value in values.values()
    ]
    return [tags.word(task["name"]), tags.number(task["n_labels"], str), *cells]


def _features(report):
    names = _leader_first(report, list(dict.fromkeys(row["model"] for row in report.features)))
    views = [_feature_view(report, name) for name in names]
    lead = (
        "Shared inputs serve two tasks or more, own inputs one, unused inputs none. "
        "The darker, the more a task's score falls when the input is shuffled."
    )
    absent = "No model was asked which inputs its tasks use."
    return Panel("features", "Which inputs serve which tasks", lead, "Model", tuple(views), absent)


def _feature_view(report, name):
    rows = ranked(report, name)
    cells = [
        [
            tags.word(row["feature"]),
            tags.word(row["shared"], "gains" if row["shared"] == "shared" else "muted"),
            tags.number(len(row["tasks"]), str),
            tags.word(numbers.listing(row["tasks"], 6) if row["tasks"] else ""),
            tags.number(lookup.mean(row["importance"].values())),
        ]
        for row in rows[:MOST]
    ]
    head = ("input", "use", "tasks", "which", "mean importance")
    table = tags.table(head, cells, caption=f"Inputs of {name}", right={2, 4})
    more = len(rows) - DRAWN
    note = f"{more} more inputs are in the table." if more > 0 else ""
    return View(name, plots.features(report, name), table, note)


def _leader_first(report, names):
    leader = verdict(report).leader
    ranked = [row.name for row in lookup.rows(report) if row.name in names]
    return sorted(ranked, key=lambda name: name != leader)
