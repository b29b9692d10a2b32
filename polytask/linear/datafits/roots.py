"""The best intercepts of separate losses: where weighted residuals sum to zero."""

import numpy as np

# A weighted mean residual below this share of its scale is a zero: rounding of a long sum.
FLAT = 1e-13
ROUNDS = 200


def roots(fit, Y, F, A, start, *, scale, longest):
    """The intercepts ``(P,)`` at which the weighted residuals of every column sum to zero.

    Newton's method inside a bracket, all columns at once. Where the root lies at infinity (one
    class is alone) the search ends where the residual is no longer seen.

    Parameters
    ----------
    fit : Datafit
        A separate loss, a sum over rows.
    Y, F : arrays (n, P)
    A : array (n, P) or (n, 1)
    start : array (P,)
    scale : float
        Size of a residual.
    longest : float
        The longest step.
    """
    A = np.broadcast_to(A, Y.shape)
    weight = A.sum(axis=0)
    b = np.where(weight > 0, start, 0.0)
    low, high = np.full_like(b, -np.inf), np.full_like(b, np.inf)
    for _ in range(ROUNDS):
        slope = -np.sum(A * fit.residual(Y, F + b, A), axis=0)
        done = np.abs(slope) <= FLAT * scale * weight
        if done.all():
            break
        low, high = np.where(slope < 0, b, low), np.where(slope > 0, b, high)
        bend = np.sum(A * fit.second(Y, F + b, A), axis=0)
        new = np.where(done, b, _inside(b, slope, bend, low, high, longest))
        if np.array_equal(new, b):
            break
        b = new
    return b


def _inside(b, slope, bend, low, high, longest):
    """A Newton step, at most ``longest``; half of the bracket where it would leave it."""
    step = np.divide(-slope, bend, out=np.sign(-slope) * longest, where=bend > 0)
    new = b + np.clip(step, -longest, longest)
    outside = (new <= low) | (new >= high)
    with np.errstate(invalid="ignore"):  # an open bracket has no middle, and is never left
        middle = (low + high) / 2
    return np.where(outside & np.isfinite(middle), middle, new)
