"""The regularisation path: what the inner search saw, candidate by candidate."""

import re
from collections import Counter

from polytask.errors import extra
from polytask.report.plots import style
from polytask.report.render import lookup

FEW = 8  # candidates that all have room for their number
ONE_NUMBER = re.compile(r"^\s*([\w.]+)\s*=\s*([0-9.eE+-]+)\s*$")


def path(report, model):
    """Inner score of every candidate: one thin line per outer split, the mean in bold.

    Candidates that differ in one positive number stand on a logarithmic axis, all others in the
    order in which they were tried. A ring marks the candidate chosen most often, or, where the
    report does not say what was chosen, the best mean.

    Parameters
    ----------
    report : Report
    model : str
        A model in ``report.paths``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    MissingExtraError
        Without plotly.

    Examples
    --------
    >>> from polytask.report.report import Report
    >>> row = {"model": "m", "split": 0, "metric": "r2", "se": None}
    >>> rows = [row | {"params": f"alpha={a}", "mean": a} for a in (0.1, 1.0)]
    >>> figure = path(Report(paths=rows), "m")
    >>> figure.layout.xaxis.type, figure.layout.xaxis.title.text
    ('log', 'alpha')
    """
    go = extra("plotly.graph_objects", "report")
    rows = [row for row in report.paths if row["model"] == model and row["mean"] is not None]
    texts = list(dict.fromkeys(row["params"] for row in rows))
    name, places = _places(texts)
    figure = go.Figure(layout=style.layout(400))
    for split in dict.fromkeys(row["split"] for row in rows):
        figure.add_trace(_split(go, [r for r in rows if r["split"] == split], places))
    figure.add_traces(_mean(go, report, rows, places=places))
    figure.update_xaxes(title_text=name, zeroline=False)
    if name != "candidate":
        figure.update_xaxes(type="log", **_ticks(places))
    metric = style.label(rows[0]["metric"], 60) if rows else ""
    return figure.update_yaxes(title_text=metric, zeroline=False)


def _places(texts):
    """What the axis is called, and the place of every candidate on it."""
    found = [ONE_NUMBER.match(text) for text in texts]
    if found and all(found) and len({m[1] for m in found}) == 1:
        values = [_number(m[2]) for m in found]
        if all(value is not None and value > 0 for value in values):
            return found[0][1], dict(zip(texts, values))
    return "candidate", dict(zip(texts, style.labels(texts, 28)))


def _ticks(places):
    values = sorted(set(places.values()))
    if len(values) > FEW:
        return {"dtick": 1, "exponentformat": "power"}
    return {"tickvals": values, "ticktext": [f"{value:g}" for value in values]}


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None


def _split(go, rows, places):
    return go.Scatter(
        x=[places[row["params"]] for row in rows],
        y=[row["mean"] for row in rows],
        mode="lines",
        line={"width": 1, "color": style.faded(style.UNDECIDED, 0.45)},
        showlegend=False,
        hoverinfo="skip",
    )


def _mean(go, report, rows, *, places):
    if not rows:
        return []
    means = {
        text: lookup.mean(r["mean"] for r in rows if r["params"] == text)
        for text in dict.fromkeys(r["params"] for r in rows)
    }
    errors = [lookup.mean(r["se"] for r in rows if r["params"] == text) or 0 for text in means]
    x, y = [places[text] for text in means], list(means.values())
    best = _chosen(report, rows, y)
    line = go.Scatter(
        x=x,
        y=y,
        mode="lines+markers",
        name="mean over splits, with its standard error",
        line={"width": 3, "color": style.GAINS},
        marker={"size": 8},
        error_y={"array": errors, "thickness": 1.5, "width": 3},
        customdata=[style.label(text, 80) for text in means],
        hovertemplate="%{customdata}<br><b>%{y:.4g}</b><extra></extra>",
    )
    ring = go.Scatter(
        x=[x[best]],
        y=[y[best]],
        mode="markers",
        name="chosen most often" if "chosen" in rows[0] else "best mean",
        marker={"size": 18, "symbol": "circle-open", "color": style.LOSES, "line": {"width": 2.5}},
        hoverinfo="skip",
    )
    return [line, ring]


def _chosen(report, rows, means):
    """The place of the candidate to mark."""
    texts = list(dict.fromkeys(row["params"] for row in rows))
    if "chosen" in rows[0]:
        votes = Counter(row["params"] for row in rows if row["chosen"])
        return texts.index(max(texts, key=lambda text: votes[text]))
    pick = max if lookup.better(report, rows[0]["metric"]) == "higher" else min
    return means.index(pick(means))
