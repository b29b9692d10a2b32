"""What a solver must give: a `Solution` with a certificate, or a refusal by name."""

import warnings
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from polytask.errors import UnsupportedError, require
from polytask.ops.threads import threads_for
from polytask.slot import Slot


class Solver(Slot, ABC):
    """Finds the coefficients with the smallest loss plus penalty.

    Attributes
    ----------
    kinks : bool
        Whether it takes losses that have no derivative in places.
    frees : bool
        Whether it takes penalties under which some features cost nothing.
    """

    kinks: ClassVar[bool] = False
    frees: ClassVar[bool] = False

    def _kinks(self, problem):
        if not problem.kinked or self.kinks:
            return None
        return "needs losses with a derivative. Found Hinge. Take SquaredHinge, or solver='auto'."

    def _free(self, penalty):
        if not penalty.frees or self.frees:
            return None
        return (
            "needs a price on every feature. Found weights of zero. Take "
            f"ChangeOfUnits({type(self).__name__}()), or solver='auto'."
        )

    @abstractmethod
    def refuses(self, problem, penalty):
        """Why this solver cannot take the pair, as a sentence; None where it can."""

    @abstractmethod
    def run(self, problem, penalty, *, start, tol, max_iter):
        """The `Solution` from W = ``start`` ``(d, P)``."""

    def solve(self, problem, penalty, *, start=None, tol=1e-6, max_iter=10_000):
        """Minimise the loss of a problem plus a penalty.

        Parameters
        ----------
        problem : Problem
        penalty : Penalty
        start : array (d, P), optional
            Coefficients to start from; default 0.
        tol : float
            Stop when the gap is at most ``tol`` times the objective at W = 0.
        max_iter : int

        Returns
        -------
        Solution

        Raises
        ------
        UnsupportedError
            If the solver cannot take this loss with this penalty.
        """
        reason = self._kinks(problem) or self._free(penalty) or self.refuses(problem, penalty)
        require(reason is None, f"{type(self).__name__} {reason}", UnsupportedError)
        if start is None:
            start = np.zeros(problem.shape)
        with threads_for(problem.largest):
            solution = self.run(problem, penalty, start=start, tol=tol, max_iter=max_iter)
        if not solution.converged:
            _warn(solution, tol, max_iter)
        return solution

    @classmethod
    def examples(cls):
        """Values on which the laws try this class."""
        yield cls()


def _warn(solution, tol, max_iter):
    if solution.iterations < max_iter:
        knob = "The solver could not improve further: rounding ends it. Raise tol, or scale=True."
    else:
        knob = f"Raise max_iter (now {max_iter}) or tol, or scale the inputs (scale=True)."
    warnings.warn(
        f"Not converged: the relative {solution.certificate} is {solution.relative_gap:.3e} after "
        f"{solution.iterations} iterations, the target is {tol:.3e}. {knob}",
        ConvergenceWarning,
        stacklevel=4,
    )
