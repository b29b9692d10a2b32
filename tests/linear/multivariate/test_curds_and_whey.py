"""Curds and whey against the papers' eigenproblem, explicit refits and scikit-learn."""

import numpy as np
import pytest
from scipy import linalg
from scipy.optimize import minimize_scalar
from sklearn.cross_decomposition import CCA
from sklearn.linear_model import LinearRegression

from polytask import Tasks
from polytask.errors import ParameterError, UnsupportedError
from polytask.linear import L2, CurdsAndWhey, LinearModel


def table(seed=0, n=50, d=8, T=4, noise=2.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) + 1
    W = np.outer(rng.normal(size=d), rng.normal(size=T)) + 0.2 * rng.normal(size=(d, T))
    return X, X @ W + noise * rng.normal(size=(n, T)) + 3


def gcv(c2, r):
    """The factor that is best for predictions whose own row was left out, leverage r on average."""
    return minimize_scalar(
        lambda d: 1 - 2 * d * (c2 - r) / (1 - r) + d**2 * (c2 - 2 * r * c2 + r**2) / (1 - r) ** 2,
        bounds=(0, 1.5),
        method="bounded",
        options={"xatol": 1e-10},
    ).x


def test_it_is_the_eigenproblem_of_the_paper():
    X, Y = table()
    Xc, Yc = X - X.mean(axis=0), Y - Y.mean(axis=0)
    Q = np.linalg.solve(Yc.T @ Yc, Yc.T @ Xc) @ np.linalg.solve(Xc.T @ Xc, Xc.T @ Yc)
    values, vectors = linalg.eig(Q)
    c2, T = values.real, vectors.real.T
    r = 8 / 50
    D = np.diag([max(0, gcv(c, r)) if c > r else 0 for c in c2])
    fitted = LinearRegression().fit(X, Y).predict(X) - Y.mean(axis=0)
    expected = Y.mean(axis=0) + fitted @ (np.linalg.inv(T) @ D @ T).T
    np.testing.assert_allclose(CurdsAndWhey().fit(X, Y).predict(X), expected, atol=1e-6)


def test_the_population_rule():
    X, Y = table()
    found = CurdsAndWhey(shrinkage="population").fit(X, Y)
    c2, r = found.correlations_**2, 8 / 50
    np.testing.assert_allclose(found.shrinkage_, c2 / (c2 + r * (1 - c2)), atol=1e-12)


def test_correlations_are_those_of_scikit_learn():
    X, Y = table(noise=1.0)
    model = CCA(4, scale=False, tol=1e-14, max_iter=100_000).fit(X, Y)
    left, right = model.transform(X, Y)
    theirs = [np.corrcoef(a, b)[0, 1] for a, b in zip(left.T, right.T, strict=True)]
    np.testing.assert_allclose(CurdsAndWhey().fit(X, Y).correlations_, theirs, atol=1e-6)


def test_one_task_is_shrunk_least_squares():
    X, Y = table()
    y = Y[:, 0]
    plain = LinearRegression().fit(X, y)
    found = CurdsAndWhey().fit(X, y)
    d = gcv(plain.score(X, y), 8 / 50)
    np.testing.assert_allclose(found.coef_[0], d * plain.coef_, atol=1e-6)
    np.testing.assert_allclose(found.predict(X).mean(), y.mean(), atol=1e-9)


@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_rows_left_out_are_really_left_out(alpha):
    X, Y = table(n=25, d=4)
    found = CurdsAndWhey(shrinkage="cv", alpha=alpha).fit(X, Y)
    n = len(X)
    left = np.empty_like(Y)
    for i in range(n):
        rest = np.arange(n) != i
        # the ridge of the sum of squares stays, so that of the mean grows with one row less
        alone = LinearModel(L2(alpha * n / (n - 1)), tol=1e-12).fit(X[rest], Y[rest])
        left[i] = alone.predict(X[i : i + 1])
    values, vectors = linalg.eig(found.mixing_.T)
    order = np.argsort(-values.real)
    coordinates = vectors.real[:, order]  # columns: combinations of tasks that are only scaled
    true, guess = (Y - Y.mean(axis=0)) @ coordinates, (left - Y.mean(axis=0)) @ coordinates
    best = np.clip((true * guess).sum(axis=0) / (guess**2).sum(axis=0), 0, 1)
    np.testing.assert_allclose(values.real[order], np.sort(found.shrinkage_)[::-1], atol=1e-9)
    np.testing.assert_allclose(values.real[order], best, atol=1e-7)


@pytest.mark.parametrize("shrinkage", ["gcv", "population", "cv"])
def test_the_unit_of_a_task_changes_nothing(shrinkage):
    X, Y = table()
    unit = np.array([1, 100, 0.01, 3])
    a = CurdsAndWhey(shrinkage=shrinkage, alpha=0.1).fit(X, Y).predict(X)
    b = CurdsAndWhey(shrinkage=shrinkage, alpha=0.1).fit(X, Y * unit).predict(X)
    np.testing.assert_allclose(a * unit, b, rtol=1e-7)


def test_it_predicts_new_rows_better_than_least_squares_where_tasks_are_alike():
    gains = []
    for seed in range(20):
        X, Y = table(seed, n=1040, d=20, T=6, noise=4.0)
        train, test = slice(0, 40), slice(40, None)
        plain = LinearRegression().fit(X[train], Y[train]).predict(X[test])
        ours = CurdsAndWhey().fit(X[train], Y[train]).predict(X[test])
        gains.append(np.mean((Y[test] - plain) ** 2) / np.mean((Y[test] - ours) ** 2))
    assert np.min(gains) > 1.05
    assert np.mean(gains) > 1.3


def test_labels_that_sum_to_a_constant_are_predicted_so():
    X, Y = table()
    Y = np.column_stack([Y, 90 - Y.sum(axis=1)])
    found = CurdsAndWhey(alpha=0.1).fit(X, Y)
    assert len(found.shrinkage_) == 4
    np.testing.assert_allclose(found.predict(X).sum(axis=1), 90, atol=1e-7)


def test_a_few_gaps_change_little_and_own_rows_are_taken():
    X, Y = table(n=200)
    full = CurdsAndWhey().fit(X, Y)
    Y[0, 0] = np.nan
    few = CurdsAndWhey().fit(X, Y)
    np.testing.assert_allclose(few.mixing_, full.mixing_, atol=0.02)
    sets = {f"t{t}": table(t, n=20 + t, T=1) for t in range(3)}
    own = CurdsAndWhey().fit(Tasks.stack({k: (X, Y[:, 0]) for k, (X, Y) in sets.items()}))
    assert ((own.shrinkage_ > 0) & (own.shrinkage_ < 1)).all()


def test_what_makes_no_sense_is_refused_by_name():
    X, Y = table(n=12, d=20)
    with pytest.warns(UserWarning, match="20 columns for 12 rows. Give an alpha"):
        CurdsAndWhey().fit(X, Y)
    with pytest.raises(ParameterError, match="shrinkage"):
        CurdsAndWhey(shrinkage="some").fit(X, Y)
    sparse_labels = np.where(np.eye(4)[np.arange(12) % 4] > 0, Y, np.nan)
    with pytest.raises(UnsupportedError, match="label of every task"):
        CurdsAndWhey(shrinkage="cv", alpha=1.0).fit(X, sparse_labels)


def test_the_grid_offers_no_ridge_only_where_rows_are_many():
    few, many = table(n=12, d=20), table(n=100)
    assert {"alpha": 0.0} not in CurdsAndWhey().grid(Tasks.from_arrays(*few))
    assert CurdsAndWhey().grid(Tasks.from_arrays(*many))[-1] == {"alpha": 0.0}
