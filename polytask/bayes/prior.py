"""A Gaussian prior of coefficients, and what it makes of the labels of a task, in closed form."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Posterior:
    """Coefficients of each task after its labels were seen: ``N(mean_t, F_t F_t')``.

    Attributes
    ----------
    mean : array (T, p)
    factor : array (T, p, p), or (1, p, p) where it is the same for all tasks
    fit : array (T,)
        ``tr(gram_t F_t F_t')``: what the uncertainty adds to the sum of squared errors.
    evidence : array (T,)
        ``log p(labels of t | prior)``.
    """

    mean: np.ndarray
    factor: np.ndarray
    fit: np.ndarray
    evidence: np.ndarray

    @property
    def covariance_sum(self):
        """Sum of the covariances over the tasks ``(p, p)``."""
        times = len(self.mean) / len(self.factor)
        return times * np.einsum("tij,tkj->ik", self.factor, self.factor, optimize=True)


@dataclass(frozen=True, eq=False)
class GaussianPrior:
    """``a_t ~ N(mean, covariance)`` and ``y_ti = a_t' z_ti + N(0, noise_t)``.

    Parameters
    ----------
    mean : array (p,)
    covariance : array (p, p)
        Positive semidefinite; it may be singular, or zero.
    noise : array (T,) or (1,)
        Variance of the labels around the plane; positive.
    """

    mean: np.ndarray
    covariance: np.ndarray
    noise: np.ndarray

    def posterior(self, moments):
        """`Posterior` of every task of the moments.

        With ``covariance = R R'`` and ``M_t = noise_t I + R' gram_t R``, everything follows from a
        Cholesky factor of M_t; the covariance is never inverted.
        """
        p, noise = len(self.mean), self.noise[:, None, None]
        R = root(self.covariance)
        M = R.T @ moments.gram @ R + noise * np.eye(p)
        cholesky = np.linalg.cholesky(M)
        inverse = np.linalg.inv(cholesky)
        # cross and square of the residuals around the prior mean
        pull = moments.gram @ self.mean
        cross = moments.cross - pull
        square = moments.square - (2 * moments.cross - pull) @ self.mean
        half = np.einsum("tij,tj->ti", inverse, cross @ R)
        factor = np.sqrt(noise) * (R @ np.swapaxes(inverse, 1, 2))
        mean = self.mean + np.einsum("tij,tj->ti", factor, half) / np.sqrt(self.noise)[:, None]
        fit = self.noise * (p - self.noise * np.square(inverse).sum(axis=(1, 2)))
        determinant = 2 * np.log(np.einsum("tii->ti", cholesky)).sum(axis=1)
        determinant = determinant + (moments.count - p) * np.log(self.noise)
        squares = (square - np.square(half).sum(axis=1)) / self.noise
        evidence = -0.5 * (moments.count * np.log(2 * np.pi) + determinant + squares)
        return Posterior(mean, factor, np.broadcast_to(fit, len(mean)), evidence)


def root(covariance):
    """A matrix R with ``R R' = covariance``, for a semidefinite one too."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0.0))
