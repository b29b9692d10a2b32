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
    used, gap, cycle = 0, np.inf, Cycle(local)
    while used < budget:
        cycle.begin()
        for epoch in range(min(EPOCHS, budget - used)):
            cycle.sweep(epoch)
            used += 1
            if epoch == 1 and gap <= FAR * target and gap_of(local) <= target:
                return used
        if epoch == EPOCHS - 1:
            cycle.leap()
        gap = gap_of(local)
        if gap <= target:
            break
    return used


def settle(local, budget, share=0.02):
    """Move a `Restricted` until a cycle brings no more than a share of what all have brought."""
    first, cycle = local.loss() + local.price.value(local.W), Cycle(local)
    last = first
    for _ in range(0, budget, EPOCHS):
        cycle.begin()
        for epoch in range(EPOCHS):
            cycle.sweep(epoch)
        now = cycle.leap()
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


class Cycle:
    """The iterates of a `Restricted` between two extrapolations, in memory that is taken once.

    Parameters
    ----------
    local : Restricted
    """

    def __init__(self, local):
        self.local, shape = local, local.state.shape
        self.order = "F" if local.state.flags.f_contiguous else "C"
        self.W, self.steps = np.empty((EPOCHS + 1, local.W.size)), np.empty((EPOCHS, local.W.size))
        self.states, self.shape = np.empty((EPOCHS, local.state.size)), shape

    def begin(self):
        """Start at the coefficients as they are now."""
        self.W[0] = self.local.W.ravel()

    def sweep(self, epoch):
        """Epoch number ``epoch``, and where it leads."""
        # rows at zero are visited once per cycle where visiting costs as much as moving
        self.local.sweep(zeros=int(epoch == 0))
        self.W[epoch + 1] = self.local.W.ravel()
        self.states[epoch] = self.local.state.ravel(self.order)

    def leap(self):
        """Go to the mean of all iterates whose steps cancel best, where that is lower.

        The objective of the restricted problem there.
        """
        here = self._objective()
        np.subtract(self.W[1:], self.W[:-1], out=self.steps)
        share = shares(self.steps)
        if share is None:
            return here
        self._go(share)
        there = self._objective()
        if there <= here:
            return there
        self._go(np.eye(EPOCHS)[-1])
        return here

    def _go(self, share):
        local = self.local
        local.W = (share @ self.W[1:]).reshape(local.W.shape)
        local.state = (share @ self.states).reshape(self.shape, order=self.order)

    def _objective(self):
        return self.local.loss() + self.local.price.value(self.local.W)


def shares(steps):
    """The weights of an affine mean in which steps ``(m, N)`` cancel best; None if there is none.

    >>> shares(np.array([[0.5], [0.25]])).round(6)
    array([-1.,  2.])
    """
    K = steps @ steps.T
    size = np.trace(K)
    if not 0 < size < np.inf:
        return None
    # the steps become parallel: a grain of the identity keeps the system regular
    c = np.linalg.solve(K + 1e-12 * size * np.eye(len(K)), np.ones(len(K)))
    return c / c.sum() if abs(c.sum()) > 0 else None
