"""Alternate between all tasks at a fixed structure and the best structure for all tasks."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from polytask.errors import require
from polytask.linear.penalties import ASO
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.structure import AtStructure, random_structure

# Rounds before quasi-Newton steps on the structure take over.
PATIENCE = 20
# Rounds between two of them, where rounding has ended the line search.
BETWEEN = 3
# Numbers in all second derivatives together (800 MB) up to which they are made for a certificate.
LARGEST_PROOF = 1e8


@dataclass(frozen=True)
class AlternatingStructure(Solver):
    """SVD-ASO: ridge regressions at a structure, then the singular vectors of what came out.

    The first structure is none, so that the first round is ridge regression; a round never raises
    the objective. `Direct`, `Newton` or `LBFGS` does the regressions, as the losses want it. Where
    rounds get short (alpha is large), quasi-Newton steps on the structure end what they began.

    The certificate is the *structure gap*: how far the objective could still fall with the
    structure as it is, and by a step that turns it. It is zero at a stationary point; another
    start may end lower (``restarts``).

    Parameters
    ----------
    rounds : int, optional
        End after this many rounds, however far the structure could still move, as the paper does
        after one or a few. Default: until the structure gap is below the tolerance; ``max_iter``
        counts regressions of all tasks.
    restarts : int, >= 0
        Further starts from random structures; the smallest objective is taken.
    seed : int
        Of the random structures.

    References
    ----------
    Ando, Zhang. A framework for learning predictive structures from multiple tasks and unlabeled
    data. JMLR 2005 (figure 3.2).

    Examples
    --------
    >>> from polytask.linear import ASO, AlternatingStructure, LinearModel
    >>> X = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 0.0]]
    >>> Y = [[0.0, 0.0, 0.0], [1.0, 2.0, -1.0], [2.0, 4.0, -2.0], [3.0, 6.0, -3.0]]
    >>> model = LinearModel(ASO(1.0, h=1), solver=AlternatingStructure()).fit(X, Y)
    >>> model.coef_.round(2) + 0.0  # three tasks in one direction, not shrunk
    array([[ 1.,  0.],
           [ 2.,  0.],
           [-1.,  0.]])
    """

    rounds: int | None = None
    restarts: int = 0
    seed: int = 0

    def __post_init__(self):
        require(
            self.rounds is None or self.rounds >= 1,
            f"AlternatingStructure needs rounds >= 1. Found rounds={self.rounds}.",
        )
        require(
            self.restarts >= 0,
            f"AlternatingStructure needs restarts >= 0. Found restarts={self.restarts}.",
        )

    def refuses(self, problem, penalty):
        if not isinstance(penalty, ASO):
            return f"is for ASO. Found {type(penalty).__name__}. Take solver='auto'."
        d, P = problem.shape
        if penalty.eta == 0 and d * d * (1 if problem.one_hessian else P) > LARGEST_PROOF:
            return (
                f"proves free directions by second derivatives, too large for {d} features and {P} "
                "outputs. Take ASO(eta=0.001), which needs none."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        here = AtStructure(problem, penalty, tol=tol)
        here.W = start
        progress, _ = here.measured()
        if progress.gap <= progress.target:
            return progress.solution(start, 0)
        starts = _structures(penalty, problem.shape, self.restarts, self.seed)
        found = [self._from(AtStructure(problem, penalty, tol=tol), B, max_iter) for B in starts]
        return min(found, key=lambda one: one.objective)

    def _from(self, at, B, max_iter):
        """The end of the way from a structure."""
        if self.rounds is not None:
            return _fixed(at, B, min(self.rounds, max_iter))
        steady = at.penalty.steady
        rounds, before = PATIENCE if steady else max_iter, np.inf
        while True:
            progress, near = _alternate(at, B, min(at.count + rounds, max_iter))
            if near or at.count >= max_iter or not progress.objective < before:
                return progress.solution(at.W, at.count)
            before, rounds = progress.objective, BETWEEN
            B = _turned(at, max_iter)


def _fixed(at, B, rounds):
    """A given number of rounds; the certificate is that of the last regressions."""
    for number in range(rounds):
        B = B if number == 0 else at.penalty.basis(at.W)
        at.regress(B)
    found = at.among(B).solution(at.W, at.count)
    return replace(found, certificate=f"{found.certificate} in round {rounds}")


def _alternate(at, B, last):
    """Rounds until the structure rests, or until this many regressions are done."""
    while True:
        at.regress(B)
        progress, near = at.measured()
        if near or at.count >= last:
            return progress, near
        B = at.penalty.basis(at.W)


def _turned(at, max_iter):
    """The structure after quasi-Newton steps on it; they end where the structure gap is small."""
    B = at.penalty.basis(at.W)
    if not B.size:
        return B
    # directions at their lengths: the ones that tasks use most move least
    A = B * np.linalg.norm(at.W.T @ B, axis=0)
    mask, best = at.penalty.support(B), [np.inf, B]

    def objective(a):
        value, slope, structure = at.slope(a.reshape(A.shape) * mask)
        if value < best[0]:
            best[:] = value, structure
        return value, slope.ravel()

    def watch(intermediate_result):
        if at.measured()[1] or at.count >= max_iter:
            raise StopIteration

    options = {"maxiter": max_iter, "maxfun": max(max_iter - at.count, 1), "ftol": 0.0}
    options |= {"gtol": 0.0, "maxcor": 20}
    minimize(objective, A.ravel(), jac=True, method="L-BFGS-B", callback=watch, options=options)
    return best[1]


def _structures(penalty, shape, restarts, seed):
    """The structures to start from: none, and random ones."""
    yield np.zeros((shape[0], 0))
    for number in range(restarts):
        yield random_structure(penalty, shape, [seed, number])
