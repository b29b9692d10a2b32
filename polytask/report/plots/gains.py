"""Gains per task with intervals: who wins and who pays."""

from polytask.errors import extra
from polytask.report.plots import style
from polytask.report.render import lookup, numbers

LISTED = 40  # up to so many tasks get a line with their name


def gains(report, model):
    """Relative gain of each task over the baseline, with its interval, the best first.

    Up to 40 tasks stand one below the other with their names; more are drawn as one row of
    points from the most to the least gain, with the name on hovering. Tasks whose gain is
    undefined are left out.

    Parameters
    ----------
    report : Report
    model : str
        Name of one of its models.

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
    >>> gains(Report(), "none").layout.xaxis.title.text
    'gain over the baseline, per cent'
    """
    go = extra("plotly.graph_objects", "report")
    found = lookup.gains_of(report, model)
    listed = len(found) <= LISTED
    names = style.labels([g["task"] for g in found])
    positions = names if listed else list(range(1, len(found) + 1))
    figure = go.Figure(layout=style.layout(_height(len(found)) if listed else 440))
    for verdict in style.VERDICTS:
        chosen = [i for i, g in enumerate(found) if g["verdict"] == verdict]
        points = [_point(report, found[i]) for i in chosen]
        if points:
            places = [positions[i] for i in chosen]
            figure.add_trace(_trace(go, points, places, verdict=verdict, listed=listed))
    return _axes(figure, names, _title(found), listed=listed)


def _height(count):
    return 96 + 30 * max(count, 1)


def _title(found):
    baselines = list(dict.fromkeys(g["baseline"] for g in found))
    name = style.label(baselines[0], 40) if len(baselines) == 1 else "the baseline"
    return f"gain over {name}, per cent"


def _point(report, gain):
    low, high = lookup.relative_interval(report, gain)
    value = 100 * gain["gain"]
    up = 0 if high is None else 100 * high - value
    down = 0 if low is None else value - 100 * low
    p = gain["p_holm"]
    detail = [
        style.label(gain["task"], 60),
        numbers.percent_between(gain["gain"], low, high),
        f"{numbers.signed(gain['difference'])} {style.label(gain['metric'], 60)}",
        f"p after Holm {'unknown' if p is None else f'{p:.2g}'}, {gain['verdict']}",
    ]
    return value, up, down, detail


def _trace(go, points, places, *, verdict, listed):
    values, ups, downs, details = zip(*points, strict=True)
    colour = style.VERDICTS[verdict]
    bars = {
        "array": ups,
        "arrayminus": downs,
        "symmetric": False,
        "thickness": 2 if listed else 1,
        "width": 0,
        "color": style.faded(colour, 0.55),
    }
    return go.Scatter(
        x=values if listed else places,
        y=places if listed else values,
        mode="markers",
        name=verdict,
        showlegend=True,
        marker={"color": colour, "size": 11 if listed else 6},
        error_x=bars if listed else None,
        error_y=None if listed else bars,
        customdata=details,
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}"
        "<br>%{customdata[3]}<extra></extra>",
    )


def _axes(figure, names, title, *, listed):
    number = {
        "zeroline": True,
        "zerolinewidth": 2,
        "zerolinecolor": style.UNDECIDED,
        "title_text": title,
    }
    if listed:
        figure.update_xaxes(**number)
        figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], showgrid=False)
        return figure.update_yaxes(range=[-0.7, len(names) - 0.3])
    figure.update_yaxes(**number)
    text = "tasks, from the most gain to the least"
    figure.update_xaxes(title_text=text, showgrid=False, zeroline=False)
    return _ends(figure, names)


def _ends(figure, names):
    """The names of the first and the last point beside them."""
    places = {x: y for trace in figure.data for x, y in zip(trace.x, trace.y)}
    for place, anchor, right, up in ((1, "left", 8, 0), (len(names), "right", -8, -14)):
        figure.add_annotation(
            text=names[place - 1],
            x=place,
            y=places[place],
            xanchor=anchor,
            xshift=right,
            yshift=up,
            showarrow=False,
        )
    return figure
