"""The verdict table for a terminal: plain letters, at most so many columns."""

import textwrap

from polytask.report.render import lookup, numbers
from polytask.report.render.names import with_short_names
from polytask.report.render.verdict import verdict

FEW = 12  # up to so many tasks are listed one by one
LONG = 20  # a longer name of a model does not head a column
GAP = 2  # blanks between columns
ENDS = 4  # of more, so many of the best and of the worst
HEAD = ("model", "score", "mean gain", "gain", "lose", "?", "lower", "worst task", "time")
COLUMNS = (
    "gain, lose, ?: number of tasks that gain, that lose, and where the splits cannot tell. "
    "lower: share of tasks whose mean score is worse than the baseline's."
)
RIGHT = {1, 3, 4, 5, 6, 8}


def render(report, *, width=100):
    """The report as text.

    Parameters
    ----------
    report : Report
    width : int, >= 60
        Columns; long names are shortened, sentences are wrapped.

    Returns
    -------
    str
        Lines of at most ``width`` columns, without control characters.
    """
    report = with_short_names(report)
    found = verdict(report)
    parts = [
        [found.title.upper() if found.answer != "nothing" else found.title],
        [line for text in found.sentences for line in _wrap(text, width)],
        _models(report, width),
        _tasks(report, found.leader, width),
        _legend(report, width),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _models(report, width):
    rows = [_line(row) for row in lookup.rows(report)]
    if not rows:
        return []
    metric = lookup.headline_metric(report)
    against = lookup.baselines(report)
    title = f"Score: {metric or 'mixed metrics'}."
    title += f" Gain: against {numbers.listing(against)}." if against else ""
    fits = sum(_widths([HEAD, *rows])) + GAP * (len(HEAD) - 1) <= width
    lines = _table(HEAD, rows, width, RIGHT) if fits else _under_names(rows, width)
    return [*_wrap(title, width), *lines]


def _under_names(rows, width):
    """Long names on lines of their own, each above its numbers."""
    head, rule, *lines = _table(HEAD, [("", *row[1:]) for row in rows], width, RIGHT)
    names = [numbers.shorten(row[0], width) for row in rows]
    return [head, rule] + [line for pair in zip(names, lines) for line in pair]


def _line(row):
    name = numbers.printable(row.name)
    if row.failed:
        return (name, row.role, *[""] * 7)
    time, score = numbers.seconds(row.model["seconds"]), numbers.score(row.score)
    if not row.summary:
        return (name, score, "baseline" if row.role == "baseline" else "", *[""] * 5, time)
    s = row.summary
    gain = numbers.percent_between(row.gain, s.get("low"), s.get("high"))
    worst = f"{numbers.shorten(s['worst_task'] or '', 16)} {numbers.percent(s['worst_gain'])}"
    share = numbers.percent(s["negative_share"], sign=False)
    counts = [str(s[key]) for key in ("n_gains", "n_loses", "n_undecided")]
    return (name, score, gain, *counts, share, worst, time)


def _tasks(report, leader, width):
    gains = lookup.gains_of(report, leader) if leader else []
    if not gains:
        return []
    scores, sizes = lookup.task_scores(report), {t["name"]: t["n_labels"] for t in report.tasks}
    lines = [_task_line(gain, scores, sizes) for gain in gains]
    if len(lines) > 2 * FEW:
        gap = ("...", f"{len(lines) - 2 * ENDS} more", *[""] * 4)
        lines = [*lines[:ENDS], gap, *lines[-ENDS:]]
    baseline = gains[0]["baseline"]
    pair = (baseline, leader) if max(len(baseline), len(leader)) <= LONG else ("baseline", "model")
    head = ("task", "labels", *pair, "gain", "verdict")
    title = f"Tasks with {numbers.printable(leader)} against {numbers.printable(baseline)}."
    return [*_wrap(title, width), *_table(head, lines, width, {1, 2, 3, 4})]


def _task_line(gain, scores, sizes):
    task = gain["task"]
    pair = [numbers.score(scores.get((gain[key], task))) for key in ("baseline", "model")]
    return (task, str(sizes.get(task, "")), *pair, numbers.percent(gain["gain"]), gain["verdict"])


def _legend(report, width):
    lines = [COLUMNS] if report.summary else []
    for model in report.models:
        if model["name"] != model["text"]:
            lines.append(f"{model['name']} = {model['text']}")
        if model["error"]:
            lines.append(f"{model['name']} failed: {model['error']}")
    if report.not_tried:
        lines.append(f"Not tried: {numbers.listing(report.not_tried, 8)}.")
    lines += _undefined(report) + _source(report)
    return [row for line in lines for row in _wrap(line, width)]


def _undefined(report):
    return [
        f"Undefined: {task} in {numbers.count(n, 'split')}: {reason}."
        for (task, reason), n in lookup.undefined(report)
    ]


def _source(report):
    recipe, data = report.recipe, report.recipe.get("data") or {}
    shape = ", ".join(
        f"{data[key]} {key}" for key in ("rows", "features", "tasks", "labels") if key in data
    )
    lines = [f"Data: {data.get('name', '')} ({shape})." if data else ""]
    lines.append(f"Protocol: {recipe['protocol']}." if recipe.get("protocol") else "")
    lines.append(f"Again: {recipe['command']}" if recipe.get("command") else "")
    return [line for line in lines if line]


def _wrap(text, width):
    # A number keeps its sign of per cent: they stand on one line.
    text = numbers.printable(text).replace(" %", "\0%")
    lines = textwrap.wrap(text, width, subsequent_indent="  ") or [""]
    return [line.replace("\0", " ") for line in lines]


def _table(head, rows, width, right):
    """Lines of a table; the widest text columns give way until it fits."""
    cells = [[numbers.printable(cell) for cell in row] for row in (head, *rows)]
    widths = _widths(cells)
    while sum(widths) + GAP * (len(widths) - 1) > width:
        widths[widths.index(max(widths))] -= 1
    rule = "  ".join("-" * w for w in widths)
    lines = [_fit(row, widths, right) for row in cells]
    return [lines[0], rule, *lines[1:]]


def _widths(cells):
    return [max(numbers.columns(row[j]) for row in cells) for j in range(len(cells[0]))]


def _fit(row, widths, right):
    shown = []
    for j, (cell, wide) in enumerate(zip(row, widths)):
        cell = numbers.shorten(cell, wide)
        gap = " " * (wide - numbers.columns(cell))
        shown.append(gap + cell if j in right else cell + gap)
    return "  ".join(shown).rstrip()
