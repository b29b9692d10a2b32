"""Scores against training size: how many labels learning together saves."""

from polytask.errors import extra
from polytask.report.plots import style


def curves(report, metric):
    """One line per model: mean score against the size of the training part, with its interval.

    Parameters
    ----------
    report : Report
    metric : str
        One of the metrics in ``report.curves``.

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
    >>> curves(Report(), "rmse").layout.yaxis.title.text
    'rmse'
    """
    go = extra("plotly.graph_objects", "report")
    rows = [row for row in report.curves if row["metric"] == metric and row["mean"] is not None]
    axis = "n_train" if rows and all(row.get("n_train") is not None for row in rows) else "fraction"
    figure = go.Figure(layout=style.layout(420))
    for name, line in style.lines(report).items():
        points = sorted((r for r in rows if r["model"] == name), key=lambda r: r[axis])
        if points:
            figure.add_traces(_traces(go, points, axis, line=line))
    title = "training rows" if axis == "n_train" else "share of the training part"
    figure.update_xaxes(title_text=title, zeroline=False)
    return figure.update_yaxes(title_text=style.label(metric, 60), zeroline=False)


def _traces(go, points, axis, *, line):
    x, name = [p[axis] for p in points], style.label(points[0]["model"], 40)
    detail = [
        "" if p["low"] is None or p["high"] is None else f" ({p['low']:.3g} to {p['high']:.3g})"
        for p in points
    ]
    mean = go.Scatter(
        x=x,
        y=[p["mean"] for p in points],
        mode="lines+markers",
        name=name,
        legendgroup=name,
        line=line,
        marker={"size": 7},
        customdata=detail,
        hovertemplate=f"<b>{name}</b><br>%{{x}}: %{{y:.3g}}%{{customdata}}<extra></extra>",
    )
    return [*_band(go, points, x, name=name, line=line), mean]


def _band(go, points, x, *, name, line):
    # Only the two lines that the headline compares get a band: more would hide each other.
    known = all(p["low"] is not None and p["high"] is not None for p in points)
    if not known or not (line["width"] == 3 or line["dash"] == "dash"):
        return []
    return [
        go.Scatter(
            x=[*x, *x[::-1]],
            y=[*(p["high"] for p in points), *(p["low"] for p in points[::-1])],
            fill="toself",
            fillcolor=style.faded(line["color"], 0.14),
            line={"width": 0},
            mode="lines",
            legendgroup=name,
            showlegend=False,
            hoverinfo="skip",
        )
    ]
