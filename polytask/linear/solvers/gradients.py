"""Gradient steps ahead of the last two points: from bounds on curvature, or from its measurement.

Both have ``step``, the length of a step, and ``ahead(Z)``; `Measured` is for squared losses alone,
whose gradients are affine in W.
"""

import numpy as np

# Rounds of power iteration for the first curvature; what they miss is found on the way.
ROUNDS = 2
# Factor on a curvature that was found to be too small.
MORE = 1.1


def gradients(problem, start, point):
    """The way to gradients that suits the losses."""
    form = Measured if problem.losses == {"squared"} else Bounded
    return form(problem, start, point)


class Bounded:
    """A gradient at every point ahead, and the bound on curvature: for all losses that have one.

    Attributes
    ----------
    W : array (d, P)
        The last point, and ``point`` the loss there; None where it was not needed.
    """

    def __init__(self, problem, start, point):
        self.problem, self.W, self.point = problem, start, None
        self.curvature = problem.lipschitz

    def move(self, penalty, Z, share):
        """A step from ``Z = W + share (W - before)``; the new W."""
        step = 1 / self.curvature
        self.W = penalty.prox(Z - step * self.problem.at(Z).gradient, step)
        return self.W


class Measured:
    """A gradient at every point that is reached; those ahead are sums of them.

    The curvature starts from below and grows where a step shows that it is larger, so that no
    eigenvalue is computed, and directions that are never taken cost nothing.

    Attributes
    ----------
    W, point
        The last point and the loss there.
    """

    def __init__(self, problem, start, point):
        self.problem, self.W, self.point = problem, start, point
        self.gradient = self.before = point.gradient
        self.curvature = _power(problem, start, point.gradient)

    def move(self, penalty, Z, share):
        """A step from ``Z = W + share (W - before)``; the new W."""
        ahead = self.gradient + share * (self.gradient - self.before)
        while True:
            step = 1 / self.curvature
            W = penalty.prox(Z - step * ahead, step)
            point = self.problem.at(W)
            D = W - Z
            square, bend = np.vdot(D, D), np.vdot(D, point.gradient - ahead)
            if bend - self.curvature * square <= self.problem.resolution:
                break
            self.curvature = MORE * bend / square
        self.before, self.gradient = self.gradient, point.gradient
        self.W, self.point = W, point
        return W


def _power(problem, W, gradient):
    """The largest curvature that power iteration finds, from the gradient, output by output."""
    V, found = gradient, 0.0
    size = max(float(np.linalg.norm(W)), 1.0)
    for _ in range(ROUNDS):
        length = np.sqrt(np.einsum("jp,jp->p", V, V))
        V = V * np.divide(size, length, out=np.zeros_like(length), where=length > 0)
        H = problem.at(W + V).gradient - gradient
        found = max(found, float(np.einsum("jp,jp->p", V, H).max(initial=0)) / size**2)
        V = H
    return found
