"""An interior-point method for the hinge loss with quadratic penalties."""

from dataclasses import dataclass
from typing import ClassVar

from polytask.linear.free import Freed
from polytask.linear.penalties import Quadratic
from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.margins import Margins

# Share of the way to the border that a step goes.
SHORT = 0.995
# Numbers in all second derivatives together (800 MB).
LARGEST = 1e8
# Newton steps after which rounding, and not the method, decides.
MOST = 100


@dataclass(frozen=True)
class InteriorPoint(Solver):
    """Primal and dual together, through the interior: Mehrotra's method for `Hinge`.

    Every iteration solves two systems of the kind that `Newton` solves, with the same weights, so
    that the structure of the tasks costs nothing extra. Some 10 to 30 iterations, whatever the
    strength; cost of each ``O(sum_t n_t d^2 + T d^3)``. The certificate is the duality gap.

    References
    ----------
    Mehrotra. On the implementation of a primal-dual interior point method. SIAM Journal on
    Optimization 1992.
    Ferris, Munson. Interior-point methods for massive support vector machines. SIAM Journal on
    Optimization 2002.

    Examples
    --------
    >>> from polytask.linear import Hinge, InteriorPoint, L2, LinearClassifier
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"]
    >>> model = LinearClassifier(L2(0.1), datafit=Hinge(), solver=InteriorPoint()).fit(X, y)
    >>> model.solution_.certificate
    'duality gap'
    """

    kinks: ClassVar[bool] = True

    def refuses(self, problem, penalty):
        if problem.losses != {"hinge"}:
            return (
                f"is for tasks with the hinge loss. Found {sorted(problem.losses)}. "
                "Take SquaredHinge beside other losses, or solver='auto'."
            )
        if not isinstance(penalty, Quadratic) or not penalty.definite:
            return (
                "needs a quadratic penalty on all coefficients: L2, MeanRegularised, Clustered, "
                "TemporalSmooth or GraphLaplacian, or one of them under Weighted. "
                f"Found {type(penalty).__name__}. "
                "Take datafit=SquaredHinge(), which goes with every penalty."
            )
        if isinstance(problem, Freed):
            return (
                "needs a price on every feature. Found weights of zero. Take "
                "datafit=SquaredHinge(), or a small weight such as 0.01."
            )
        d, P = problem.shape
        if d * d * P > LARGEST:
            return (
                f"keeps {P} matrices of {d} x {d}. Take datafit=SquaredHinge(), which keeps none."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Progress(problem, penalty, tol=tol)
        margins = Margins(problem, start)
        W, iteration = start, 0
        while iteration < min(max_iter, MOST):
            iteration += 1
            step = self._step(margins, penalty, W)
            W = W + step * margins.move
            margins.go(step)
            if self._near(progress, penalty, margins, W) or step < 1e-8:
                break
        return progress.solution(W, iteration)

    def _step(self, margins, penalty, W):
        """Length of Mehrotra's step, whose direction the margins then know."""
        slope = penalty.gradient(W) - margins.pull
        H = margins.hessian()
        mu = margins.complementarity
        margins.aim(penalty, H, slope, 0.0, second=False)
        ahead = margins.complementarity_at(margins.reach())
        margins.aim(penalty, H, slope, mu * (ahead / mu) ** 3, second=True)
        return min(1.0, SHORT * margins.reach())

    def _near(self, progress, penalty, margins, W):
        point = progress.problem.at(W)
        progress.objective = point.value + penalty.value(W)
        progress.bound = max(progress.bound, margins.bound(penalty))
        progress.gap = max(progress.objective - progress.bound, 0.0)
        return progress.gap <= progress.target
