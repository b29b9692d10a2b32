"""A path is many single fits; what chooses on it is checked against scikit-learn and by hand."""

import cvxpy as cp
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LassoLarsIC, LinearRegression, lasso_path

from polytask import Tasks
from polytask.errors import ParameterError, UnsupportedError
from polytask.linear import (
    L1,
    L2,
    L21,
    ElasticNet,
    LinearClassifier,
    LinearModel,
    LinearPath,
    Split,
    TraceNorm,
)


def table(seed=0, n=40, d=6, T=3, holes=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    W = rng.normal(size=(d, T)) * (np.arange(d) < 2)[:, None]
    Y = X @ W + 0.7 * rng.normal(size=(n, T)) + 1
    return X, np.where(rng.random((n, T)) < holes, np.nan, Y)


@pytest.mark.parametrize("holes", [0.0, 0.3], ids=["whole", "holes"])
@pytest.mark.parametrize(
    "penalty", [L21(), L1(), L2(), ElasticNet(), TraceNorm()], ids=lambda one: type(one).__name__
)
def test_a_single_fit_is_a_path_of_one_and_every_point_is_a_single_fit(penalty, holes):
    X, Y = table(holes=holes)
    model = LinearModel(penalty, tol=1e-10)
    alone = model.fit(X, Y)
    one = LinearPath.of(model, X, Y, alphas=[penalty.alpha])
    assert np.array_equal(one[0].coef_, alone.coef_)
    assert np.array_equal(one[0].intercept_, alone.intercept_)
    path = LinearPath.of(model, X, Y, points=7, weakest=1e-2)
    for k in range(len(path)):
        single = LinearModel(path[k].penalty, tol=1e-10).fit(X, Y)
        np.testing.assert_allclose(path[k].coef_, single.coef_, atol=1e-5)
        np.testing.assert_allclose(path.coefs[k], path[k].coef_, atol=0)
        assert path.objective[k] == pytest.approx(single.objective_, rel=1e-9)


@pytest.mark.parametrize("intercept", [True, False, "penalised"])
def test_a_path_has_the_intercepts_and_units_of_its_model(intercept):
    X, Y = table()
    data = Tasks.stack({"a": (X[:25], Y[:25, 0]), "b": (X[25:] * 3, Y[25:, 1])})
    model = LinearModel(L21(), scale=True, fit_intercept=intercept, tol=1e-10)
    path = LinearPath.of(model, data, points=5, weakest=0.05)
    single = model.set_params(penalty=path[3].penalty).fit(data)
    for found in (path[3].coef_, path.coefs[3]):
        np.testing.assert_allclose(found, single.coef_, atol=1e-5)
    for found in (path[3].intercept_, path.intercepts[3]):
        np.testing.assert_allclose(found, single.intercept_, atol=1e-5)
    miss = [np.sum((one.y - single.predict_each(data)[one.task.name]) ** 2) for one in data]
    null = [np.sum((one.y - one.y.mean() * (intercept is True)) ** 2) for one in data]
    np.testing.assert_allclose(path.explained[3], 1 - np.divide(miss, null), rtol=1e-5)
    assert len(path.coefficients()) == np.count_nonzero(path.coefs)


def test_the_lasso_path_is_that_of_scikit_learn():
    X, Y = table(n=30, d=50, T=1)
    X, y = X - X.mean(axis=0), Y[:, 0] - Y[:, 0].mean()
    model = LinearModel(L1(), tol=1e-12, fit_intercept=False)
    path = LinearPath.of(model, X, y, points=20, weakest=0.05)
    alphas, theirs, _ = lasso_path(X, y, alphas=path.alphas, tol=1e-12, max_iter=100_000)
    np.testing.assert_allclose(path.alphas, alphas)
    np.testing.assert_allclose(path.coefs[:, 0], theirs.T, atol=1e-6)


def test_points_of_a_dirty_path_are_optima_by_cvxpy():
    X, Y = table(T=4)
    path = LinearPath.of(LinearModel(Split(), fit_intercept=False), X, Y, points=4, weakest=0.05)
    assert set(path.seconds) == {point.penalty.own.alpha for point in path.points}
    assert [point.line for point in path.points] == [0] * 4 + [1] * 4
    for k in (2, 6):
        penalty, B, S = path[k].penalty, cp.Variable((6, 4)), cp.Variable((6, 4))
        price = penalty.shared.alpha * cp.sum(cp.norm(B, axis=1)) + penalty.own.alpha * cp.sum(
            cp.abs(S)
        )
        loss = cp.sum_squares(Y - X @ (B + S)) / (2 * len(X))
        best = cp.Problem(cp.Minimize(loss + price)).solve(solver=cp.CLARABEL)
        assert path.objective[k] == pytest.approx(best, rel=1e-5)


@pytest.mark.parametrize("rule", ["aic", "bic"])
@pytest.mark.parametrize("seed", range(3))
def test_the_lasso_is_chosen_as_lars_ic_chooses_it(rule, seed):
    X, Y = table(seed, n=60, d=8, T=1)
    y = Y[:, 0]
    theirs = LassoLarsIC(rule).fit(X, y)
    # a knot is where a coefficient enters: a grain before it, so that it has not
    alphas = theirs.alphas_[theirs.alphas_ > 0] * (1 + 1e-6)
    path = LinearPath.of(LinearModel(L1(), tol=1e-13), X, y, alphas=alphas)
    ours = path.criterion(rule, noise=theirs.noise_variance_)
    np.testing.assert_allclose(ours, theirs.criterion_[: len(alphas)], rtol=1e-5)
    chosen = path.select(rule, noise=theirs.noise_variance_).penalty.alpha
    assert chosen == pytest.approx(theirs.alpha_, rel=1e-5)


def test_cp_is_the_residual_sum_over_the_noise_of_least_squares():
    X, Y = table()
    path = LinearPath.of(LinearModel(L21()), X, Y, points=10)
    full = LinearRegression().fit(X, Y)
    noise = np.sum((Y - full.predict(X)) ** 2, axis=0) / (40 - 6 - 1)
    rss = np.array([np.sum((Y - path[k].predict(X)) ** 2, axis=0) for k in range(len(path))])
    by_hand = (rss / noise - 40).sum(axis=1) + 2 * path.df
    np.testing.assert_allclose(path.criterion("cp"), by_hand, rtol=1e-6)
    assert path.select("cp").penalty.alpha == path.alphas[np.argmin(by_hand)]


def test_criteria_of_the_lasso_of_several_tasks_are_the_sums_of_their_own():
    X, Y = table(d=10)
    alphas = [0.5, 0.2, 0.1, 0.05]
    model = LinearModel(L1(), tol=1e-12)
    together = LinearPath.of(model, X, Y, alphas=alphas)
    for rule in ("aic", "bic", "ebic"):
        own = sum(LinearPath.of(model, X, y, alphas=alphas).criterion(rule) for y in Y.T)
        np.testing.assert_allclose(together.criterion(rule), own, rtol=1e-8)


def test_an_integer_weight_is_a_repeated_row_in_every_criterion():
    X, Y = table()
    weight = np.random.default_rng(1).integers(1, 4, len(X))
    one = LinearPath.of(LinearModel(L21()), X, Y, sample_weight=weight, points=6)
    two = LinearPath.of(LinearModel(L21()), X.repeat(weight, 0), Y.repeat(weight, 0), points=6)
    for rule in ("aic", "bic", "ebic", "cp"):
        np.testing.assert_allclose(one.criterion(rule), two.criterion(rule), rtol=1e-5)


def test_the_extended_criterion_finds_the_features_that_are_there():
    X, Y = table(n=50, d=80)
    found = LinearPath.of(LinearModel(L21()), X, Y).select("ebic")
    assert np.flatnonzero(found.coef_.any(axis=0)).tolist() == [0, 1]


def test_classes_are_chosen_by_their_likelihood():
    X, Y = table(n=80)
    y = np.where(Y > 1, "yes", "no")
    path = LinearPath.of(LinearClassifier(L21()), X, y, points=8, weakest=0.05)
    p = path[3].predict_proba(X)
    likelihood = -2 * np.sum(np.log(np.where(y == "yes", p, 1 - p)))
    assert path.criterion("aic")[3] == pytest.approx(likelihood + 2 * path.df[3], rel=1e-6)
    chosen = path.select("bic")
    assert isinstance(chosen, LinearClassifier)
    assert set(chosen.predict(X).ravel()) == {"yes", "no"}


def test_a_path_ends_where_almost_everything_is_explained():
    X, Y = table()
    Y = X[:, :1] @ np.ones((1, 3))
    path = LinearPath.of(LinearModel(L21()), X, Y, points=100)
    whole = LinearPath.of(LinearModel(L21()), X, Y, points=100, enough=None)
    assert 6 <= len(path) < len(whole) == 100
    assert path.explained[-1].min() > 0.99
    assert np.array_equal(path.alphas, whole.alphas[: len(path)])


def test_a_path_can_be_read_as_tables():
    X, Y = table()
    data = Tasks.from_arrays(X, Y, names=["a", "b", "c"])
    path = LinearPath.of(LinearModel(Split()), data, points=5)
    frame = path.to_frame()
    assert len(frame) == len(path) == 10
    assert {"alpha", "own__alpha", "features", "df", "explained", "gap"} <= set(frame)
    assert frame["explained"].is_monotonic_increasing or frame["own__alpha"].nunique() > 1
    long = path.coefficients()
    last = long[(long["alpha"] == path.alphas[-1]) & (long["own__alpha"] == path.seconds[-1])]
    wide = last.pivot(index="task", columns="feature", values="coef").fillna(0)
    np.testing.assert_allclose(wide, path[-1].coef_[:, path[-1].coef_.any(axis=0)])
    assert isinstance(frame, pd.DataFrame)


def test_a_path_is_drawn_with_a_line_per_feature_in_use():
    X, Y = table()
    path = LinearPath.of(LinearModel(L21()), X, Y, points=10)
    drawn = path.plot()
    used = {f"x{j}" for j in np.flatnonzero(path.coefs.any(axis=(0, 1)))}
    assert {trace.name for trace in drawn.data} == used
    first = next(trace for trace in drawn.data if trace.name == "x0")
    np.testing.assert_allclose(first.y, np.linalg.norm(path.coefs[:, :, 0], axis=1))


def test_what_makes_no_path_is_refused_in_words():
    X, Y = table()
    with pytest.raises(ParameterError, match="points >= 1"):
        LinearPath.of(LinearModel(L21()), X, Y, points=0)
    with pytest.raises(ParameterError, match="L21 has one strength"):
        LinearPath.of(LinearModel(L21()), X, Y, seconds=[0.5])
    path = LinearPath.of(LinearModel(TraceNorm()), X, Y, points=3)
    with pytest.raises(UnsupportedError, match=r"orthonormal .*cross-validation"):
        path.select("bic")
    with pytest.raises(ParameterError, match="A criterion is one of"):
        LinearPath.of(LinearModel(L21()), X, Y, points=3).select("gcv")
    wide = LinearPath.of(LinearModel(L21()), X[:5], Y[:5], points=3)
    with pytest.raises(ValueError, match=r"Cp needs the variance of the noise"):
        wide.select("cp")
