import numpy as np
import pytest
from linear.penalties.problems import separate, shared, solved
from sklearn.linear_model import Ridge

from polytask.linear import L21, SquaredL21


def test_it_is_the_plain_norm_at_the_strength_times_the_sum_of_lengths():
    data = separate()
    squared = solved(SquaredL21(0.15), data)
    total = np.linalg.norm(squared.coef_, axis=0).sum()
    plain = solved(L21(0.15 * total), data)
    np.testing.assert_allclose(squared.coef_, plain.coef_, atol=1e-6)
    assert np.any(~squared.coef_.any(axis=0)) or total > 0


def test_every_point_of_the_plain_path_is_one_of_the_squared_path():
    X, Y = shared()
    top = L21().alpha_max((X - X.mean(0)).T @ (Y - Y.mean(0)) / len(X))
    for share in (0.8, 0.3, 0.05):
        plain = solved(L21(share * top), X, Y)
        total = np.linalg.norm(plain.coef_, axis=0).sum()
        squared = solved(SquaredL21(share * top / total), X, Y)
        np.testing.assert_allclose(squared.coef_, plain.coef_, atol=1e-5)


def test_at_the_learned_weights_all_tasks_are_ridge_regressions():
    X, Y = shared()
    coef = solved(SquaredL21(0.3), X, Y).coef_
    length = np.linalg.norm(coef, axis=0)
    g = length / length.sum()
    kept = g > 0
    assert 0 < kept.sum() < len(g)
    ridge = Ridge(alpha=0.3 * len(X)).fit(X[:, kept] * np.sqrt(g[kept]), Y)
    np.testing.assert_allclose(coef[:, kept], ridge.coef_ * np.sqrt(g[kept]), atol=1e-5)


def test_a_new_task_is_that_ridge_regression():
    X, Y = shared()
    old, y = Y[:, :3], Y[:, 3]
    model = solved(SquaredL21(0.3), X, old)
    length = np.linalg.norm(model.coef_, axis=0)
    g = length / length.sum()
    ridge = Ridge(alpha=0.3 * len(X)).fit(X * np.sqrt(g), y)
    np.testing.assert_allclose(model.adapt(X, y).coef_[0], ridge.coef_ * np.sqrt(g), atol=1e-6)


def test_one_feature_is_ridge_regression():
    X, Y = shared(d=1)
    expected = Ridge(alpha=0.4 * len(X)).fit(X, Y[:, 0]).coef_
    np.testing.assert_allclose(solved(SquaredL21(0.4), X, Y[:, 0]).coef_[0], expected, atol=1e-8)


def test_the_price_worked_out_by_hand():
    W = np.array([[3.0, 4.0], [0.0, 2.0], [0.0, 0.0]])
    assert SquaredL21(0.5).value(W) == pytest.approx(0.25 * 49)
