"""Rows of coefficients under the norms l1 to linf: their lengths, and their proximal steps."""

import numpy as np

from polytask.ops.prox import TINY, shrink_rows, soft_threshold

# Newton steps and bisections for one row; quadratic convergence needs a tenth of it.
ROUNDS = 100
# Relative accuracy of a root in float64.
CLOSE = 4 * np.finfo(np.float64).eps


def dual_exponent(q):
    """The exponent of the dual norm: ``1/q + 1/q' = 1``.

    >>> dual_exponent(4), dual_exponent(1), dual_exponent(np.inf)
    (1.3333333333333333, inf, 1.0)
    """
    if q == 1:
        return np.inf
    return 1.0 if np.isinf(q) else q / (q - 1)


def row_norms(W, q):
    """The lq norm of every row of ``W`` ``(d, P)``, for q from 1 to infinity.

    >>> row_norms(np.array([[3.0, -4.0]]), 2)
    array([5.])
    """
    size = np.abs(W)
    largest = size.max(axis=1, initial=0)
    if np.isinf(q):
        return largest
    if q == 1:
        return size.sum(axis=1)
    # powers of numbers up to 1 cannot overflow, whatever the exponent
    share = size / np.maximum(largest, TINY)[:, None]
    return largest * np.sum(share**q, axis=1) ** (1 / q)


def cap_rows(W, cut):
    """Cut the largest entries of every row to one size: the step of the row maximum.

    The step takes ``cut`` (a number, or one per row) off a row in sum: its projection on the l1
    ball of that radius. What was cut ties exactly; rows with a sum of at most ``cut`` become zero.

    >>> cap_rows(np.array([[3.0, -2.0, 0.5], [0.4, 0.5, 0.0]]), 1.0)
    array([[ 2. , -2. ,  0.5],
           [ 0. ,  0. ,  0. ]])
    """
    size = np.abs(W)
    largest = -np.sort(-size, axis=1)
    k = np.arange(1, W.shape[1] + 1)
    levels = (np.cumsum(largest, axis=1) - np.reshape(cut, (-1, 1))) / k
    # the last k whose k-th largest entry is above the level that k entries would be cut to
    last = np.maximum(np.sum(largest > levels, axis=1), 1) - 1
    level = np.maximum(np.take_along_axis(levels, last[:, None], axis=1), 0)
    return np.sign(W) * np.minimum(size, level)


def shrink_rows_lq(W, cut, q):
    """The step of ``cut`` times the lq norm of every row: ``argmin |V - W|^2 / 2 + cut |V_j|_q``.

    Closed forms for q = 1, 2 and infinity. Otherwise one number per row is sought, its norm s
    after the step: with ``u = v / s``, every entry solves ``s u + cut u^(q-1) = |w|``, and
    ``sum u^q`` falls from above 1 to below 1 as s grows.

    >>> shrink_rows_lq(np.array([[2.0, 2.0]]), 1.0, 4.0).round(4)
    array([[1.4054, 1.4054]])
    """
    if q == 1:
        return soft_threshold(W, cut)
    if q == 2:
        return shrink_rows(W, cut)
    if np.isinf(q):
        return cap_rows(W, cut)
    kept = row_norms(W, dual_exponent(q)) > cut
    V = np.zeros_like(W)
    if cut == 0:
        V[:] = W
    elif np.any(kept):
        V[kept] = np.sign(W[kept]) * _shrunk(np.abs(W[kept]), cut, q)
    return V


def _shrunk(size, cut, q):
    """Rows ``size >= 0`` after the step, none of which vanishes: Newton inside a bracket."""
    low, high = np.zeros(len(size)), row_norms(size, q)
    s = np.maximum(high - cut, 0.1 * high)
    for _ in range(ROUNDS):
        U = _entries(size, s, cut, q)
        norm = np.sum(U**q, axis=1) ** (1 / q)
        # u' = -u^2 / (s u + (q - 1) cut u^(q-1)); 1 / |u|_q is nearly linear in s
        power = U ** (q - 1)
        pull = s[:, None] * U + (q - 1) * cut * power
        slope = -(norm ** (1 - q)) * np.sum(power * U**2 / np.maximum(pull, TINY), axis=1)
        move = (norm - norm**2) / slope
        low, high = np.where(norm > 1, s, low), np.where(norm > 1, high, s)
        done = (np.abs(move) <= CLOSE * s) | (np.abs(norm - 1) <= CLOSE)
        if np.all(done):
            break
        new = s + move
        new = np.where((new > low) & (new < high), new, (low + high) / 2)
        s = np.where(done, s, new)
    return s[:, None] * U


def _entries(size, s, cut, q):
    """u with ``s u + cut u^(q-1) = size``, entry by entry.

    The power is kept at 1 or above, so that Newton's method from the right side is monotone: for
    q < 2 the unknown is ``z = u^(q-1)``.
    """
    s = s[:, None]
    if q >= 2:
        return _root(s, cut, q - 1, size)
    return _root(cut, s, 1 / (q - 1), size) ** (1 / (q - 1))


def _root(a, b, m, right):
    """x >= 0 with ``a x + b x^m = right``, for positive a, b and m >= 1."""
    x = np.minimum(right / a, (right / b) ** (1 / m))
    for _ in range(ROUNDS):
        power = b * x ** (m - 1)
        new = np.maximum(x - (a * x + power * x - right) / (a + m * power), 0)
        if np.all(np.abs(new - x) <= CLOSE * x):
            break
        x = new
    return new
