"""The regularisation path: what the inner search saw, candidate by candidate."""

from polytask.errors import extra
from polytask.report.plots import style
from polytask.report.plots.grid import read

COLOURS = tuple(c for c in style.SERIES if c != style.LOSES)  # that one is for the rings
FEW = 8  # candidates that all have room for their number


def path(report, model):
    """Inner score of every candidate: the mean over splits, and rings around what was chosen.

    The parameter that varies most stands on a logarithmic axis; what else varies makes several
    lines. Where nothing can stand on an axis, candidates come in the order of the grid. One line
    also shows every split, thin. The larger the ring, the more splits chose the candidate.

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
    rows = [row for row in report.paths if row["model"] == model]
    grid = read(rows)
    figure = go.Figure(layout=style.layout(400))
    if len(grid.series) == 1:
        figure.add_traces([_split(go, grid, i) for i in range(grid.splits)])
    for i, series in enumerate(grid.series):
        figure.add_trace(_line(go, grid, series, colour=COLOURS[i % len(COLOURS)]))
    figure.add_traces(_rings(go, grid))
    _axis(figure, grid)
    metric = style.label(rows[0]["metric"], 60) if rows else ""
    return figure.update_yaxes(title_text=metric, zeroline=False)


def _axis(figure, grid):
    if not grid.axis:
        text = "candidate, in the order of the grid"
        return figure.update_xaxes(title_text=text, zeroline=False, tickformat="d")
    figure.update_xaxes(title_text=style.label(grid.axis, 60), zeroline=False, type="log")
    values = sorted({one.x for one in grid.candidates})
    if len(values) > FEW:
        return figure.update_xaxes(dtick=1, exponentformat="power")
    return figure.update_xaxes(tickvals=values, ticktext=[f"{value:.3g}" for value in values])


def _split(go, grid, split):
    points = [one.by_split[split] for one in grid.candidates]
    return go.Scatter(
        x=[x for x, _ in points],
        y=[y for _, y in points],
        mode="lines",
        line={"width": 1, "color": style.faded(style.UNDECIDED, 0.45)},
        showlegend=False,
        hoverinfo="skip",
    )


def _line(go, grid, series, *, colour):
    points = [one for one in grid.candidates if one.series == series]
    single = len(grid.series) == 1
    return go.Scatter(
        x=[one.x for one in points],
        y=[one.mean for one in points],
        mode="lines+markers",
        name="mean over splits, with its standard error" if single else style.label(series, 40),
        line={"width": 3 if single else 2, "color": colour},
        marker={"size": 7 if single else 5},
        error_y={"array": [one.se or 0 for one in points], "thickness": 1.5, "width": 0}
        if single
        else None,
        customdata=[style.label(one.text, 90) for one in points],
        hovertemplate="%{customdata}<br><b>%{y:.4g}</b><extra></extra>",
    )


def _rings(go, grid):
    chosen = [one for one in grid.candidates if one.votes and one.mean is not None]
    if not chosen:
        return []
    ring = go.Scatter(
        x=[one.x for one in chosen],
        y=[one.mean for one in chosen],
        mode="markers",
        name="chosen",
        marker={
            "size": [12 + 14 * one.votes / grid.splits for one in chosen],
            "symbol": "circle-open",
            "color": style.LOSES,
            "line": {"width": 2.5},
        },
        customdata=[f"chosen in {one.votes} of {grid.splits}" for one in chosen],
        hovertemplate="%{customdata}<extra></extra>",
    )
    return [ring]
