"""The ascent: it only climbs, and it ends at the top."""

import numpy as np
import pytest
from bayes.planted import planted, uneven
from scipy.optimize import minimize

from polytask.bayes.evidence import Ascent, Pseudo
from polytask.bayes.moments import Moments, Units
from polytask.bayes.prior import GaussianPrior


def ascent(data, *, count=1.0, own_noise=False):
    moments = Moments.of(data, Units.of(data, True))
    return Ascent(moments, Pseudo(count, 0.01 * moments.variance), own_noise)


@pytest.mark.parametrize("own_noise", [False, True])
@pytest.mark.parametrize("count", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("data", [uneven(), planted(30)[0]], ids=["uneven", "planted"])
def test_no_pass_goes_down(data, count, own_noise):
    history = np.array(ascent(data, count=count, own_noise=own_noise).run(1e-9, 600).history)
    # rounding: the sums have some hundred terms of size 1 to 100
    assert np.diff(history).min() >= -1e-9 * np.abs(history).max()


@pytest.mark.parametrize("own_noise", [False, True])
def test_plain_em_ends_at_the_same_top_later(own_noise):
    one = ascent(planted(40)[0], own_noise=own_noise)
    top = one.run(1e-11, 5000)
    prior, value = one.start(), []
    for _ in range(3000):
        prior, objective = one.step(prior)
        value.append(objective)
    assert top.converged
    assert top.history[-1] >= value[-1] - 1e-5
    assert top.history[-1] == pytest.approx(value[-1], abs=1e-3)
    assert top.passes < 300


def test_a_general_optimiser_finds_no_higher_point():
    data, _, _ = planted(12, d=2, n=6)
    one = ascent(data)
    top = one.run(1e-12, 5000)

    def down(point):
        half = np.zeros((3, 3))
        half[np.tril_indices(3)] = point[3:9]
        prior = GaussianPrior(point[:3], half @ half.T, np.exp(point[9:]))
        return -one.step(prior)[1]

    half = np.linalg.cholesky(top.prior.covariance)[np.tril_indices(3)]
    best = np.concatenate([top.prior.mean, half, np.log(top.prior.noise)])
    rng = np.random.default_rng(0)
    for start in (best, best + 0.1 * rng.normal(size=10)):
        found = minimize(down, start, method="BFGS")
        assert -found.fun <= top.history[-1] + 1e-5


def test_too_few_passes_are_told():
    top = ascent(planted(30)[0]).run(1e-12, 3)
    assert not top.converged
    assert top.passes <= 4


def test_pseudo_tasks_are_the_logarithm_of_a_normal_inverse_wishart():
    """The step with pseudo tasks is the maximum of its objective in the mean and covariance."""
    one = ascent(uneven(), count=3.0)
    top = one.run(1e-13, 20000).prior
    value = one.step(top)[1]
    rng = np.random.default_rng(0)
    for _ in range(20):
        wobble = 1e-3 * rng.normal(size=(4, 4))
        mixed = (np.eye(4) + wobble) @ top.covariance @ (np.eye(4) + wobble).T
        mean = top.mean + 1e-3 * rng.normal(size=4)
        assert one.step(GaussianPrior(mean, mixed, top.noise))[1] <= value
