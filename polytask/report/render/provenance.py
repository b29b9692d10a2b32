"""How the numbers were made: the command, the data, the versions, and what is missing."""

from polytask.report.render import lookup, numbers, tags

NAMES = {
    "protocol": "Protocol",
    "metric": "Headline metric",
    "select": "Hyperparameters by",
    "seed": "Seed",
    "started": "Started",
    "seconds": "Took",
    "versions": "Versions",
}
SHOWN_APART = ("command", "data")


def render(report):
    """The last section of the page as HTML."""
    parts = [
        _command(report.recipe.get("command")),
        _facts(report),
        "<h3>The models as text</h3>",
        _models(report),
        "<h3>What is missing</h3>",
        _missing(report),
        "<h3>Labels used per task</h3>",
        _labels(report),
        _metrics(report),
    ]
    return "\n".join(part for part in parts if part)


def _command(command):
    if not command:
        return '<p class="absent">The run was not started from the command line.</p>'
    return f"<p>The same numbers again:</p><pre><code>{tags.text(command)}</code></pre>"


def _facts(report):
    data = report.recipe.get("data") or {}
    facts = {f"Data: {key}": value for key, value in data.items()}
    known = [key for key in NAMES if report.recipe.get(key) is not None]
    more = [key for key in report.recipe if key not in NAMES and key not in SHOWN_APART]
    facts |= {NAMES.get(key, key): _value(key, report.recipe[key]) for key in [*known, *more]}
    if not facts:
        return '<p class="absent">The report carries no recipe.</p>'
    lines = "".join(f"<dt>{tags.text(k)}</dt><dd>{tags.text(v)}</dd>" for k, v in facts.items())
    return f"<dl>{lines}</dl>"


def _value(key, value):
    if key == "seconds":
        return numbers.seconds(value)
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {_value('', inner)}" for name, inner in value.items() if inner is not None
        )
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _models(report):
    if not report.models:
        return '<p class="absent">None.</p>'
    head = ("model", "text, to be pasted back", "status", "papers")
    rows = [
        [
            tags.word(model["name"]),
            tags.code(model["text"]),
            tags.word(model["error"] or model["status"], "" if not model["error"] else "loses"),
            tags.Cell("<br>".join(map(tags.text, model["papers"])) or "–"),
        ]
        for model in report.models
    ]
    return tags.table(head, rows, caption="The models as text", look="wrap cards")


def _missing(report):
    lines = [f"Not tried: {text}" for text in report.not_tried]
    lines += [
        f"Undefined: {task} in {numbers.count(n, 'split')}: {reason}"
        for (task, reason), n in lookup.undefined(report)
    ]
    failed = [m for m in report.models if m["status"] == "failed"]
    lines += [f"Failed: {m['name']}: {m['error']}" for m in failed]
    if not lines:
        return "<p>Nothing: every model was fitted, and every score is defined.</p>"
    return f"<ul>{''.join(f'<li>{tags.text(line)}</li>' for line in lines)}</ul>"


def _labels(report):
    if not report.labels:
        return '<p class="absent">Not counted.</p>'
    counts = [
        [tags.word(row["task"]), *(tags.number(row[key], _count) for key in ("train", "test"))]
        for row in report.labels
    ]
    head = ("task", "train", "test")
    table = tags.table(head, counts, caption="Labels used per task", right={1, 2})
    return f"<details><summary>{len(counts)} tasks</summary>{table}</details>"


def _count(value):
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def _metrics(report):
    if not report.metrics:
        return ""
    lines = "".join(
        f"<dt>{tags.text(m['name'])}</dt>"
        f"<dd>{tags.text(m.get('text') or '')} ({tags.text(m['better'])} is better)</dd>"
        for m in report.metrics
    )
    return f"<h3>Metrics</h3><dl>{lines}</dl>"
