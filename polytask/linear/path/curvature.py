"""Second derivatives of the loss on the rows of W that are in use."""

from dataclasses import dataclass, replace

import numpy as np

from polytask.errors import PolytaskError
from polytask.linear.gram_part import GramPart
from polytask.linear.problem import Problem
from polytask.linear.table_part import TablePart

# Rows of a matrix that is inverted for one number (half a second).
LARGEST = 2000


@dataclass
class Unknown(PolytaskError):
    """There is no formula; ``reason`` is a sentence."""

    reason: str


def hessians(problem, W, rows):
    """Second derivatives of the loss on some rows of W, ``(1, k, k)`` or ``(P, k, k)``."""
    coupled = sorted({"multinomial", "cox"} & problem.losses)
    if coupled:
        raise Unknown(f"The loss {coupled[0]} couples outputs or rows; no formula is at hand.")
    if len(rows) > LARGEST:
        raise Unknown(f"{len(rows)} features are in use; formulas go up to {LARGEST}.")
    parts = tuple(_part(part, rows) for part in problem.parts)
    std = None if problem.std is None else problem.std[rows]
    return Problem(parts, problem.outputs, len(rows), std).hessian(W[rows])


def _part(part, rows):
    if isinstance(part, GramPart):
        G = part.G[:, rows[:, None], rows]
        return replace(part, G=G, C=part.C[rows], x_mean=part.x_mean[:, rows])
    std = None if part.std is None else part.std[rows]
    return TablePart(
        part.columns,
        part.X[:, rows],
        part.Y,
        part.A,
        part.blocks,
        std=std,
        fit_intercept=part.fit_intercept,
        offset=part.offset,
    )


def each(problem, W):
    """Rows in use, their Hessian ``(1, k, k)`` and coefficients ``(k, 1)``, output by output."""
    rows = np.flatnonzero(W.any(axis=1))
    H = hessians(problem, W, rows)
    for p in range(W.shape[1]):
        at = np.flatnonzero(W[rows, p])
        one = H[0 if len(H) == 1 else p]
        yield rows[at], one[None, at[:, None], at], W[rows[at], p : p + 1]
