"""The path as a table of coefficients and as a picture."""

import numpy as np

from polytask.errors import extra
from polytask.report.plots import style

MOST = 12  # features that have a colour and a name; the others are grey


def coefficient_rows(path):
    """Yield ``alpha, second, task, output, feature, coef`` of coefficients that are not zero."""
    unit = np.ones(path.problem.shape[0]) if path.problem.std is None else path.problem.std
    names = path.data.feature_names
    for point in path.points:
        second = point.penalty.second
        at = {"alpha": point.penalty.alpha}
        if second is not None:
            at[second] = point.penalty.get_params()[second]
        for j, row in zip(point.rows, point.coefficients):
            for p in np.flatnonzero(row):
                task, output = path.problem.outputs.names[p]
                here = {"task": task, "output": output, "feature": names[j]}
                yield at | here | {"coef": float(row[p] / unit[j])}


def figure(path):
    """Length of every feature's coefficients over tasks, at every strength of the first line."""
    go = extra("plotly.graph_objects", "report")
    points = [point for point in path.points if point.line == path.points[0].line]
    size = np.zeros((len(points), path.data.n_features))
    for k, point in enumerate(points):
        size[k, point.rows] = np.linalg.norm(point.coefficients, axis=1)
    order = np.argsort(-size.max(axis=0), kind="stable")
    order = order[size.max(axis=0)[order] > 0]
    drawn = go.Figure(layout=style.layout(400))
    for rank, j in reversed(list(enumerate(order))):
        drawn.add_trace(_line(go, path, points, size[:, j], j, rank))
    title = "strength (alpha)"
    drawn.update_xaxes(type="log", autorange="reversed", title_text=title, zeroline=False)
    return drawn.update_yaxes(title_text="length of the coefficients over tasks", zeroline=False)


def _line(go, path, points, size, j, rank):
    named = rank < MOST
    name = style.label(path.data.feature_names[j], 24)
    colour = style.SERIES[rank % len(style.SERIES)] if named else style.faded(style.UNDECIDED, 0.45)
    return go.Scatter(
        x=[point.penalty.alpha for point in points],
        y=size,
        mode="lines",
        name=name,
        showlegend=named,
        line={
            "width": 2 if named else 1,
            "color": colour,
            "dash": style.DASHES[min(rank // len(style.SERIES), 2)] if named else "solid",
        },
        hovertemplate=f"{name}<br>alpha %{{x:.3g}}<br><b>%{{y:.4g}}</b><extra></extra>",
    )
