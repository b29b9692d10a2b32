"""The step of weighted differences along the edges of a graph, with exact fusions."""

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from polytask.ops.prox import TINY

# Rounds of the augmented Lagrangian, each a Newton method with halved steps.
OUTER, INNER, HALVINGS = 60, 50, 30
ENOUGH = 1e-4
# Remaining gap, relative to the squared length of a row.
EXACT = 1e-16
# The first step, its growth, and its end: beyond it, forces lose digits.
FIRST, GROWTH, STIFFEST = 1.0, 3.0, 1e4
# Slope at which a Newton method ends, relative to the largest entry: the pattern decides.
FLAT = 1e-11
# Sizes that are zero, relative to the largest of a row.
NOTHING = 1e-9


def incidence(P, edges, signs):
    """The matrix C ``(E, P)`` whose rows take ``w_a - sign w_b``.

    >>> incidence(3, np.array([[0, 1], [1, 2]]), np.array([1.0, -1.0]))
    array([[ 1., -1.,  0.],
           [ 0.,  1.,  1.]])
    """
    C = np.zeros((len(edges), P))
    at = np.arange(len(edges))
    C[at, edges[:, 0]] += 1
    C[at, edges[:, 1]] -= signs
    return C


def fuse(Z, C, cut):
    r"""``argmin_w |w - z|^2 / 2 + sum_e cut_e |(C w)_e|`` for every row z of Z ``(d, P)``.

    An augmented Lagrangian with semismooth Newton steps on all rows at once; outputs that are
    fused in the end get exactly one size.

    Parameters
    ----------
    Z : array (d, P)
    C : array (E, P)
        As of `incidence`.
    cut : array (E,), >= 0

    Examples
    --------
    >>> C = incidence(3, np.array([[0, 1], [1, 2]]), np.ones(2))
    >>> fuse(np.array([[1.0, 2.0, 9.0]]), C, np.array([1.0, 1.0]))
    array([[2., 2., 8.]])
    """
    W = Z.copy()
    rows = np.flatnonzero(np.any(Z @ C.T, axis=1)) if np.any(cut) else np.zeros(0, int)
    if len(rows):
        W[rows] = _dual(Z[rows], C, cut)
    return W


def _dual(Z, C, cut):
    """Rows of Z that are not fused already."""
    ends = np.argsort(C == 0, axis=1, kind="stable")[:, :2]
    done, W, U = np.empty_like(Z), Z.copy(), np.zeros((len(Z), len(C)))
    left = np.arange(len(Z))
    sigma = FIRST
    for _ in range(OUTER):
        W = _newton(Z[left], W, U, C, cut, sigma)
        U = np.clip(U + sigma * (W @ C.T), -cut, cut)
        exact = _together(Z[left], W, U, C, cut, ends)
        done[left] = exact
        open_ = _gap(Z[left], exact, U, C, cut) > EXACT * np.einsum("jp,jp->j", Z[left], Z[left])
        left, W, U = left[open_], W[open_], U[open_]
        if not len(left):
            break
        sigma = min(GROWTH * sigma, STIFFEST)
    return done


def _gap(Z, W, U, C, cut):
    """How far W is from the optimum at most, by forces U; without loss of digits at the optimum."""
    differ = W @ C.T
    # differences of outputs of one size are zero up to the rounding of one product
    differ[np.abs(differ) <= 4 * np.finfo(float).eps * np.abs(W).max(axis=1, keepdims=True)] = 0
    apart = W - Z + U @ C
    stretch = np.abs(differ) * cut - U * differ
    return 0.5 * np.einsum("jp,jp->j", apart, apart) + stretch.sum(axis=1)


def _newton(Z, W, U, C, cut, sigma):
    """Minimise ``|w - z|^2 / 2 + sum_e h_e(u_e + sigma (C w)_e)``, h of slope ``clip / sigma``."""
    W = W.copy()
    eye, left = np.eye(Z.shape[1]), np.arange(len(Z))
    value, force = _lagrangian(Z, W, U, C, cut, sigma)
    for _ in range(INNER):
        slope = W[left] - Z[left] + force[left] @ C
        small = np.abs(slope).max(axis=1) <= FLAT * (np.abs(Z[left]).max(axis=1) + TINY)
        left, slope = left[~small], slope[~small]
        if not len(left):
            break
        free = (np.abs(force[left]) < cut).astype(np.float64)
        H = eye + sigma * _laplacian(free, C)
        step = -np.linalg.solve(H, slope[:, :, None])[:, :, 0]
        foreseen = np.einsum("jp,jp->j", slope, step)
        moved = _search(Z, W, U, C, cut, sigma, left, step, foreseen, value, force)
        left = left[moved]
    return W


def _laplacian(free, C):
    """``C' diag(free) C`` for every row, ``(d, P, P)``."""
    a, b = np.argsort(C == 0, axis=1, kind="stable")[:, :2].T
    at = np.arange(len(C))
    L = np.zeros((len(free), C.shape[1], C.shape[1]))
    L[:, a, b] = L[:, b, a] = free * (C[at, a] * C[at, b])
    diagonal = np.arange(C.shape[1])
    L[:, diagonal, diagonal] = free @ C**2
    return L


def _search(Z, W, U, C, cut, sigma, left, step, foreseen, value, force):
    """Take the first of the steps 1, 1/2, ... that lowers each row enough; which rows moved."""
    moved, size = np.zeros(len(left), bool), 1.0
    for _ in range(HALVINGS):
        wait = np.flatnonzero(~moved)
        at = left[wait]
        new = W[at] + size * step[wait]
        there, pull = _lagrangian(Z[at], new, U[at], C, cut, sigma)
        good = there <= value[at] + ENOUGH * size * foreseen[wait]
        W[at[good]], value[at[good]], force[at[good]] = new[good], there[good], pull[good]
        moved[wait[good]] = True
        if moved.all():
            break
        size /= 2
    return moved


def _lagrangian(Z, W, U, C, cut, sigma):
    """Value ``(d,)`` and forces ``(d, E)`` of the augmented Lagrangian."""
    raw = U + sigma * (W @ C.T)
    force = np.clip(raw, -cut, cut)
    smooth = (0.5 * force**2 + cut * (np.abs(raw) - np.abs(force))).sum(axis=1) / sigma
    return 0.5 * np.einsum("jp,jp->j", W - Z, W - Z) + smooth, force


def _together(Z, W, U, C, cut, ends):
    """The exact answer that belongs to the pattern of W and U.

    Outputs whose edge is not stretched, its force inside its limits, have one size: forces inside
    cancel, and what is left is the mean of z less the forces from outside.
    """
    d, P = W.shape
    inside = np.abs(U) < cut * (1 - 1e-9)
    row, edge = np.nonzero(inside)
    a, b = row * P + ends[edge, 0], row * P + ends[edge, 1]
    graph = sparse.coo_array((np.ones(len(a)), (a, b)), shape=(d * P, d * P))
    count, label = connected_components(graph, directed=False)
    members = np.bincount(label, minlength=count)
    outside = Z - np.where(inside, 0.0, np.sign(U) * cut) @ C
    size = np.bincount(label, (np.sign(W) * outside).ravel(), count) / members
    # where signs contradict each other a group is held at zero, and W shows rounding only
    rough = np.bincount(label, np.abs(W).ravel(), count) / members
    floor = np.repeat(NOTHING * np.abs(Z).max(axis=1), P)
    size = np.where((members > 1) & (rough <= floor[_first(label, count)]), 0.0, size)
    return np.sign(W) * size[label].reshape(d, P)


def _first(label, count):
    """The first member of every group."""
    first = np.empty(count, dtype=np.int64)
    first[label[::-1]] = np.arange(len(label))[::-1]
    return first
