"""Weighted penalties: the problem in the units in which the penalty is the plain one."""

from dataclasses import dataclass, replace

from polytask.errors import require
from polytask.linear.penalties import Weighted
from polytask.linear.solvers.base import Solver


@dataclass(frozen=True)
class ChangeOfUnits(Solver):
    """Solve for ``F W D`` with the penalty inside `Weighted`, and go back.

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

    def __post_init__(self):
        require(
            isinstance(self.solver, Solver) or self.solver == "auto",
            f"ChangeOfUnits needs a solver, or 'auto'. Found {self.solver!r}.",
        )

    def refuses(self, problem, penalty):
        if not isinstance(penalty, Weighted):
            return f"takes Weighted penalties. Found {penalty!r}. Take solver='auto'."
        if isinstance(self.solver, Solver):
            return self.solver.refuses(penalty.rescaled(problem), penalty.penalty)
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        from polytask.linear.solvers.automatic import automatic

        f, t = penalty.units(problem.shape)
        units, inside = f[:, None] * t, penalty.rescaled(problem)
        named = self.solver if isinstance(self.solver, Solver) else None
        solver = named or automatic(inside, penalty.penalty)
        found = solver.run(inside, penalty.penalty, start=start * units, tol=tol, max_iter=max_iter)
        W = found.W / units
        return replace(found, W=W, intercept=problem.intercept(W))
