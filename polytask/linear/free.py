"""Features that nothing is paid for: the loss of the other coefficients, with these at their best.

What an intercept is to every model, they are to penalised ones: taken out before a solver looks, so
that every solver, certificate and path is that of the penalised coefficients alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from polytask.linear.free_part import FreePart
from polytask.linear.gram_part import GramPart
from polytask.linear.output_units import OutputUnits
from polytask.linear.problem import Problem
from polytask.linear.solvers.columns import centred
from polytask.linear.table_part import TablePart
from polytask.ops.linalg import smallest_solution
from polytask.ops.prox import TINY

# Share of a column that is left beside the free ones, below which all of it is rounding.
NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Freed(Problem):
    """A `Problem` in which some rows of W cost nothing, do nothing, and are filled in afterwards.

    Attributes
    ----------
    rows : int array (k,)
        The free rows. The loss does not depend on them; its gradient there is zero.
    fills : tuple of (columns, function)
        For every part, from its coefficients ``(d, P)`` to the best of the free rows ``(k, P)``.
    """

    rows: np.ndarray | None = None
    fills: tuple[tuple[np.ndarray, Callable], ...] = ()

    def whole(self, W):
        """W ``(d, P)`` with the free rows where the loss is smallest."""
        out = W.copy()
        for columns, fill in self.fills:
            out[np.ix_(self.rows, columns)] = fill(W[:, columns])
        return out


def freed(problem, rows):
    """The problem of the other rows of W, with these at their best.

    Squared losses: other Grams, or another table, whose columns are what the free ones leave of
    them (Frisch, Waugh and Lovell); every solver takes them. Other losses, sparse tables and tables
    with a weight per label: the free rows are found anew at every point.

    Parameters
    ----------
    problem : Problem
    rows : int array (k,)
        Rows of W.

    Returns
    -------
    Freed
    """
    made = [_part(part, rows) for part in problem.parts]
    fills = tuple((part.columns, fill) for part, (_, fill) in zip(problem.parts, made))
    parts = tuple(part for part, _ in made)
    same = (problem.outputs, problem.n_features, problem.std, problem.constant)
    return Freed(parts, *same, rows=rows, fills=fills)


def _part(part, rows):
    """A part without the free rows, and the function that fills them."""
    if isinstance(part, GramPart):
        return _gram(part, rows)
    if isinstance(part, OutputUnits):
        inside, fill = _part(part.part, rows)
        return OutputUnits(inside, part.t), lambda U: fill(U / part.t) * part.t
    plain = isinstance(part, TablePart) and part.shared and part.offset is None
    if plain and not sparse.issparse(part.X):
        return _table(part, rows)
    found = FreePart(part, rows)
    return found, found.best


def _gram(part, rows):
    """Schur complements: what the free columns explain is taken out of every product."""
    length = np.sqrt(np.maximum(np.einsum("pjj->pj", part.G)[:, rows], TINY))
    across = part.G[:, rows] / length[:, :, None]
    inside = across[:, :, rows] / length[:, None, :]
    B = smallest_solution(inside, across) / length[:, :, None]
    right = np.broadcast_to(part.C[rows].T, (len(part.columns), len(rows)))
    c = smallest_solution(inside, (right / length)[:, :, None])[:, :, 0] / length
    G = part.G - np.swapaxes(part.G[:, rows], 1, 2) @ B
    both = (*c.shape, len(part.C))
    C = part.C - np.einsum("pkj,pk->jp", np.broadcast_to(part.G[:, rows], both), c)
    left = _left(np.einsum("pjj->pj", G), np.einsum("pjj->pj", part.G))
    left[:, rows], B[:, :, rows] = False, 0.0
    G *= left[:, :, None] & left[:, None, :]
    C *= np.broadcast_to(left, C.T.shape).T
    yy = np.maximum(part.yy - np.sum(right * c, axis=1), 0.0)

    def fill(W):
        return c.T - np.einsum("pkj,jp->kp", np.broadcast_to(B, both), W)

    return replace(part, G=G, C=C, yy=yy), fill


def _table(part, rows):
    """A table of what the free columns leave of the others and of the labels; the one copy."""
    weight = part.A[:, 0]
    root = np.sqrt(weight)[:, None]
    Z = centred(part, rows, weight)
    length = np.maximum(np.linalg.norm(root * Z, axis=0), TINY)
    inverse = np.linalg.pinv(root * (Z / length), rcond=NOTHING) / length[:, None]
    X = np.asarray(part.X, dtype=np.float64)
    X = X.copy() if part.std is None else X / part.std
    before = np.einsum("ij,ij,i->j", X, X, weight)
    M, m = inverse @ (root * X), inverse @ (root * part.Y)
    X -= Z @ M
    left = _left(np.einsum("ij,ij,i->j", X, X, weight), before)
    left[rows], M[:, rows] = False, 0.0
    X[:, ~left] = 0.0
    rules = {"std": None, "fit_intercept": part.fit_intercept}
    other = TablePart(part.columns, X, part.Y - Z @ m, part.A, part.blocks, **rules)
    return other, lambda W: m - M @ W


def _left(after, before):
    """Where squares of columns are more than the rounding of what they were before."""
    return after > NOTHING * before
