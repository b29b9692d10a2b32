"""The loss of some rows of W alone, all others at zero."""

from dataclasses import replace

from polytask.linear.gram_part import GramPart
from polytask.linear.problem import Problem
from polytask.linear.table_part import TablePart


def on_rows(problem, rows):
    """The problem ``(k, P)`` of some rows ``(k,)`` of W ``(d, P)``; their columns are copied."""
    parts = tuple(_part(part, rows) for part in problem.parts)
    std = None if problem.std is None else problem.std[rows]
    return Problem(parts, problem.outputs, len(rows), std)


def _part(part, rows):
    if isinstance(part, GramPart):
        G = part.G[:, rows[:, None], rows]
        return replace(part, G=G, C=part.C[rows], x_mean=part.x_mean[:, rows])
    std = None if part.std is None else part.std[rows]
    rules = {"std": std, "fit_intercept": part.fit_intercept, "offset": part.offset}
    return TablePart(part.columns, part.X[:, rows], part.Y, part.A, part.blocks, **rules)
