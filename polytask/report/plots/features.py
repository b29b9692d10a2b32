"""The feature view: which inputs serve several tasks, which one, which none."""

from polytask.errors import extra
from polytask.report.plots import style

MOST = 50  # features that still have room for their names
ORDER = {"shared": 0, "own": 1, "unused": 2}


def ranked(report, model):
    """The features of a model: shared first, then own, then unused; by importance inside."""
    rows = [row for row in report.features if row["model"] == model]
    return sorted(rows, key=lambda row: (ORDER.get(row["shared"], 3), -_total(row)))


def features(report, model):
    """Feature × task map of importance (or of use, where no importance was measured).

    Parameters
    ----------
    report : Report
    model : str
        A model in ``report.features``. The first 50 of its features are drawn.

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
    >>> row = {"model": "m", "feature": "age", "shared": "shared", "tasks": ["a"]}
    >>> report = Report(features=[row | {"importance": {"a": 0.5}}])
    >>> features(report, "m").data[0].z[0][0]
    0.5
    """
    go = extra("plotly.graph_objects", "report")
    rows = ranked(report, model)[:MOST]
    tasks = _tasks(report, rows)
    measured = any(row["importance"] for row in rows)
    names = style.labels([f"{row['feature']} · {row['shared']}" for row in rows], 26)
    heat = go.Heatmap(
        z=[[_cell(row, task, measured=measured) for task in tasks] for row in rows],
        x=style.labels(tasks, 18),
        y=names,
        zmin=0,
        colorscale=style.SEQUENTIAL,
        xgap=1 if len(tasks) <= MOST else 0,
        ygap=1,
        showscale=measured,
        colorbar={"thickness": 10, "outlinewidth": 0, "title": {"text": ""}},
        hovertemplate="%{y}<br>%{x}<br><b>%{z:.3g}</b><extra></extra>",
    )
    figure = go.Figure(heat, layout=style.layout(150 + 26 * max(len(rows), 1)))
    side = {"showgrid": False, "zeroline": False}
    figure.update_xaxes(**side, tickangle=-45, showticklabels=len(tasks) <= MOST)
    return figure.update_yaxes(**side, autorange="reversed")


def _tasks(report, rows):
    named = [task["name"] for task in report.tasks]
    more = [t for row in rows for t in (*row["tasks"], *row["importance"])]
    return list(dict.fromkeys([*named, *more]))


def _total(row):
    return sum(value for value in row["importance"].values() if value is not None)


def _cell(row, task, *, measured):
    return row["importance"].get(task) if measured else float(task in row["tasks"])
