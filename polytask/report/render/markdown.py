"""The report in Markdown: what goes into an issue, a README or a notebook."""

import re

from polytask.report.render import lookup, numbers
from polytask.report.render.names import with_short_names
from polytask.report.render.verdict import verdict

SPECIAL = re.compile(r"([\\`*_\[\]<>|~$])")
MOST = 200  # tasks in the table of tasks


def render(report):
    """The report as Markdown text (tables as on GitHub); names are escaped."""
    report = with_short_names(report)
    found = verdict(report)
    parts = [
        f"## {found.title}",
        "\n\n".join(safe(text) for text in found.sentences),
        _models(report),
        _overall(report),
        _tasks(report, found.leader),
        _remarks(report),
        _recipe(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def safe(text):
    """User text that stays text in Markdown.

    >>> safe("a|b <i>")
    'a\\\\|b \\\\<i\\\\>'
    """
    return SPECIAL.sub(r"\\\1", numbers.printable(text))


def code(text):
    """User text as inline code, whatever backticks it holds."""
    text = numbers.printable(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _models(report):
    rows = [_line(row) for row in lookup.rows(report)]
    if not rows:
        return ""
    head = (
        *("model", lookup.headline_metric(report) or "score", "mean gain", "interval, %"),
        *("against", "gain / lose / cannot tell", "tasks lower", "worst task", "time"),
    )
    return "### Models\n\n" + table(head, rows, {1, 2, 5, 6, 8})


def _line(row):
    name = safe(row.name)
    if row.failed:
        return (name, row.role, *[""] * 7)
    time, score = numbers.seconds(row.model["seconds"]), numbers.score(row.score)
    if not row.summary:
        return (name, score, *[""] * 6, time)
    s = row.summary
    ends = numbers.percent_ends(s.get("low"), s.get("high"))
    counts = " / ".join(str(s[key]) for key in ("n_gains", "n_loses", "n_undecided"))
    worst = f"{safe(s['worst_task'] or '')} ({numbers.percent(s['worst_gain'])})"
    share = numbers.percent(s["negative_share"], sign=False)
    gain = numbers.percent(row.gain)
    return (name, score, gain, ends, safe(s["baseline"]), counts, share, worst, time)


def _overall(report):
    head, rows = lookup.overall_table(report)
    if len(head) < 3:
        return ""
    lines = [(safe(name), *map(numbers.score, values)) for name, *values in rows]
    return "### Over all tasks together\n\n" + table(head, lines, set(range(1, len(head))))


def _tasks(report, leader):
    gains = lookup.gains_of(report, leader) if leader else []
    if not gains:
        return ""
    scores = lookup.task_scores(report)
    head = ("task", "metric", gains[0]["baseline"], leader, "gain", "difference", "verdict")
    rows = [_task(report, gain, scores) for gain in gains[:MOST]]
    text = f"### Tasks with {safe(leader)}\n\n" + table(head, rows, {2, 3, 4})
    return text + _more(len(gains))


def _more(count):
    return f"\n\n{count - MOST} more tasks are in the JSON form." if count > MOST else ""


def _task(report, gain, scores):
    pair = [numbers.score(scores.get((gain[key], gain["task"]))) for key in ("baseline", "model")]
    ends = numbers.interval(gain["low"], gain["high"], numbers.signed)
    return (
        safe(gain["task"]),
        safe(gain["metric"]),
        *pair,
        numbers.percent(gain["gain"]),
        f"{numbers.signed(gain['difference'])}{f' ({ends})' if ends else ''}",
        gain["verdict"],
    )


def _remarks(report):
    lines = [f"- {safe(m['name'])}: {code(m['text'])}{_papers(m)}" for m in report.models]
    lines += [
        f"- {safe(m['name'])} failed: {safe(m['error'])}" for m in report.models if m["error"]
    ]
    lines += [f"- Not tried: {safe(text)}" for text in report.not_tried]
    lines += [
        f"- Undefined: {safe(task)} in {numbers.count(n, 'split')}: {safe(reason)}"
        for (task, reason), n in lookup.undefined(report)
    ]
    return "### Models as text, and what is missing\n\n" + "\n".join(lines) if lines else ""


def _papers(model):
    return "".join(f" {safe(paper)}" for paper in model["papers"])


def _recipe(report):
    data = report.recipe.get("data") or {}
    values = {k: v for k, v in report.recipe.items() if k not in ("data", "command")}
    lines = [f"- data {safe(k)}: {safe(v)}" for k, v in data.items()]
    lines += [f"- {safe(k)}: {safe(_flat(v))}" for k, v in values.items()]
    if report.recipe.get("command"):
        lines.append(f"- again: {code(report.recipe['command'])}")
    return "### How these numbers were made\n\n" + "\n".join(lines) if lines else ""


def _flat(value):
    if isinstance(value, dict):
        return ", ".join(f"{k} {_flat(v)}" for k, v in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def table(head, rows, right):
    """A Markdown table; the columns in ``right`` are aligned to the right."""
    rule = ["---:" if j in right else "---" for j in range(len(head))]
    lines = [[safe(cell) for cell in head], rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
