import cvxpy as cp
import numpy as np
import pytest

from polytask.errors import UnsupportedError
from polytask.linear.distributed import approximate_inverse


def covariance(n, d, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, d))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X.T @ X / n


@pytest.mark.parametrize(("n", "mu"), [(40, 0.1), (40, 0.3), (10, 0.45)])
def test_rows_are_those_of_cvxpy(n, mu):
    S = covariance(n, 12)
    M = approximate_inverse(S, mu, tol=1e-9)
    factor = np.linalg.cholesky(S + 1e-12 * np.eye(12)).T
    for j in range(12):
        m = cp.Variable(12)
        bound = cp.norm_inf(S @ m - np.eye(12)[j]) <= mu
        problem = cp.Problem(cp.Minimize(cp.sum_squares(factor @ m)), [bound])
        problem.solve(solver="CLARABEL")
        assert M[j] @ S @ M[j] == pytest.approx(problem.value, rel=1e-5)
        assert np.abs(S @ M[j] - np.eye(12)[j]).max() <= mu + 1e-7
        if n > 12:  # else m is not unique
            np.testing.assert_allclose(M[j], m.value, atol=1e-4)


def test_a_bound_of_zero_is_the_inverse():
    S = covariance(40, 12)
    np.testing.assert_allclose(approximate_inverse(S, 0), np.linalg.inv(S), atol=1e-9)


def test_a_bound_that_cannot_be_met_is_refused():
    with pytest.raises(UnsupportedError, match="Raise mu"):
        approximate_inverse(covariance(5, 12), 0.1, max_iter=500)
