"""The top of the page: the answer, its four numbers, and the verdict table."""

from polytask.report.render import bars, lookup, numbers, tags

NARROW = "\u202f%"  # per cent after a narrow space that does not break
BADGES = {
    "yes": ("gains", "Yes"),
    "no": ("undecided", "No"),
    "harm": ("loses", "No"),
    "cannot tell": ("undecided", "Cannot tell"),
    "nothing": ("undecided", "No answer"),
}


def badge(found):
    """The answer as one coloured word."""
    look, word = BADGES[found.answer]
    return f'<span class="badge {look}">{word}</span>'


def headline(found):
    """The title without the word that the badge already says."""
    title = found.title.split(": ", 1)[1]
    return tags.text(title[0].upper() + title[1:])


def tiles(report, found):
    """Four numbers: mean gain, tasks, worst task, cost; nothing where there is no leader."""
    row = next((row for row in lookup.rows(report) if row.name == found.leader), None)
    if row is None:
        return ""
    s = row.summary
    ends = numbers.percent_ends(s.get("low"), s.get("high"))
    ends = ends.replace("-", "\u2212")
    gain = f"{ends} %, over {s['baseline']}" if ends else f"over {s['baseline']}"
    parts = [
        _tile(
            "Mean gain",
            tags.figures(numbers.percent(row.gain)),
            tags.breakable(gain).replace(" %", NARROW),
            _sure(s),
        ),
        _tile("Gain / cannot tell / lose", bars.count_words(s), bars.share_bar(s, wide=180)),
        _tile(
            "Worst task",
            tags.figures(numbers.percent(s["worst_gain"])),
            tags.text(s["worst_task"]),
            _worst(report, s),
        ),
        _tile("Time to fit", tags.figures(numbers.seconds(row.model["seconds"])), _cost(report, s)),
    ]
    return f'<div class="tiles">{"".join(parts)}</div>'


def _sure(summary):
    """The colour of a mean gain: none while its interval holds zero."""
    low, high = summary.get("low"), summary.get("high")
    if low is None or high is None:
        return ""
    return "gains" if low > 0 else "loses" if high < 0 else ""


def _worst(report, summary):
    """The colour of the worst task: its verdict."""
    found = [
        gain["verdict"]
        for gain in report.gains
        if (gain["model"], gain["task"]) == (summary["model"], summary["worst_task"])
    ]
    return found[0] if found and found[0] != "cannot tell" else ""


def _cost(report, summary):
    base = next((m for m in report.models if m["name"] == summary["baseline"]), None)
    if base is None:
        return ""
    return tags.breakable(f"{numbers.seconds(base['seconds'])} for {base['name']}")


def _tile(name, value, below, look=""):
    return (
        f'<div class="tile"><div class="name">{name}</div>'
        f'<div class="value {look}">{value}</div><div class="below">{below}</div></div>'
    )


def verdict_table(report):
    """One row per model, the most gain first."""
    rows = lookup.rows(report)
    if not rows:
        return '<p class="absent">The report holds no model.</p>'
    metric = lookup.headline_metric(report) or "score"
    head = (
        *("model", metric, "mean gain", "", "gain / cannot tell / lose"),
        *("tasks lower", "worst task", "time"),
    )
    most = _most(rows)
    lines = [_line(row, most) for row in rows]
    return tags.table(head, lines, caption="Models", right={1, 2, 5, 7}, look="cards")


def _most(rows):
    ends = [
        abs(value)
        for row in rows
        if row.summary
        for value in (row.gain, row.summary.get("low"), row.summary.get("high"))
        if value is not None
    ]
    # One method that loses 900 % must not flatten the bars of all others.
    return min(max(ends, default=0.0), 1.0) or 1.0


def _line(row, most):
    name = tags.Cell(f"<strong>{tags.breakable(row.name)}</strong>{_below(row)}", row.name)
    if row.failed:
        look = "loses" if row.role == "failed" else "muted"
        return [name, tags.word(row.role, look), *[tags.Cell("")] * 6]
    time = tags.number(row.model["seconds"], numbers.seconds)
    if not row.summary:
        return [name, tags.number(row.score), *[tags.Cell("")] * 5, time]
    s = row.summary
    ends = numbers.percent_ends(s.get("low"), s.get("high"))
    gain = tags.number(row.gain, numbers.percent, _sure(s))
    below = f'<span class="ends">{tags.figures(ends)} %</span>' if ends else ""
    bar = bars.gain_bar(row.gain, s.get("low"), s.get("high"), most=most)
    worst = tags.number(s["worst_gain"], numbers.percent)
    return [
        name,
        tags.number(row.score),
        tags.Cell(f"<span>{gain.html}{below}</span>", gain.value, f"strong {gain.look}"),
        tags.Cell(bar, row.gain, "drawn"),
        tags.Cell(bars.count_words(s) + bars.share_bar(s, wide=110, high=7), s["n_gains"]),
        tags.number(s["negative_share"], lambda value: numbers.percent(value, sign=False)),
        tags.Cell(f"{tags.text(s['worst_task'])} {worst.html}", worst.value),
        time,
    ]


def _below(row):
    if row.model["error"]:
        return f'<span class="below error">{tags.text(row.model["error"])}</span>'
    if row.role == "baseline":
        return '<span class="below">baseline</span>'
    against = row.summary["baseline"] if row.summary else row.model["baseline"]
    return f'<span class="below">against {tags.breakable(against)}</span>' if against else ""
