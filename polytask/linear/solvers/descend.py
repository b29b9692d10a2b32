"""Epochs of coordinate descent with extrapolation, until a gap is small enough."""

import numpy as np

# Epochs between two extrapolations, and how many iterates each combines.
EPOCHS = 5
# Above this multiple of the target the gap is measured once per cycle only.
FAR = 300


def descend(local, target, budget):
    """Move a `Restricted` towards its optimum; the number of epochs that were used.

    A cycle is five epochs and Anderson's extrapolation of them, which is taken where it lowers the
    objective. The gap on the restricted problem is measured after the second epoch, where it was
    near, and after the cycle.

    Parameters
    ----------
    local : Restricted
    target : float
        The gap to reach, in units of the objective.
    budget : int
        Epochs that may be used.
    """
    used, gap = 0, np.inf
    while used < budget:
        kept = [local.keep()]
        for epoch in range(min(EPOCHS, budget - used)):
            # rows at zero are visited once per cycle where visiting costs as much as moving
            local.sweep(zeros=int(epoch == 0))
            kept.append(local.keep())
            used += 1
            if epoch == 1 and gap <= FAR * target and gap_of(local) <= target:
                return used
        if len(kept) > EPOCHS:
            _leap(local, kept)
        gap = gap_of(local)
        if gap <= target:
            break
    return used


def settle(local, budget, share=0.02):
    """Move a `Restricted` until a cycle brings no more than a share of what all have brought."""
    first = last = local.loss() + local.price.value(local.W)
    for _ in range(0, budget, EPOCHS):
        kept = [local.keep()]
        for epoch in range(EPOCHS):
            local.sweep(zeros=int(epoch == 0))
            kept.append(local.keep())
        _leap(local, kept)
        now = local.loss() + local.price.value(local.W)
        if last - now <= share * (first - now):
            break
        last = now


def gap_of(local):
    """The duality gap of the restricted problem, in units of the objective."""
    V, loss, price = local.correlations(), local.loss(), local.price
    limit, rr = price.feasible(V), 2 * loss
    ry = rr + float(np.vdot(V, local.W))
    share = float(np.clip(ry / rr, 0, limit)) if rr > 0 else limit
    proved = share * ry - 0.5 * share**2 * rr - price.conjugate(share * V)
    return loss + price.value(local.W) - proved


def _leap(local, kept):
    here = local.loss() + local.price.value(local.W)
    local.put(extrapolated(kept))
    if not local.loss() + local.price.value(local.W) <= here:
        local.put(kept[-1])


def extrapolated(kept):
    """The affine mean of iterates ``(W, state)`` whose steps cancel best.

    >>> one, two, three = ((np.array([x]), np.array([2 * x])) for x in (0.0, 0.5, 0.75))
    >>> W, state = extrapolated([one, two, three])
    >>> W.round(6), state.round(6)
    (array([1.]), array([2.]))
    """
    U = np.diff([W.ravel() for W, _ in kept], axis=0)
    K = U @ U.T
    size = np.trace(K)
    if not 0 < size < np.inf:
        return kept[-1]
    # the steps become parallel: a grain of the identity keeps the system regular
    c = np.linalg.solve(K + 1e-12 * size * np.eye(len(K)), np.ones(len(K)))
    if not abs(c.sum()) > 0:
        return kept[-1]
    c /= c.sum()
    W, state = (sum(a * one[i] for a, one in zip(c, kept[1:])) for i in (0, 1))
    return W, state
