"""Weighted penalties: the problem in the units in which the penalty is the plain one."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from polytask.errors import require
from polytask.linear.free import Freed
from polytask.linear.penalties import Weighted
from polytask.linear.solvers.base import Solver


@dataclass(frozen=True)
class ChangeOfUnits(Solver):
    """Solve for ``F W D`` with the penalty inside `Weighted`, and go back.

    Features of weight zero are at their best at every point that the solver inside sees.

    The objective, its gap and the iterations are those of the solver inside.

    Parameters
    ----------
    solver : "auto" or Solver
        For the problem in the other units.

    Raises
    ------
    ParameterError
        If ``solver`` is neither.

    Examples
    --------
    >>> from polytask.linear import ChangeOfUnits, L1, LinearModel, Weighted
    >>> penalty = Weighted(L1(0.1), features=(1.0, 5.0))
    >>> model = LinearModel(penalty, solver=ChangeOfUnits())
    >>> model.fit([[0.0, 0.1], [1.0, 0.9], [2.0, 2.0]], [0.0, 1.0, 2.0]).coef_.round(2)
    array([[0.85, 0.  ]])
    """

    solver: Solver | str = "auto"
    kinks: ClassVar[bool] = True
    frees: ClassVar[bool] = True

    def __post_init__(self):
        require(
            isinstance(self.solver, Solver) or self.solver == "auto",
            f"ChangeOfUnits needs a solver, or 'auto'. Found {self.solver!r}.",
        )

    def refuses(self, problem, penalty):
        if not isinstance(penalty, Weighted):
            return f"takes Weighted penalties. Found {penalty!r}. Take solver='auto'."
        inside = penalty.rescaled(problem)
        solver = self._inside(inside, penalty.penalty)
        return solver._kinks(inside) or solver.refuses(inside, penalty.penalty)

    def _inside(self, problem, penalty):
        from polytask.linear.solvers.automatic import automatic

        return self.solver if isinstance(self.solver, Solver) else automatic(problem, penalty)

    def run(self, problem, penalty, *, start, tol, max_iter):
        f, t = penalty.units(problem.shape)
        units, inside = f[:, None] * t, penalty.rescaled(problem)
        solver = self._inside(inside, penalty.penalty)
        found = solver.run(inside, penalty.penalty, start=start * units, tol=tol, max_iter=max_iter)
        U = inside.whole(found.W) if isinstance(inside, Freed) else found.W
        W = U / np.where(f == 0, 1.0, f)[:, None] / t
        return replace(found, W=W, intercept=problem.intercept(W))
