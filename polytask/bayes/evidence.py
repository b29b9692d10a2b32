"""The prior under which the labels of all tasks are most probable, by EM."""

from dataclasses import dataclass

import numpy as np

from polytask.bayes.anderson import climb
from polytask.bayes.moments import Moments
from polytask.bayes.prior import GaussianPrior

# Least noise, as a share of the labels' variance. Exact data would drive it to zero, where the
# equations lose all digits; at this floor answers keep about nine.
FLOOR = 1e-6
HUGE = 300.0  # largest logarithm of a variance: its square is still a number


@dataclass(frozen=True, eq=False)
class Pseudo:
    """What is known before any task: ``count`` tasks with coefficients ``N(0, variance I)``.

    It is the normal-inverse-Wishart prior of ``(m, S)`` whose logarithm is
    ``-count/2 (log|S| + variance tr(S^-1) + m' S^-1 m)``; 0 tasks say nothing.
    """

    count: float
    variance: float

    def log_density(self, prior):
        """The logarithm above, at this prior."""
        if self.count == 0:
            return 0.0
        inverse = np.linalg.inv(prior.covariance)
        size = np.linalg.slogdet(prior.covariance)[1] + self.variance * np.trace(inverse)
        return -0.5 * self.count * (size + prior.mean @ inverse @ prior.mean)


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the ascent ended.

    Attributes
    ----------
    prior : GaussianPrior
    history : list of float
        The objective on the way up.
    passes : int
        Passes over the tasks.
    converged : bool
    """

    prior: GaussianPrior
    history: list
    passes: int
    converged: bool


@dataclass(frozen=True, eq=False)
class Ascent:
    """EM on the moments of all tasks; every pass raises ``evidence + log density``.

    Parameters
    ----------
    moments : Moments
        Tasks with labels only.
    pseudo : Pseudo
    own_noise : bool
        Whether every task has its own noise.
    """

    moments: Moments
    pseudo: Pseudo
    own_noise: bool

    def start(self):
        """One model for all tasks, and coefficients that vary a little around it."""
        gram, cross = self.moments.total
        p = len(cross)
        # a trace of ridge: with fewer rows than columns the plane is not unique
        mean = np.linalg.solve(gram + 1e-6 * np.trace(gram) / p * np.eye(p), cross)
        square = self.moments.square.sum() - (2 * cross - gram @ mean) @ mean
        noise = max(square / self.moments.count.sum(), 0.01 * self.moments.variance)
        tasks = len(self.moments.count) if self.own_noise else 1
        return GaussianPrior(mean, 0.1 * noise * np.eye(p), np.full(tasks, noise))

    def step(self, prior):
        """The next prior of EM, and the objective at this one."""
        posterior = prior.posterior(self.moments)
        objective = posterior.evidence.sum() + self.pseudo.log_density(prior)
        return self._maximised(posterior), float(objective)

    def _maximised(self, posterior):
        tasks, p = posterior.mean.shape
        known = self.pseudo.count
        mean = posterior.mean.sum(axis=0) / (tasks + known)
        apart = posterior.mean - mean
        spread = posterior.covariance_sum + apart.T @ apart
        spread += known * (np.outer(mean, mean) + self.pseudo.variance * np.eye(p))
        return GaussianPrior(mean, spread / (tasks + known), self._noise(posterior))

    def _noise(self, posterior):
        moments, a = self.moments, posterior.mean
        pull = np.einsum("tij,tj->ti", moments.gram, a)
        error = moments.square - np.einsum("tj,tj->t", 2 * moments.cross - pull, a) + posterior.fit
        count = moments.count
        if not self.own_noise:
            error, count = error.sum(keepdims=True), count.sum(keepdims=True)
        return np.maximum(error / count, FLOOR * moments.variance)

    def run(self, tol, max_iter):
        """Climb until two steps in a row gain less than ``tol`` per label."""
        space = Space(self.moments.cross.shape[1], self.moments.variance)

        def step(point):
            prior = space.prior(point)
            if prior is None:
                return None, -np.inf
            try:
                after, objective = self.step(prior)
            except np.linalg.LinAlgError:  # too far out for numbers
                return None, -np.inf
            return space.point(after), objective

        enough = tol * self.moments.count.sum()
        start = space.point(self.start())
        point, history, passes, converged = climb(step, start, tol=enough, max_iter=max_iter)
        return Maximum(space.prior(point), history, passes, converged)


@dataclass(frozen=True)
class Space:
    """Priors as points without bounds: mean, log of the covariance, log of the noise.

    The mean is taken in units of the labels' deviation, so that the way up does not depend on
    the unit of y.
    """

    p: int
    variance: float

    def point(self, prior):
        """The point ``(p + p^2 + len(noise),)`` of a prior."""
        values, vectors = np.linalg.eigh(prior.covariance)
        values = np.maximum(values, 1e-15 * values[-1])
        log = (vectors * np.log(values)) @ vectors.T
        mean = prior.mean / np.sqrt(self.variance)
        return np.concatenate([mean, log.ravel(), np.log(prior.noise)])

    def prior(self, point):
        """The prior of a point; None where its numbers would overflow."""
        p = self.p
        if not np.isfinite(point).all() or np.abs(point[p:]).max() > HUGE:
            return None
        log = point[p : p + p * p].reshape(p, p)
        values, vectors = np.linalg.eigh((log + log.T) / 2)
        if np.abs(values).max() > HUGE:
            return None
        covariance = (vectors * np.exp(values)) @ vectors.T
        noise = np.maximum(np.exp(point[p + p * p :]), FLOOR * self.variance)
        return GaussianPrior(point[:p] * np.sqrt(self.variance), covariance, noise)
