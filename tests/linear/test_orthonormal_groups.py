import cvxpy as cp
import numpy as np
import pytest
from linear.penalties.problems import shared, solved
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from polytask.linear import GroupLasso, LinearModel, OrthonormalGroups

GROUPS = ((0, 1, 2), (5, 3))


@parametrize_with_checks([OrthonormalGroups()])
def test_it_is_a_scikit_learn_transformer(estimator, check):
    check(estimator)


def test_groups_become_orthonormal_and_single_features_standardised():
    X, _ = shared()
    Z = OrthonormalGroups(GROUPS).fit_transform(X)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-12)
    for group in (*GROUPS, (4,)):
        block = Z[:, list(group)]
        np.testing.assert_allclose(block.T @ block / len(Z), np.eye(len(group)), atol=1e-12)
    np.testing.assert_allclose(np.abs(Z[:, 4]), np.abs(X[:, 4] - X[:, 4].mean()) / X[:, 4].std())


def test_the_price_is_that_of_fitted_values():
    X, Y = shared()
    n, alpha = len(X), 0.3
    groups = (*GROUPS, (4,), (6,), (7,))
    Z, R = X - X.mean(axis=0), Y - Y.mean(axis=0)
    W = cp.Variable((8, 4))
    price = sum(np.sqrt(len(g)) * cp.norm(Z[:, list(g)] @ W[list(g)], "fro") for g in groups)
    objective = cp.sum_squares(R - Z @ W) / (2 * n) + alpha * price / np.sqrt(n)
    problem = cp.Problem(cp.Minimize(objective))
    problem.solve(solver="CLARABEL")
    change = OrthonormalGroups(GROUPS).fit(X)
    model = solved(GroupLasso(alpha, GROUPS), change.transform(X), Y)
    assert model.objective_ == pytest.approx(problem.value, rel=1e-7)
    np.testing.assert_allclose(change.coefficients(model.coef_), W.value.T, atol=1e-4)


def test_how_a_group_is_coded_does_not_matter():
    X, Y = shared()
    other = X.copy()
    other[:, :3] = X[:, :3] @ np.random.default_rng(1).normal(size=(3, 3))
    predictions = [
        make_pipeline(OrthonormalGroups(GROUPS), LinearModel(GroupLasso(0.3, GROUPS), tol=1e-12))
        .fit(Z, Y)
        .predict(Z)
        for Z in (X, other)
    ]
    np.testing.assert_allclose(*predictions, atol=1e-4)


def test_a_group_of_lower_rank_is_filled_up_with_zeros():
    X, _ = shared()
    X[:, 2] = X[:, 0] + X[:, 1]
    X[:, 4] = 3.0
    Z = OrthonormalGroups(GROUPS).fit_transform(X)
    np.testing.assert_allclose(Z[:, [2, 4]], 0, atol=1e-12)
    np.testing.assert_allclose(Z[:, [0, 1]].T @ Z[:, [0, 1]] / len(Z), np.eye(2), atol=1e-10)
