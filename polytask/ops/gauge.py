"""The dual norm of a norm that is known by its value and its step alone."""

import numpy as np

from polytask.ops.prox import TINY

# The iteration is quadratic, and finite for polyhedral norms; this many are never needed.
ROUNDS = 100
# Relative growth below which only rounding is left.
ROUNDING = 1e-14


def dual_norm(V, value, step):
    r"""The largest, over the rows v of V ``(d, P)``, of ``max_w <v, w> / value(w)``.

    Where ``w = step(v / tau)`` is not zero, ``<v, w> / value(w)`` exceeds ``tau``; it is zero as
    soon as ``tau`` has reached the dual norm. So ``tau`` grows to the dual norm from below.

    Parameters
    ----------
    V : array (d, P)
    value : callable
        The norm of every row, ``(d, P) -> (d,)``.
    step : callable
        ``argmin_w |w - v|^2 / 2 + value(w)`` for every row, ``(d, P) -> (d, P)``.

    Returns
    -------
    float

    Examples
    --------
    >>> import numpy as np
    >>> from polytask.ops.prox import soft_threshold
    >>> dual_norm(np.array([[3.0, -4.0]]), lambda W: abs(W).sum(axis=1),
    ...           lambda W: soft_threshold(W, 1.0))
    4.0
    """
    V = V[np.any(V, axis=1)]
    if not len(V):
        return 0.0
    bounds = _ratio(V, V, value)
    tau = float(bounds.max())
    for _ in range(ROUNDS):
        W = step(V / tau)
        left = np.any(W, axis=1)
        if not left.any():
            break
        V, W = V[left], W[left]
        grown = float(_ratio(V, W, value).max())
        if grown <= tau * (1 + ROUNDING):
            break
        tau = grown
    return tau


def _ratio(V, W, value):
    return np.einsum("jp,jp->j", V, W) / np.maximum(value(W), TINY)
