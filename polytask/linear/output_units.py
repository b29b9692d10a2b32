"""A part of a problem whose outputs are measured in other units."""


class OutputUnits:
    """Any part of a problem, as a function of ``U = W t`` for output weights ``t (P,)``."""

    def __init__(self, part, t):
        self.part, self.t = part, t
        self.columns, self.blocks = part.columns, part.blocks
        self.Y, self.A, self.offset = part.Y, part.A, part.offset
        self.fit_intercept = part.fit_intercept
        self.largest, self.shared = part.largest, False

    def at(self, U):
        """The loss at ``W = U / t``."""
        return OutputUnitsPoint(self.part.at(U / self.t), self.t)

    def outputs(self, U):
        """Outputs ``(n, P)`` without intercepts."""
        return self.part.outputs(U / self.t)

    def slopes(self, U):
        """Outputs ``(n, P)`` but for what is not fitted."""
        return self.part.slopes(U / self.t)

    def back(self, R):
        """``X' R`` in the coordinates of U, ``(d, P)``."""
        return self.part.back(R) / self.t

    def grams(self, bend):
        """Second moments ``(P, d, d)`` under weights ``(n, P)``."""
        return self.part.grams(bend) / self.t[:, None, None] ** 2

    def intercept(self, U):
        """The best intercepts ``(P,)``."""
        return self.part.intercept(U / self.t)

    def hessian(self, U):
        """Second derivative by every output alone ``(P, d, d)``."""
        return self.part.hessian(U / self.t) / self.t[:, None, None] ** 2

    def decrement(self, U, gradient):
        """Half the squared Newton decrement, which does not depend on units."""
        return self.part.decrement(U / self.t, gradient * self.t)

    @property
    def lipschitz(self):
        """An upper bound on the curvature of the loss in any direction."""
        return self.part.lipschitz / float(self.t.min()) ** 2

    @property
    def traces(self):
        """Sum of the curvatures along the axes, per output ``(P,)``."""
        return self.part.traces / self.t**2

    @property
    def resolution(self):
        """The smallest difference of loss that float64 shows."""
        return self.part.resolution


class OutputUnitsPoint:
    """The loss of a part at one U."""

    def __init__(self, point, t):
        self.point, self.t = point, t
        self.value, self.dual = point.value, point.dual

    @property
    def gradient(self):
        """Derivative by U ``(d, P)``."""
        return self.point.gradient / self.t

    @property
    def sums(self):
        """As of the part: residuals have no other units."""
        return self.point.sums
