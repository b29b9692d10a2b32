"""Heat map of a relation, similar tasks side by side."""

import numpy as np

from polytask.errors import extra
from polytask.relation import Relation
from polytask.report.plots import style

NAMED = 30  # more tasks than this leave no room for their names


def relation(report, model):
    """The task × task matrix that a model learned, ordered so that similar tasks are neighbours.

    Parameters
    ----------
    report : Report
    model : str
        A key of ``report.relations``.

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
    >>> matrix = [[1, 0, 0.9], [0, 1, 0.1], [0.9, 0.1, 1]]
    >>> value = {"names": ["a", "b", "c"], "matrix": matrix, "meaning": "correlation"}
    >>> figure = relation(Report(relations={"model": value}), "model")
    >>> figure.data[0].x[1]     # like a and a little like b, so it stands between them
    'c'
    """
    go = extra("plotly.graph_objects", "report")
    value = _relation(report.relations[model])
    order = value.order()
    names = style.labels([value.names[i] for i in order], 18)
    matrix = value.matrix[np.ix_(order, order)]
    figure = go.Figure(_heat(go, matrix, names, value), layout=style.layout(_height(len(names))))
    shown = len(names) <= NAMED
    side = {"showgrid": False, "zeroline": False, "showline": False, "showticklabels": shown}
    figure.update_xaxes(**side, tickangle=-45, constrain="domain")
    return figure.update_yaxes(**side, autorange="reversed", scaleanchor="x", constrain="domain")


def _relation(value):
    matrix = [[np.nan if cell is None else cell for cell in row] for row in value["matrix"]]
    return Relation(np.array(matrix, dtype=float), tuple(value["names"]), value["meaning"])


def _height(count):
    return int(np.clip(150 + 44 * count, 320, 620))


def _heat(go, matrix, names, value):
    known = np.abs(matrix[np.isfinite(matrix)])
    bound = float(known.max()) if known.size and known.max() > 0 else 1.0
    return go.Heatmap(
        z=matrix.tolist(),
        x=names,
        y=names,
        zmin=-bound,
        zmax=bound,
        zmid=0,
        colorscale=style.DIVERGING,
        xgap=1 if len(names) <= NAMED else 0,
        ygap=1 if len(names) <= NAMED else 0,
        colorbar={"thickness": 10, "outlinewidth": 0, "len": 0.8, "title": {"text": ""}},
        hovertemplate="%{y}<br>%{x}<br><b>%{z:.3f}</b><extra></extra>",
    )
