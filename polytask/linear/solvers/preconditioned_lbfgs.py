"""Quasi-Newton steps in coordinates in which losses are round: for penalties with a gradient."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from polytask.linear.solution import Progress
from polytask.linear.solvers.base import Solver
from polytask.linear.solvers.proximal_gradient import ProximalGradient

# Share of the penalty's strength that is added to the curvature of the losses.
SHARE = 0.1
# Least share of the mean curvature: a column without variance has none of its own.
LEAST = 1e-8
# Numbers in all second derivatives together that are worth making (160 MB).
LARGEST = 2e7
MEMORY = 20
RESTARTS = 4


@dataclass(frozen=True)
class PreconditionedLBFGS(Solver):
    """For penalties that tie the tasks and have a gradient: `ConvexClustered`, `ConvexASO`.

    Every output gets coordinates in which its own loss is a sum of squares; what is left to learn
    for the memory is how the penalty ties them, mostly in tens of iterations, however the inputs
    are scaled. Cost: once ``O(T d^3)``, an iteration ``O(T d^2)`` and a spectrum of W.

    Parameters
    ----------
    every : int
        Iterations between two measurements of the gap.

    References
    ----------
    Nocedal. Updating quasi-Newton matrices with limited storage. Mathematics of Computation 1980.

    Examples
    --------
    >>> from polytask.linear import ConvexClustered, LinearModel, PreconditionedLBFGS
    >>> X, Y = [[0.0], [1.0], [2.0]], [[1.0, 0.0], [3.0, 1.0], [5.0, 2.0]]
    >>> LinearModel(ConvexClustered(0.1), solver=PreconditionedLBFGS()).fit(X, Y).coef_.round(2)
    array([[1.99],
           [1.01]])
    """

    every: int = 5

    def refuses(self, problem, penalty):
        if not penalty.differentiable:
            return (
                f"needs a penalty with a gradient that ties tasks, such as ConvexClustered. Found "
                f"{type(penalty).__name__}. Take solver='auto'."
            )
        d, P = problem.shape
        rows = d * d * (1 if problem.one_hessian else P)
        if "multinomial" in problem.losses or not problem.bounded or rows > LARGEST:
            return (
                "needs second derivatives of every output: no multinomial or unbounded losses, and "
                f"few features. Found {sorted(problem.losses)}, {d} features. Take "
                "ProximalGradient, or solver='auto'."
            )
        return None

    def run(self, problem, penalty, *, start, tol, max_iter):
        progress = Progress(problem, penalty, tol=tol)
        if progress.check(start):
            return progress.solution(start, 0)
        turn = Coordinates(problem, penalty)
        W, count = start if np.any(start) else turn.ridge(), 0

        def objective(z):
            V = turn.back(z)
            point = problem.at(V)
            gradient = point.gradient + penalty.gradient(V)
            return point.value + penalty.value(V), turn.pull(gradient)

        def watch(intermediate_result):
            nonlocal count
            count += 1
            if count % self.every == 0 and progress.check(turn.back(intermediate_result.x)):
                raise StopIteration

        # the line search gives up at rounding; a fresh memory often goes on from there
        for _ in range(RESTARTS):
            left = max(max_iter - count, 1)
            options = {"maxiter": left, "maxfun": 10 * left, "maxcor": MEMORY}
            options |= {"ftol": 0.0, "gtol": 0.0}
            z = turn.into(W)
            z = minimize(
                objective, z, jac=True, method="L-BFGS-B", callback=watch, options=options
            ).x
            W = turn.back(np.asarray(z))
            if progress.check(W) or count >= max_iter:
                return progress.solution(W, count)
        return _polished(problem, penalty, W, tol=tol, max_iter=max_iter, count=count)


def _polished(problem, penalty, W, *, tol, max_iter, count):
    """The last digits by steps that compare no values, where rounding ends the line search."""
    found = ProximalGradient().run(
        problem, penalty, start=W, tol=tol, max_iter=max(max_iter - count, 1)
    )
    return replace(found, iterations=count + found.iterations)


class Coordinates:
    """``z_p = L_p' w_p`` with ``L_p L_p'`` the curvature of the loss of output p, and a little."""

    def __init__(self, problem, penalty):
        H, d = problem.hessian(np.zeros(problem.shape)), problem.n_features
        mean = np.trace(H, axis1=1, axis2=2).mean() / d
        self.B = H + max(SHARE * penalty.alpha, LEAST * mean) * np.eye(d)
        self.L = np.linalg.cholesky(self.B)
        self.inverse = np.linalg.inv(self.L)
        self.null, self.shape = problem.null.gradient, problem.shape

    def ridge(self):
        """The coefficients ``(d, P)`` of ridge regression with the little for its price."""
        return -_each(_turned(self.inverse), _each(self.inverse, self.null))

    def into(self, W):
        """``z`` of W ``(d, P)``, flat."""
        return _each(_turned(self.L), W).ravel()

    def back(self, z):
        """W ``(d, P)`` of a flat ``z``."""
        return _each(_turned(self.inverse), z.reshape(self.shape))

    def pull(self, G):
        """The derivative by ``z``, flat, from that by W ``(d, P)``."""
        return _each(self.inverse, G).ravel()


def _turned(A):
    return np.swapaxes(A, 1, 2)


def _each(A, W):
    """``A_p w_p`` as columns ``(d, P)``; one A for all, or one each."""
    return A[0] @ W if len(A) == 1 else (A @ W.T[:, :, None])[:, :, 0].T
