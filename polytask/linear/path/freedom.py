"""Degrees of freedom: how much of the labels' noise a fit follows, where a formula says it."""

from functools import singledispatch
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from polytask.linear import penalties as slot
from polytask.linear.free_part import FreePart
from polytask.linear.gram_part import GramPart
from polytask.linear.output_units import OutputUnits
from polytask.linear.path.curvature import LARGEST, Unknown, each, hessians
from polytask.linear.path.traces import blocks, not_negative, ridge_trace
from polytask.linear.penalties.elastic_net import strengths
from polytask.linear.penalties.feature_groups import groups_of
from polytask.ops.prox import TINY

# Relative difference below which coefficients that a penalty ties are equal.
TIE = 1e-7


def freedom(penalty, problem, W):
    """Degrees of freedom of the coefficients of an optimum, and "" or why there are none.

    The mean, over noise in the labels, of the trace of the derivative of fitted values by labels;
    free intercepts not counted. For other than squared losses it is that of the quadratic
    approximation at the optimum.

    - `L1`, `GraphFused`, `L1Linf`: the number of values that are free to move: coefficients, groups
      of equal ones, coefficients below the largest of a row and one for those at it;
    - `L21`, `GroupLasso`, `TaskwiseGroupLasso`, `ElasticL21`, `ElasticNet`: the trace of
      ``X_A (X_A' X_A + penalty'')^-1 X_A'`` over what is not zero; for inputs that are orthonormal
      in groups it is ``sum_g 1 + (p_g - 1) |w_g| / |w_g of least squares|``, Yuan and Lin's;
    - `Weighted`: that of the penalty inside, in its units, and one for every free coefficient;
    - quadratic penalties: the trace of the hat matrix;
    - `TraceNorm`: where inputs are orthonormal.

    Parameters
    ----------
    penalty : Penalty
        As it was paid.
    problem : Problem
    W : array (d, P)

    Returns
    -------
    float, str
        NaN and a sentence where no formula is known.

    References
    ----------
    Zou, Hastie, Tibshirani. On the degrees of freedom of the lasso. Annals of Statistics 2007.
    Yuan, Lin. Model selection and estimation in regression with grouped variables. JRSS B 2006.
    Tibshirani, Taylor. Degrees of freedom in lasso problems. Annals of Statistics 2012.
    Vaiter, Deledalle, Fadili, Peyré, Dossal. The degrees of freedom of partly smooth regularizers.
    Annals of the Institute of Statistical Mathematics 2017.
    Candès, Sing-Long, Trzasko. Unbiased risk estimates for singular value thresholding and
    spectral estimators. IEEE Transactions on Signal Processing 2013.
    """
    if not W.any() and not penalty.smooth:
        return 0.0, ""
    try:
        return float(_freedom(penalty, problem, W)), ""
    except Unknown as error:
        return float("nan"), error.reason
    except np.linalg.LinAlgError:
        return float("nan"), "The coefficients are not unique: more are in use than labels allow."


@singledispatch
def _freedom(penalty, problem, W):
    raise Unknown(f"No formula is known for the degrees of freedom of {type(penalty).__name__}.")


@_freedom.register
def _lasso(penalty: slot.L1, problem, W):
    return np.count_nonzero(W)


@_freedom.register
def _rows_that_serve_all(penalty: slot.L21, problem, W):
    rows = np.flatnonzero(W.any(axis=1))
    _plain(penalty)
    price = np.full(len(rows), penalty.alpha)
    return blocks(hessians(problem, W, rows), W[rows], np.arange(len(rows)), price)


@_freedom.register
def _elastic_rows(penalty: slot.ElasticL21, problem, W):
    rows = np.flatnonzero(W.any(axis=1))
    _plain(penalty, "l1_ratio")
    sparse, ridge = strengths(penalty)
    price = np.full(len(rows), sparse)
    return blocks(hessians(problem, W, rows), W[rows], np.arange(len(rows)), price, ridge)


@_freedom.register
def _groups(penalty: slot.GroupLasso, problem, W):
    rows = np.flatnonzero(W.any(axis=1))
    found = groups_of(penalty, len(W))
    group, label = np.unique(found.label[rows], return_inverse=True)
    price = penalty.alpha * found.price[group]
    return blocks(hessians(problem, W, rows), W[rows], label, price)


@_freedom.register
def _groups_by_task(penalty: slot.TaskwiseGroupLasso, problem, W):
    found = groups_of(penalty, len(W))
    total = 0.0
    for rows, H, w in each(problem, W):
        group, label = np.unique(found.label[rows], return_inverse=True)
        total += blocks(H, w, label, penalty.alpha * found.price[group])
    return total


@_freedom.register
def _elastic(penalty: slot.ElasticNet, problem, W):
    _plain(penalty, "l1_ratio")
    ridge = strengths(penalty)[1]
    return sum(ridge_trace(H[0], ridge) for _, H, _ in each(problem, W))


@_freedom.register
def _in_other_units(penalty: slot.Weighted, problem, W):
    # fitted values do not know in which units coefficients are priced
    inside, (f, t) = penalty.rescaled(problem), penalty.units(W.shape)
    if any(isinstance(part, OutputUnits | FreePart) for part in inside.parts):
        raise Unknown(
            "No formula is at hand for weights of tasks, or free features, beside losses with a "
            "curvature or one weight per label."
        )
    U = W * np.outer(f, t)
    priced = _freedom(penalty.penalty, inside, U) if U.any() or penalty.penalty.smooth else 0.0
    return priced + _rank(problem, W, np.flatnonzero(f == 0))


def _rank(problem, W, rows):
    """How many free coefficients ``(k, P)`` labels can tell apart."""
    if not len(rows):
        return 0
    H = hessians(problem, W, rows)
    length = np.sqrt(np.maximum(np.einsum("pjj->pj", H), TINY))
    H = H / length[:, :, None] / length[:, None, :]
    return np.linalg.matrix_rank(H, hermitian=True).sum() * (W.shape[1] // len(H))


@_freedom.register
def _free_entries(penalty: slot.L1Linf, problem, W):
    size = np.abs(W[W.any(axis=1)])
    return np.sum(1 + np.count_nonzero(size < (1 - TIE) * size.max(axis=1, keepdims=True), axis=1))


@_freedom.register
def _free_groups(penalty: slot.GraphFused, problem, W):
    return sum(_components(penalty, row) for row in W[W.any(axis=1)])


def _components(penalty, row):
    """How many groups of linked equal coefficients ``(P,)`` are not zero."""
    used = np.abs(row) > TIE * np.abs(row).max()
    if penalty.ratio == 0:
        return np.count_nonzero(used)
    P, tie = len(row), TIE * np.abs(row).max()
    edges = combinations(range(P), 2) if penalty.edges is None else penalty.edges
    signed = [(*edge, 1.0)[:3] for edge in edges]
    tied = [(a, b) for a, b, r in signed if abs(row[a] - np.sign(r) * row[b]) <= tie]
    a, b = np.array(tied, dtype=int).reshape(-1, 2).T
    label = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(P, P)))[1]
    return len(np.unique(label[used]))


@_freedom.register
def _quadratic(penalty: slot.Quadratic, problem, W):
    d, P = W.shape
    H, M = hessians(problem, W, np.arange(d)), penalty.matrix(P)
    if len(H) == 1:
        s, m = np.linalg.eigvalsh(H[0]), np.linalg.eigvalsh(M)
        s, m = not_negative(s)[:, None], np.maximum(m, 0)
        return np.sum(np.divide(s, s + m, out=np.zeros((d, P)), where=s > 0))
    if not np.any(M - np.diag(np.diag(M))):
        return sum(ridge_trace(H[p], M[p, p]) for p in range(P))
    if d * P > LARGEST:
        raise Unknown(f"{d} x {P} coloured coefficients are too many; up to {LARGEST} are taken.")
    big = np.zeros((P, d, P, d))
    big[np.arange(P), :, np.arange(P)] = H
    big = big.reshape(P * d, P * d)
    return np.trace(np.linalg.solve(big + np.kron(M, np.eye(d)), big))


@_freedom.register
def _spectrum(penalty: slot.TraceNorm, problem, W):
    part = problem.parts[0]
    H = part.G[0] if isinstance(part, GramPart) and problem.one_hessian else None
    level = None if H is None else np.trace(H) / len(H)
    if H is None or np.abs(H - level * np.eye(len(H))).max() > 1e-8 * level:
        raise Unknown(
            "The degrees of freedom of TraceNorm are known for orthonormal inputs alone. These "
            "are not."
        )
    size = np.linalg.svd(part.C / level, compute_uv=False)
    cut = penalty.alpha / level
    kept = np.maximum(size - cut, 0)
    square = size[:, None] ** 2 - size**2
    pairs = np.divide((size * kept)[:, None], square, out=np.zeros_like(square), where=square != 0)
    own = np.sum(size > cut) + abs(W.shape[0] - W.shape[1]) * np.sum(kept / size)
    return own + 2 * pairs.sum()


def _plain(penalty, *known):
    """Refuse a penalty with options that the formula does not know."""
    params = penalty.get_params(deep=False)
    plain = type(penalty)(**{name: params[name] for name in ("alpha", *known)})
    if penalty != plain:
        raise Unknown(f"No formula is at hand for the options of {penalty!r}.")
