"""A table of tasks as one smooth function of the coefficients W: the datafits, ready to solve."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from polytask.linear.datafits import Squared
from polytask.linear.outputs import Outputs
from polytask.linear.own_rows import OwnRows


@dataclass(frozen=True, eq=False)
class Problem:
    """``sum_t (omega_t / n_t) sum_i w_ti loss_ti`` at coefficients W, with the best intercepts.

    The intercept of every output is free and already minimised over, so that a solver sees a
    function of W ``(d, P)`` alone. Coefficients are those of ``X / std`` where ``std`` is given.

    Attributes
    ----------
    parts : tuple
        `GramPart` and `TablePart`, each with some of the outputs.
    outputs : Outputs
    n_features : int
    std : array (d,) or None
    constant : bool
        Whether the last column is one of ones, and its coefficients are intercepts.
    storage : str
        The number type in which the inputs are held; every sum is float64.
    memory : int
        Bytes that a fit takes beside the inputs, as estimated before it began.
    """

    parts: tuple
    outputs: Outputs
    n_features: int
    std: np.ndarray | None = None
    constant: bool = False
    storage: str = "float64"
    memory: int = 0

    @property
    def shape(self):
        """``(d, P)``."""
        return self.n_features, len(self.outputs.task)

    def at(self, W):
        """The loss at W."""
        last, point = self._last
        if last is W:
            return point
        return self._at(W) if W.any() else self.null

    def remember(self, W, point):
        """Keep the loss at W, where the next solve of a path starts."""
        self._last[:] = W, point

    @cached_property
    def reading(self):
        """What solvers have found out about the table, for the next solve of a path."""
        from polytask.linear.solvers.watched import Reading

        return Reading()

    @cached_property
    def _last(self):
        return [None, None]

    def _at(self, W):
        if len(self.parts) == 1:
            return self.parts[0].at(W)
        if self.own_rows is not None:
            return self.own_rows.at(W)
        return Sum([(part.columns, part.at(W[:, part.columns])) for part in self.parts], W.shape)

    @cached_property
    def own_rows(self):
        """All parts as tables with rows of their own; None where they are of another form."""
        return OwnRows(self.parts) if OwnRows.take(self.parts) else None

    @cached_property
    def null(self):
        """The loss at W = 0."""
        return self._at(np.zeros(self.shape))

    def intercept(self, W):
        """The best intercepts ``(P,)``."""
        b = np.empty(W.shape[1])
        for part in self.parts:
            b[part.columns] = part.intercept(W[:, part.columns])
        return b

    def hessian(self, W):
        """Second derivatives by single outputs: ``(P, d, d)``, or ``(1, d, d)`` if all are one."""
        if self.one_hessian:
            return self.parts[0].hessian(W)
        H = np.empty((W.shape[1], W.shape[0], W.shape[0]))
        for part in self.parts:
            H[part.columns] = part.hessian(W[:, part.columns])
        return H

    def decrement(self, W, gradient):
        """Half the squared Newton decrement of the loss alone: what a Newton step would gain."""
        return sum(
            part.decrement(W[:, part.columns], gradient[:, part.columns]) for part in self.parts
        )

    @property
    def one_hessian(self):
        """True where all outputs have the same second derivative."""
        return len(self.parts) == 1 and self.parts[0].shared

    @property
    def largest(self):
        """Numbers in the largest matrix that is multiplied as a whole."""
        return max(part.largest for part in self.parts)

    @cached_property
    def lipschitz(self):
        """An upper bound on the curvature of the loss in any direction; infinite without one."""
        return max(part.lipschitz for part in self.parts)

    @cached_property
    def curvature(self):
        """The typical curvature of the loss: the mean over outputs and axes; 1 if there is none."""
        traces = np.concatenate([part.traces for part in self.parts])
        return float(max(np.mean(traces), 0.0)) / self.n_features or 1.0

    @cached_property
    def resolution(self):
        """The smallest difference of loss that float64 shows."""
        return sum(part.resolution for part in self.parts)

    @cached_property
    def steepness(self):
        """A curvature to begin with: the bound, or where there is none the trace at W = 0."""
        if np.isfinite(self.lipschitz):
            return self.lipschitz
        return float(max(np.max(part.traces) for part in self.parts))

    @property
    def datafits(self):
        """The losses of all outputs, a set."""
        return {fit for part in self.parts for fit, _ in getattr(part, "blocks", [(Squared(), ())])}

    @property
    def losses(self):
        """Names of the datafits, a set."""
        return {fit.name for fit in self.datafits}

    @property
    def bounded(self):
        """True where the curvature has a bound, so that a step of fixed length goes down."""
        return all(fit.curvature is not None for fit in self.datafits)

    @property
    def flat(self):
        """True where a second derivative is zero in places."""
        return any(fit.flat for fit in self.datafits)

    @property
    def kinked(self):
        """True where a loss has no derivative in places."""
        return any(fit.kinked for fit in self.datafits)


class Sum:
    """The loss of several parts at one W."""

    def __init__(self, points, shape):
        self.points, self.shape = points, shape

    @cached_property
    def gradient(self):
        """Derivative by W ``(d, P)``."""
        gradient = np.empty(self.shape)
        for columns, point in self.points:
            gradient[:, columns] = point.gradient
        return gradient

    @property
    def value(self):
        """The loss with the best intercepts."""
        return sum(point.value for _, point in self.points)

    def dual(self, share):
        """Lower bound by the residuals times ``share``, without the penalty's conjugate."""
        return sum(point.dual(share) for _, point in self.points)

    @cached_property
    def sums(self):
        """Sums of the parts; None where one of them has none."""
        each = [point.sums for _, point in self.points]
        if any(one is None for one in each):
            return None
        return tuple(map(sum, zip(*each)))
