"""The posterior and the evidence against the full multivariate normal, written out."""

import numpy as np
import pytest
from bayes.planted import uneven
from scipy.stats import multivariate_normal

from polytask.bayes.moments import Moments, Units
from polytask.bayes.prior import GaussianPrior
from polytask.ops.scale import Scale

UNITS = Units(Scale(np.zeros(3), np.ones(3)), 0.0)  # none: the oracle sees the same numbers
MEAN = np.array([0.5, -1.0, 2.0, 0.1])
HALF = np.array([[1, 0, 0, 0], [0.4, 0.7, 0, 0], [-0.3, 0.2, 0.5, 0], [0.1, 0.6, -0.2, 0.9]])
COVARIANCE = HALF @ HALF.T
NOISE = np.array([0.7])


def designs(data):
    """Per task: inputs with a one ``(n_t, 4)`` and labels."""
    for name in data.names:
        X, y, _ = data.table(name)
        yield np.column_stack([X, np.ones(len(X))]), y


def posterior(mean=MEAN, covariance=COVARIANCE, noise=NOISE):
    data = uneven()
    return data, GaussianPrior(mean, covariance, noise).posterior(Moments.of(data, UNITS))


def test_the_evidence_is_the_log_density_of_the_labels():
    data, found = posterior()
    for t, (H, y) in enumerate(designs(data)):
        cov = H @ COVARIANCE @ H.T + NOISE[0] * np.eye(len(y))
        expected = multivariate_normal.logpdf(y, H @ MEAN, cov)
        assert found.evidence[t] == pytest.approx(expected, rel=1e-10)


def test_the_posterior_is_that_of_the_joint_normal():
    data, found = posterior()
    for t, (H, y) in enumerate(designs(data)):
        gain = COVARIANCE @ H.T @ np.linalg.inv(H @ COVARIANCE @ H.T + NOISE[0] * np.eye(len(y)))
        np.testing.assert_allclose(found.mean[t], MEAN + gain @ (y - H @ MEAN), rtol=1e-9)
        factor = found.factor[t]
        np.testing.assert_allclose(
            factor @ factor.T, COVARIANCE - gain @ H @ COVARIANCE, rtol=1e-8, atol=1e-10
        )
        spread = np.trace(H.T @ H @ factor @ factor.T)
        assert found.fit[t] == pytest.approx(spread, rel=1e-9)


def test_the_mean_is_generalised_ridge_towards_the_prior_mean():
    data, found = posterior()
    precision = np.linalg.inv(COVARIANCE)
    for t, (H, y) in enumerate(designs(data)):
        left = H.T @ H + NOISE[0] * precision
        expected = np.linalg.solve(left, H.T @ y + NOISE[0] * precision @ MEAN)
        np.testing.assert_allclose(found.mean[t], expected, rtol=1e-8)


def test_a_huge_prior_covariance_gives_least_squares():
    data, found = posterior(covariance=1e8 * np.eye(4))
    H, y = list(designs(data))[-1]
    np.testing.assert_allclose(found.mean[-1], np.linalg.lstsq(H, y)[0], rtol=1e-5)


def test_no_prior_covariance_gives_the_prior_mean():
    _, found = posterior(covariance=np.zeros((4, 4)))
    np.testing.assert_allclose(found.mean, np.tile(MEAN, (5, 1)))
    np.testing.assert_allclose(found.factor, 0)


def test_every_task_may_have_its_own_noise():
    noise = np.array([0.1, 0.4, 0.9, 1.6, 2.5])
    _, all_ = posterior(noise=noise)
    for t in range(5):
        _, one = posterior(noise=noise[[t]])
        np.testing.assert_allclose(all_.mean[t], one.mean[t])
        assert all_.evidence[t] == pytest.approx(one.evidence[t])
        assert all_.fit[t] == pytest.approx(one.fit[t])
