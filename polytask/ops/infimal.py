"""Sums of two parts, each with its own price: the cheapest split of a matrix, and its step."""

import numpy as np

from polytask.ops.prox import TINY

ROUNDS = 20_000
# Relative change at which two alternating steps have met.
MET = 1e-15


def project_box_ball(Z, box, ball):
    """Every row of Z ``(d, P)`` to the nearest point with entries within ``box``, length ``ball``.

    The answer is ``clip(theta z, -box, box)``; the number of clipped entries follows from a sort.

    >>> project_box_ball(np.array([[3.0, 4.0], [0.3, 0.4]]), 9.0, 1.0)
    array([[0.6, 0.8],
           [0.3, 0.4]])
    """
    X = np.clip(Z, -box, box)
    long = np.einsum("jp,jp->j", X, X) > ball**2
    if not long.any():
        return X
    size = -np.sort(-np.abs(Z[long]), axis=1)
    count = np.arange(1, Z.shape[1] + 1)
    tail = _tails(size)
    at = np.divide(box, size, out=np.full_like(size, np.inf), where=size > 0)
    with np.errstate(invalid="ignore"):
        reached = count * box**2 + np.where(tail[:, 1:] > 0, at**2 * tail[:, 1:], 0)
    k = np.sum((reached < ball**2) & (size > 0), axis=1)
    left = np.maximum(tail[np.arange(len(k)), k], TINY)
    theta = np.sqrt(np.maximum(ball**2 - k * box**2, 0) / left)
    X[long] = np.clip(theta[:, None] * Z[long], -box, box)
    return X


def project_box_simplex(Z, box, total):
    """Every row of Z ``(d, P)`` to the nearest point with entries within ``box``, sum ``total``.

    The sum is that of absolute values. The answer is ``clip(soft(z, mu), -box, box)``, and ``mu``
    lies between two neighbours among the kinks ``|z|`` and ``|z| - box``.

    >>> project_box_simplex(np.array([[3.0, -1.0, 0.2]]), 1.5, 2.0)
    array([[ 1.5, -0.5,  0. ]])
    """
    X = np.clip(Z, -box, box)
    large = np.abs(X).sum(axis=1) > total
    if not large.any():
        return X
    size = np.abs(Z[large])
    kinks = np.sort(np.maximum(np.hstack([np.zeros((len(size), 1)), size, size - box]), 0), axis=1)

    def reached(mu):
        return np.clip(size - mu[:, None], 0, box).sum(axis=1)

    rows = np.arange(len(size))
    low, high = np.zeros(len(size), int), np.full(len(size), kinks.shape[1] - 1)
    for _ in range(int(np.ceil(np.log2(kinks.shape[1]))) + 1):
        middle = (low + high) // 2
        above = reached(kinks[rows, middle]) > total
        low, high = np.where(above, middle, low), np.where(above, high, np.maximum(middle, 1))
        low = np.minimum(low, high - 1)
    left, right = kinks[rows, low], kinks[rows, high]
    most, least = reached(left), reached(right)
    share = (most - total) / np.maximum(most - least, TINY)
    mu = left + np.clip(share, 0, 1) * (right - left)
    X[large] = np.sign(Z[large]) * np.clip(size - mu[:, None], 0, box)
    return X


def clip_level_ball(W, ratio):
    """The level m ``(d, 1)`` with ``m = ratio |clip(w, -m, m)|_2`` for every row w of W.

    It is where ``ratio sum |s| + |w - s|_2`` is smallest: at ``w - s = clip(w, -m, m)``.
    """
    if ratio >= 1:
        return np.full((len(W), 1), np.inf)
    if ratio * np.sqrt(W.shape[1]) <= 1 + 1e-15:
        return np.zeros((len(W), 1))
    size = -np.sort(-np.abs(W), axis=1)
    count = np.arange(1, W.shape[1] + 1)
    tail = _tails(size)
    k = np.sum(ratio**2 * (count * size**2 + tail[:, 1:]) < size**2, axis=1)
    left = tail[np.arange(len(k)), k]
    room = 1 - k * ratio**2
    square = np.divide(ratio**2 * left, room, out=np.zeros(len(k)), where=room > 0)
    return np.sqrt(square)[:, None]


def clip_level_largest(W, ratio):
    """The level m ``(d, 1)`` where ``ratio sum_p (|w_p| - m)_+ + m`` is smallest, for every row.

    Of several levels that cost the same, the one that leaves one of the parts empty.
    """
    P = W.shape[1]
    beyond = P if ratio * P <= 1 else int(np.ceil(1 / ratio)) - 1
    if beyond >= P:
        return np.zeros((len(W), 1))
    return -np.sort(-np.abs(W), axis=1)[:, [beyond]]


def alternate(Z, first, second, *, met=MET, start=None):
    """B and S with the smallest ``|B + S - Z|^2 / 2 + f(B) + g(S)``, from the steps of f and g.

    Accelerated alternation of the two steps, with restart, until they meet: until a step changes
    no more than ``met`` times the length of Z. They begin at ``start``, a B, or at zero.

    >>> from polytask.ops.prox import soft_threshold
    >>> B, S = alternate(np.array([[3.0]]), lambda Z: Z / 2, lambda Z: soft_threshold(Z, 1.0))
    >>> B.round(9), S.round(9)
    (array([[1.]]), array([[1.]]))
    """
    B = ahead = np.zeros_like(Z) if start is None else start
    t, close = 1.0, met * max(float(np.linalg.norm(Z)), TINY)
    for _ in range(ROUNDS):
        S = second(Z - ahead)
        new = first(Z - S)
        moved = new - B
        if np.sum((ahead - new) * moved) > 0:
            t = 1.0
        later = (1 + np.sqrt(1 + 4 * t * t)) / 2
        far = np.linalg.norm(new - ahead)
        ahead, B, t = new + ((t - 1) / later) * moved, new, later
        if far <= close:
            break
    return B, second(Z - B)


def _tails(size):
    """``sum_{i > k} size_i^2`` for k = 0..P, ``(d, P + 1)``; summed from the small end."""
    sums = np.cumsum(size[:, ::-1] ** 2, axis=1)[:, ::-1]
    return np.hstack([sums, np.zeros((len(size), 1))])
