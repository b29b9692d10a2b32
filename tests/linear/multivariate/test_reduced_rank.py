"""Reduced-rank regression against the singular value decomposition, scikit-learn and a descent."""

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import minimize
from sklearn.cross_decomposition import CCA
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV, KFold

from polytask import Tasks
from polytask.errors import ParameterError, UnsupportedError
from polytask.kinds import Survival
from polytask.linear import ReducedRank
from polytask.linear.multivariate.alternate import alternate
from polytask.linear.multivariate.reduced_rank import closed_form


def table(seed=0, n=60, d=7, T=4, rank=2, noise=1.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 3
    mix = rng.normal(size=(T, T))
    W = rng.normal(size=(d, rank)) @ rng.normal(size=(rank, T))
    return X, X @ W + noise * rng.normal(size=(n, T)) @ mix + 5


def holes(Y, share=0.3, seed=1):
    return np.where(np.random.default_rng(seed).random(Y.shape) < share, np.nan, Y)


def test_it_is_the_best_approximation_of_the_fitted_values():
    X, Y = table()
    full = LinearRegression().fit(X, Y)
    fitted = full.predict(X) - Y.mean(axis=0)
    rows = np.linalg.svd(fitted, full_matrices=False)[2][:2]
    found = ReducedRank(2).fit(X, Y)
    np.testing.assert_allclose(found.coef_, (full.coef_.T @ rows.T @ rows).T, atol=1e-9)
    assert np.linalg.matrix_rank(found.coef_) == found.rank_ == 2


@pytest.mark.parametrize("alpha", [0, 0.3])
def test_without_a_bound_it_is_ridge_regression(alpha):
    X, Y = table()
    n = len(X)
    other = Ridge(alpha=n * alpha).fit(X, Y) if alpha else LinearRegression().fit(X, Y)
    for rank in (None, 4):
        for labels in (Y, np.vstack([Y, np.full(4, np.nan)])):
            rows = X if len(labels) == n else np.vstack([X, X[:1]])
            found = ReducedRank(rank, alpha=alpha).fit(rows, labels)
            np.testing.assert_allclose(found.predict(X), other.predict(X), atol=1e-8)
    one = ReducedRank(None, alpha=alpha, weighting="noise").fit(X, Y)
    np.testing.assert_allclose(one.predict(X), other.predict(X), atol=1e-7)


def test_features_are_uncorrelated_with_variance_one():
    X, Y = table()
    found = ReducedRank(3).fit(X, Y)
    np.testing.assert_allclose(np.cov(found.transform(X).T, bias=True), np.eye(3), atol=1e-9)
    np.testing.assert_allclose(found.loadings_ @ found.features_.T, found.coef_, atol=1e-12)


def test_noise_weighting_finds_the_canonical_variate_of_scikit_learn():
    X, Y = table()
    score = CCA(1, scale=False, tol=1e-14, max_iter=10_000).fit(X, Y).transform(X)[:, 0]
    ours = ReducedRank(1, weighting="noise").fit(X, Y).transform(X)[:, 0]
    assert abs(np.corrcoef(score, ours)[0, 1]) == pytest.approx(1, abs=1e-9)
    plain = ReducedRank(1).fit(X, Y).transform(X)[:, 0]
    assert abs(np.corrcoef(score, plain)[0, 1]) < 0.999


def test_noise_weighting_is_the_most_probable_answer():
    X, Y = table()
    found = ReducedRank(2, weighting="noise").fit(X, Y)
    Xc, Yc = X - X.mean(axis=0), Y - Y.mean(axis=0)

    def volume(flat):
        A, B = flat[:14].reshape(7, 2), flat[14:].reshape(4, 2)
        left = Yc - Xc @ A @ B.T
        return np.linalg.slogdet(left.T @ left)[1]

    here = np.concatenate([found.features_.ravel(), found.loadings_.ravel()])
    best = minimize(volume, here + 0.01 * np.random.default_rng(0).normal(size=len(here))).fun
    assert volume(here) <= best + 1e-7


def test_scale_weighting_is_scaling_the_labels():
    X, Y = table()
    unit = Y.std(axis=0)
    a = ReducedRank(2, weighting="scale").fit(X, Y)
    b = ReducedRank(2).fit(X, Y / unit)
    np.testing.assert_allclose(a.coef_, b.coef_ * unit[:, None], atol=1e-9)
    given = ReducedRank(2, weighting=np.diag(1 / unit**2)).fit(X, Y)
    np.testing.assert_allclose(a.coef_, given.coef_, atol=1e-9)


def objective(data, A, B, alpha):
    total = 0.5 * alpha * np.sum((A @ B.T) ** 2)
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        r = y - y.mean() - (X - X.mean(axis=0)) @ A @ B[t]
        total += 0.5 * np.mean(r**2)
    return total


@pytest.mark.parametrize("alpha", [0.0, 0.2])
def test_with_gaps_no_descent_from_ten_starts_finds_less(alpha):
    X, Y = table(n=40, d=5)
    data = Tasks.from_arrays(X, holes(Y))
    found = ReducedRank(2, alpha=alpha).fit(data)
    assert found.n_iter_ > 1
    here = objective(data, found.features_, found.loadings_, alpha)
    assert found.objective_ == pytest.approx(here, rel=1e-9)
    rng = np.random.default_rng(0)
    for _ in range(10):
        run = minimize(
            lambda flat: objective(data, flat[:10].reshape(5, 2), flat[10:].reshape(4, 2), alpha),
            rng.normal(size=18),
        )
        assert here <= run.fun + 1e-6 * here


def test_taking_turns_reaches_the_closed_form_where_there_is_one():
    X, Y = table()
    Xc, Yc = X - X.mean(axis=0), Y - Y.mean(axis=0)
    G, C = Xc.T @ Xc / len(X), Xc.T @ Yc / len(X)
    features, loadings = closed_form(G, C, 0.1, 2)
    A, B, _, converged = alternate(np.repeat(G[None], 4, axis=0), C, 0.1, 2, 1e-14, 5000)
    assert converged
    np.testing.assert_allclose(A @ B.T, features @ loadings.T, atol=1e-5)


def test_a_table_per_task_shows_the_planted_direction():
    rng = np.random.default_rng(0)
    direction, sets = np.array([1.0, -2.0, 0.5, 0, 0, 1]), {}
    for t in range(5):
        X = rng.normal(size=(4 + t, 6))  # fewer rows than columns: no task finds it alone
        sets[f"t{t}"] = (X, X @ direction * (t + 1) + 7)
    found = ReducedRank(1, max_iter=20_000).fit(Tasks.stack(sets))
    np.testing.assert_allclose(found.coef_, np.outer(np.arange(1, 6), direction), atol=1e-3)


def test_more_columns_than_rows_are_worked_on_in_few_coordinates():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(20, 50)), rng.normal(size=(20, 4))
    Xc, Yc = X - X.mean(axis=0), Y - Y.mean(axis=0)
    features, loadings = closed_form(Xc.T @ Xc / 20, Xc.T @ Yc / 20, 0.5, 2)
    for table_ in (X, sparse.csr_array(X)):
        found = ReducedRank(2, alpha=0.5).fit(table_, Y)
        np.testing.assert_allclose(found.coef_, loadings @ features.T, atol=1e-9)


def test_cross_validation_chooses_the_planted_rank():
    X, Y = table(n=150, rank=2, noise=0.5)
    search = GridSearchCV(ReducedRank(), {"rank": [1, 2, 3, 4]}, cv=KFold(5))
    assert search.fit(X, Y).best_params_ == {"rank": 2}


def test_the_grid_starts_with_rank_one_and_a_strong_ridge():
    data = Tasks.from_arrays(*table())
    grid = ReducedRank().grid(data)
    assert [one["rank"] for one in grid[::6]] == [1, 2, 3, 4]
    assert grid[0]["alpha"] > grid[5]["alpha"] == 0


@pytest.mark.parametrize("options", [{"rank": 0}, {"alpha": -1}, {"weighting": "best"}])
def test_options_out_of_range_are_named(options):
    with pytest.raises(ParameterError, match=next(iter(options))):
        ReducedRank(**options).fit(*table())


def test_a_metric_that_is_none_is_refused():
    for metric in (np.eye(3), -np.eye(4)):
        with pytest.raises(ParameterError, match=r"shape \(4, 4\)"):
            ReducedRank(weighting=metric).fit(*table())


def test_what_makes_no_sense_is_refused_by_name():
    X, Y = table()
    with pytest.raises(UnsupportedError, match=r"'y0'.*weighting='scale'"):
        ReducedRank(weighting="noise").fit(X, holes(Y))
    with pytest.raises(UnsupportedError, match="ties tasks"):
        ReducedRank(weighting=np.eye(4) + 0.5).fit(X, holes(Y))
    with pytest.raises(UnsupportedError, match="sum to a constant"):
        ReducedRank(weighting="noise").fit(X, np.column_stack([Y, Y.sum(axis=1)]))
    with pytest.raises(UnsupportedError, match="'y0' is binary"):
        ReducedRank().fit(Tasks.from_arrays(X, np.median(Y, axis=0) < Y, kinds="class"))
    with pytest.raises(UnsupportedError, match="'y1' is survival"):
        ReducedRank().fit(Tasks.from_arrays(X, Y, kinds={"y1": Survival()}))


def test_without_an_intercept_planes_go_through_the_origin():
    X, Y = table()
    found = ReducedRank(None, fit_intercept=False).fit(X, Y)
    np.testing.assert_allclose(found.coef_, np.linalg.lstsq(X, Y)[0].T, atol=1e-9)
    assert not found.intercept_.any()
    left = np.mean((Y - X @ found.coef_.T) ** 2, axis=0).sum() / 2
    assert found.objective_ == pytest.approx(left, rel=1e-9)
