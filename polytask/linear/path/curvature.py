"""Second derivatives of the loss on the rows of W that are in use."""

from dataclasses import dataclass

import numpy as np

from polytask.errors import PolytaskError
from polytask.linear.on_rows import on_rows

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
    return on_rows(problem, rows).hessian(W[rows])


def each(problem, W):
    """Rows in use, their Hessian ``(1, k, k)`` and coefficients ``(k, 1)``, output by output."""
    rows = np.flatnonzero(W.any(axis=1))
    H = hessians(problem, W, rows)
    for p in range(W.shape[1]):
        at = np.flatnonzero(W[rows, p])
        one = H[0 if len(H) == 1 else p]
        yield rows[at], one[None, at[:, None], at], W[rows[at], p : p + 1]
