"""Solving a problem at one strength after another."""

from polytask.linear.path.points import Point
from polytask.linear.solvers import automatic


def walk(model, problem, penalties, *, line=0):
    """Yield the `Point` of every penalty, in their order; each starts where the last one ended.

    Parameters
    ----------
    model : LinearModel or LinearClassifier
        Its ``solver``, ``tol`` and ``max_iter`` are used.
    problem : Problem
    penalties : iterable of Penalty
        From the strongest to the weakest: then each step is a small one.
    line : int
        The number that the points bear.
    """
    start = None
    for penalty in penalties:
        paid = penalty.bound(problem.outputs)
        solver = automatic(problem, paid) if model.solver == "auto" else model.solver
        solution = solver.solve(problem, paid, start=start, tol=model.tol, max_iter=model.max_iter)
        start = solution.W
        yield Point.of(penalty, paid, line, problem, solution)


def lines_of(penalty, problem, *, points=None, weakest=None, alphas=None, seconds=None):
    """The penalties of a path, a list for every value of the second strength.

    Parameters
    ----------
    penalty : Penalty
    problem : Problem
    points, weakest, seconds :
        As in `Penalty.along` and `Penalty.lines`.
    alphas : sequence of float, optional
        The strengths themselves, instead; they are sorted.
    """
    lines = penalty.lines(problem, seconds)
    if alphas is None:
        return [line.along(problem, points=points, weakest=weakest) for line in lines]
    falling = sorted((float(alpha) for alpha in alphas), reverse=True)
    return [[line.replace(alpha=alpha) for alpha in falling] for line in lines]
