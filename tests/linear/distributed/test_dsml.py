"""DSML: what it computes, and what travels."""

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import cvxpy as cp
import numpy as np
import pytest
from sklearn.linear_model import Lasso, LinearRegression

from polytask import Tasks
from polytask.errors import DataError, ParameterError, UnsupportedError
from polytask.kinds import Survival
from polytask.linear import DSML, L1, LinearModel
from polytask.linear.distributed.machine import debiased, final

FEATURES = [1, 4, 7]


def rows(seed, n=40, d=12, noise=0.5):
    """One machine's table; three features matter on every machine."""
    rng = np.random.default_rng([seed, 5])
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 3, size=d) + 2
    coef = np.zeros(d)
    coef[FEATURES] = rng.choice([-1, 1], 3) / X.std(axis=0)[FEATURES]
    return X, X @ coef + 4 + noise * rng.normal(size=n)


def machines(T=4, **options):
    return {f"m{t}": partial(rows, t, **options) for t in range(T)}


def tables(T=4, **options):
    return Tasks.stack({name: one() for name, one in machines(T, **options).items()})


def test_debiased_coefficients_are_those_of_the_definition():
    X, y = rows(0)
    alpha, mu, n = 0.1, 0.2, len(X)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    b = Lasso(alpha, tol=1e-12, max_iter=100_000).fit(Z, y).coef_
    S, rows_of_M = Z.T @ Z / n, []
    for unit in np.eye(12):
        m = cp.Variable(12)
        bound = cp.norm_inf(S @ m - unit) <= mu
        cp.Problem(cp.Minimize(cp.quad_form(m, cp.psd_wrap(S))), [bound]).solve(solver="CLARABEL")
        rows_of_M.append(m.value)
    expected = b + np.array(rows_of_M) @ Z.T @ (y - y.mean() - Z @ b) / n
    found = DSML(alpha=alpha, mu=mu, tol=1e-10).fit(X, y).debiased_[0]
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("refit", [False, True])
def test_many_rows_without_bound_and_threshold_are_least_squares(refit):
    data = tables()
    found = DSML(mu=0, threshold=0, refit=refit).fit(data)
    assert found.support_.all()
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        plain = LinearRegression().fit(X, y)
        np.testing.assert_allclose(found.coef_[t], plain.coef_, atol=1e-9)
        assert found.intercept_[t] == pytest.approx(plain.intercept_, abs=1e-9)


def test_features_are_chosen_by_their_length_over_all_machines():
    found = DSML().fit(tables())
    assert np.flatnonzero(found.support_).tolist() == FEATURES
    length = np.sqrt((found.debiased_**2).sum(axis=0))
    assert length[FEATURES].min() > found.threshold_ > np.delete(length, FEATURES).max()
    assert not found.coef_[:, ~found.support_].any()
    assert not DSML(threshold=1e9).fit(tables()).support_.any()


def test_refitting_is_least_squares_on_the_common_features():
    data = tables()
    found = DSML(refit=True).fit(data)
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        plain = LinearRegression().fit(X[:, FEATURES], y)
        np.testing.assert_allclose(found.coef_[t, FEATURES], plain.coef_, atol=1e-9)


def test_the_default_strength_is_the_best_in_cross_validation():
    X, y = rows(0)
    found = DSML(mu=0.2).fit(X, y)
    errors = {}
    data = Tasks.from_arrays((X - X.mean(axis=0)) / X.std(axis=0), y - y.mean())
    top = np.abs(data.X.T @ data["y0"].y).max() / len(X)
    for alpha in top * np.geomspace(1, 0.05, 16):
        model = LinearModel(L1(alpha), fit_intercept=False)
        parts = [(data.take(a), data.take(b)) for a, b in data.folds(5)]
        left = [b["y0"].y - model.fit(a).predict_each(b)["y0"] for a, b in parts]
        errors[alpha] = np.sum(np.concatenate(left) ** 2)
    best = min(errors, key=errors.get)
    again = DSML(alpha=best, mu=0.2).fit(X, y)
    np.testing.assert_allclose(found.debiased_, again.debiased_, atol=1e-6)


def test_noise_alone_rarely_has_a_feature_chosen():
    rng = np.random.default_rng(0)
    chosen = []
    for _ in range(20):
        X = rng.normal(size=(60, 10))
        chosen.append(DSML().fit(X, rng.normal(size=(60, 3))).support_.any())
    # 20 trials at 1/20: more than 4 happen once in four hundred
    assert np.sum(chosen) <= 4


def test_a_column_may_be_constant_on_one_machine_and_a_machine_have_one_row():
    sets = {name: one() for name, one in machines().items()}
    sets["m0"][0][:, 4] = 7.0
    sets["m1"] = (sets["m1"][0][:1], sets["m1"][1][:1])
    found = DSML().fit(Tasks.stack(sets))
    assert found.support_[FEATURES].all() and np.isfinite(found.coef_).all()
    assert found.debiased_[0, 4] == 0 and not found.debiased_[1].any()
    assert found.predict(sets["m1"][0])[0, 1] == pytest.approx(sets["m1"][1][0])


def test_a_table_and_its_machines_give_the_same():
    a, b = DSML().fit(tables()), DSML().fit_machines(machines())
    np.testing.assert_allclose(a.coef_, b.coef_, atol=1e-12)
    assert b.task_names_ == ("m0", "m1", "m2", "m3") and b.n_features_in_ == 12
    np.testing.assert_allclose(b.predict(rows(0)[0]), a.predict(rows(0)[0]), atol=1e-10)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_the_map_of_an_executor_gives_the_same(pool):
    with pool(2) as workers:
        found = DSML(alpha=0.1).fit_machines(machines(), workers=workers.map)
    assert np.array_equal(found.coef_, DSML(alpha=0.1).fit_machines(machines()).coef_)


def test_rows_never_travel():
    n, d = 500, 12
    sent = []

    def recording(function, items):
        """What a network would see: everything goes through bytes, both ways."""
        for item in items:
            there = pickle.dumps(item)
            back = pickle.dumps(function(pickle.loads(there)))
            sent.append((function, len(there), len(back)))
            yield pickle.loads(back)

    DSML().fit_machines(machines(n=n), workers=recording)
    assert [one[0] for one in sent] == [debiased] * 4 + [final] * 4
    head = 400  # of a pickle: names of classes and functions
    assert max(down for _, down, _ in sent) < head + 2 * 8 * d
    ups = {function: up for function, _, up in sent}
    assert ups[debiased] < head + 8 * (d + 1)
    assert ups[final] < head + 8 * (len(FEATURES) + 1)
    assert n * d * 8 > 20 * max(up for _, _, up in sent)


def test_the_grid_asks_the_machines_once():
    data = tables()
    grid = DSML(alpha=0.1).grid(data)
    thresholds = [one["threshold"] for one in grid]
    assert thresholds == sorted(thresholds, reverse=True)
    path = list(DSML(alpha=0.1).fit_path(data, grid))
    assert path[0].support_.sum() <= 1 < path[-1].support_.sum()
    for params, fitted in zip(grid[::4], path[::4], strict=True):
        alone = DSML(alpha=0.1, **params).fit(data)
        np.testing.assert_allclose(fitted.coef_, alone.coef_, atol=1e-12)


def test_a_sparse_table_gives_the_same():
    from scipy import sparse

    X, Y = rows(0)[0], np.column_stack([rows(0)[1], rows(0)[1] ** 2])
    dense = DSML(alpha=0.1).fit(X, Y)
    np.testing.assert_allclose(
        DSML(alpha=0.1).fit(sparse.csr_array(X), Y).coef_, dense.coef_, atol=1e-8
    )


def test_what_cannot_be_is_refused_by_name():
    with pytest.raises(DataError, match="'m1': 9"):
        DSML(alpha=0.1).fit_machines({"m0": partial(rows, 0), "m1": partial(rows, 1, d=9)})
    with pytest.raises(DataError, match="Found none"):
        DSML().fit_machines({})
    with pytest.raises(UnsupportedError, match="'y0' is binary"):
        X, y = rows(0)
        DSML().fit(Tasks.from_arrays(X, y > 4, kinds="class"))
    with pytest.raises(UnsupportedError, match="'y0' is survival"):
        DSML().fit(Tasks.from_arrays(X, y, kinds={"y0": Survival()}))
    for options in ({"alpha": -1}, {"mu": -1}, {"threshold": np.nan}, {"tol": 0}):
        with pytest.raises(ParameterError, match=next(iter(options))):
            DSML(**options).fit(*rows(0))
