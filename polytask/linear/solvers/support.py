"""Newton steps on the rows in use: where epochs of coordinate descent make no way."""

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from polytask.linear.on_rows import on_rows
from polytask.linear.penalties.blocks import LENGTH, Blocks

# Coefficients in use whose system is solved (10 ms), steps, and halvings of a step.
LARGEST, STEPS, HALVINGS = 600, 20, 10
# A grain of the mean curvature, so that copies of a column have a system; a fall that is worth a
# step more, relative to the objective.
GRAIN, WORTH = 1e-13, 1e-10


def on_support(problem, price, W):
    """W ``(d, P)`` after Newton steps on its rows that are not zero; the objective never rises.

    Rows of the lengths that `Blocks` price have second derivatives, ``cut / |w|`` across a row and
    none along it. A row that a step would turn around goes to zero; what should come back does so
    in the next epochs. Other prices, and more rows than are worth a system, are left as they are.

    Parameters
    ----------
    problem : Problem
        Of squared losses.
    price : Blocks
    W : array (d, P)
    """
    if type(price) is not Blocks or price.norm != LENGTH or not price.single:
        return W
    used = np.flatnonzero(W.any(axis=1))
    if not 0 < len(used) * W.shape[1] <= LARGEST:
        return W
    local, inside = on_rows(problem, used), price.on(used)
    V = _descended(local, inside, W[used])
    out = np.zeros_like(W)
    out[used] = V
    return out


def _descended(problem, price, V):
    here = _objective(problem, price, V)
    H = problem.hessian(V)
    for _ in range(STEPS):
        kept = np.flatnonzero(V.any(axis=1))
        step = np.zeros_like(V)
        step[kept] = _step(problem, price.on(kept), H[:, kept[:, None], kept], V, kept)
        lower = _shortened(problem, price, V, step, here)
        if lower is None:
            break
        before, (V, here) = here, lower
        if before - here <= WORTH * abs(here):
            break
    return V


def _step(problem, price, H, V, kept):
    """Newton's step ``(k, P)`` of the rows that are kept."""
    W = V[kept]
    length = np.linalg.norm(W, axis=1)
    U, bend = W / length[:, None], price.cut / length
    slope = problem.at(V).gradient[kept] + price.cut[:, None] * U + price.ridge[:, None] * W
    k, P = W.shape
    M, at, each = np.zeros((P, k, P, k)), np.arange(k), np.arange(P)
    M[each, :, each] = H
    across = bend[:, None, None] * (np.eye(P) - U[:, :, None] * U[:, None, :])
    M[:, at, :, at] += across + price.ridge[:, None, None] * np.eye(P)
    M = M.reshape(k * P, k * P)
    M[np.diag_indices(k * P)] += GRAIN * np.trace(M) / (k * P)
    try:
        return -cho_solve(cho_factor(M), slope.T.ravel()).reshape(P, k).T
    except LinAlgError:
        return np.zeros_like(W)


def _shortened(problem, price, V, step, here):
    """The first of the steps 1, 1/2, 1/4, ... that lowers the objective, and the objective there.

    None where none does.
    """
    for _ in range(HALVINGS):
        new = V + step
        new[np.einsum("jp,jp->j", new, V) <= 0] = 0.0
        value = _objective(problem, price, new)
        if value < here:
            return new, value
        step = step / 2
    return None


def _objective(problem, price, V):
    return problem.at(V).value + price.value(V)
