"""Empirical Bayes: planted priors come back, new tasks are served, and forms agree."""

import warnings

import numpy as np
import pytest
from bayes.planted import NOISE, planted, uneven
from scipy import sparse
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning

from polytask import Tasks
from polytask.bayes import EmpiricalBayes
from polytask.errors import DataError, ParameterError, TaskError, UnsupportedError


def coefficients(model):
    return np.column_stack([model.coef_, model.intercept_])


def ridge_towards(mean, covariance, data, noise):
    """Coefficients under a known prior, task by task."""
    out = []
    for name in data.names:
        X, y, _ = data.table(name)
        H = np.column_stack([X, np.ones(len(X))])
        gain = covariance @ H.T @ np.linalg.inv(H @ covariance @ H.T + noise**2 * np.eye(len(y)))
        out.append(mean + gain @ (y - H @ mean))
    return np.array(out)


@pytest.mark.parametrize(("T", "bound"), [(20, 0.25), (100, 0.11), (400, 0.06)])
def test_a_planted_prior_comes_back_with_more_tasks(T, bound):
    errors = []
    for seed in range(8):
        data, (mean, _), _ = planted(T, seed=seed)
        found = EmpiricalBayes().fit(data)
        errors.append(np.linalg.norm(found.prior_mean_ - mean) / np.linalg.norm(mean))
    # a mean of T draws is off by tr(S / T)^1/2 / |m|, about 0.7 / T^1/2 here
    assert np.mean(errors) < bound


def test_with_a_hundred_tasks_the_prior_is_as_good_as_the_true_one():
    ours, oracle, alone = [], [], []
    for seed in range(8):
        data, (mean, covariance), coef = planted(100, seed=seed)
        model = EmpiricalBayes().fit(data)
        ours.append(np.sum((coefficients(model) - coef) ** 2))
        oracle.append(np.sum((ridge_towards(mean, covariance, data, NOISE) - coef) ** 2))
        flat = ridge_towards(np.zeros(7), np.eye(7), data, NOISE)
        alone.append(np.sum((flat - coef) ** 2))
    # W error as a length; nonneural-oracles: at most 1.05 times the oracle at T = 100
    assert np.sqrt(np.mean(ours) / np.mean(oracle)) <= 1.05
    assert np.mean(ours) < 0.9 * np.mean(alone)


def test_the_noise_comes_back():
    model = EmpiricalBayes().fit(planted(200)[0])
    assert model.noise_[0] == pytest.approx(NOISE, rel=0.05)


def test_noise_per_task_tells_quiet_tasks_from_loud_ones():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    loud = np.where(np.arange(20) < 10, 0.2, 2.0)
    Y = X @ rng.normal(1, 0.3, size=(3, 20)) + loud * rng.normal(size=(60, 20))
    model = EmpiricalBayes(noise="task").fit(X, Y)
    # a deviation of 60 labels is known to a tenth
    np.testing.assert_allclose(model.noise_, loud, rtol=0.35)
    shared = EmpiricalBayes().fit(X, Y)
    assert model.evidence_ > shared.evidence_ + 100


def test_the_evidence_is_that_of_the_attributes_in_the_units_of_the_user():
    data = uneven()
    model = EmpiricalBayes().fit(data)
    total = 0.0
    for t, name in enumerate(data.names):
        X, y, _ = data.table(name)
        H = np.column_stack([X, np.ones(len(X))])
        covariance = H @ model.prior_covariance_ @ H.T + model.noise_[t] ** 2 * np.eye(len(y))
        total += multivariate_normal.logpdf(y, H @ model.prior_mean_, covariance)
    assert model.evidence_ == pytest.approx(total, rel=1e-8)


def test_coefficients_are_the_posterior_under_the_attributes():
    data = uneven()
    model = EmpiricalBayes().fit(data)
    expected = ridge_towards(model.prior_mean_, model.prior_covariance_, data, model.noise_[0])
    np.testing.assert_allclose(coefficients(model), expected, rtol=1e-6, atol=1e-8)


def test_the_deviation_is_that_of_a_new_label():
    data = uneven()
    model = EmpiricalBayes(unknown_task="mean").fit(data)
    X = data.table("e")[0]
    new = np.array([[0.3, 8.0, 0.1], [40.0, -9.0, 2.0]])
    H, h = np.column_stack([X, np.ones(12)]), np.column_stack([new, np.ones(2)])
    S, noise = model.prior_covariance_, model.noise_[4] ** 2
    gain = S @ H.T @ np.linalg.inv(H @ S @ H.T + noise * np.eye(12))
    left = h @ (S - gain @ H @ S) @ h.T
    _, std = model.predict(new, return_std=True)
    np.testing.assert_allclose(std[:, 4], np.sqrt(np.diag(left) + noise), rtol=1e-7)
    _, std = model.predict(new, tasks=["e", "new"], return_std=True)
    assert std[0] == pytest.approx(np.sqrt(left[0, 0] + noise))
    assert std[1] == pytest.approx(np.sqrt(h[1] @ S @ h[1] + noise))


def test_deviations_cover_what_they_promise():
    data, _, coef = planted(100)
    model = EmpiricalBayes().fit(data)
    rng = np.random.default_rng(5)
    X = rng.normal(size=(50, 6))
    Y = X @ coef[:, :-1].T + coef[:, -1] + NOISE * rng.normal(size=(50, 100))
    mean, std = model.predict(X, return_std=True)
    inside = np.mean(np.abs(Y - mean) < 1.645 * std)
    # 5,000 labels of 100 tasks that share their coefficients' errors
    assert inside == pytest.approx(0.90, abs=0.02)


def test_units_of_inputs_and_labels_do_not_matter():
    data, _, _ = planted(20)
    model = EmpiricalBayes().fit(data)
    wide = data.with_(
        X=data.X * [1, 10, 1e3, 1, 0.1, 1] + 7,
        labels=[type(one)(one.task, one.rows, 100 * one.y - 5) for one in data],
    )
    other = EmpiricalBayes().fit(wide)
    assert other.predict(wide.X) == pytest.approx(100 * model.predict(data.X) - 5, rel=1e-6)
    assert other.noise_ == pytest.approx(100 * model.noise_, rel=1e-6)


def test_an_integer_weight_is_a_repeated_row():
    rng = np.random.default_rng(2)
    X, Y, times = rng.normal(size=(12, 3)), rng.normal(size=(12, 4)), rng.integers(0, 4, 12)
    weighted = EmpiricalBayes().fit(X, Y, sample_weight=times)
    repeated = EmpiricalBayes().fit(np.repeat(X, times, axis=0), np.repeat(Y, times, axis=0))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, rtol=1e-6, atol=1e-8)
    assert weighted.evidence_ == pytest.approx(repeated.evidence_)


def test_a_sparse_table_gives_the_answers_of_the_dense_one():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(25, 5)) * (rng.random((25, 5)) < 0.5)
    Y = X @ rng.normal(1, 0.2, size=(5, 6)) + 0.3 * rng.normal(size=(25, 6))
    Y[rng.random(Y.shape) < 0.2] = np.nan
    dense, thin = EmpiricalBayes().fit(X, Y), EmpiricalBayes().fit(sparse.csr_array(X), Y)
    for a, b in zip(
        dense.predict(X, return_std=True), thin.predict(sparse.csr_array(X), return_std=True)
    ):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_a_new_task_is_learned_under_the_prior():
    data, _, _ = planted(60, d=4, n=12)
    model = EmpiricalBayes().fit(data.keep(*data.names[1:]))
    X, y, _ = data.table("t000")
    new = model.adapt(X, y)
    expected = ridge_towards(
        model.prior_mean_, model.prior_covariance_, data.keep("t000"), model.noise_[0]
    )
    np.testing.assert_allclose(coefficients(new), expected, rtol=1e-6)
    assert new.predict(X).shape == (12,)


def test_a_new_task_is_better_known_with_more_labels():
    data, _, coef = planted(120, d=4, n=12)
    model = EmpiricalBayes().fit(data.keep(*data.names[:60]))
    off = []
    for rows in (0, 2, 12):
        found = [
            coefficients(model.adapt(X[:rows], y[:rows]))[0] if rows else model.prior_mean_
            for X, y, _ in map(data.table, data.names[60:])
        ]
        off.append(np.mean((np.array(found) - coef[60:]) ** 2))
    assert off[0] > 1.2 * off[1] > 2 * off[2]


def test_adapting_to_labels_of_the_fit_changes_nothing():
    data = uneven()
    model = EmpiricalBayes().fit(data)
    again = model.adapt(data)
    np.testing.assert_allclose(again.coef_, model.coef_)
    assert again.task_names_ == model.task_names_
    assert again.evidence_ == pytest.approx(model.evidence_)


def test_a_task_without_labels_gets_the_prior_mean():
    data = uneven()
    empty = [one.pick(np.zeros(one.n, bool)) if one.task.name == "c" else one for one in data]
    model = EmpiricalBayes().fit(data.with_(labels=empty))
    np.testing.assert_allclose(coefficients(model)[2], model.prior_mean_, rtol=1e-8)
    others = EmpiricalBayes().fit(data.with_(labels=empty).keep("a", "b", "d", "e"))
    np.testing.assert_allclose(others.prior_mean_, model.prior_mean_, rtol=1e-8)


def test_an_unknown_task_is_an_error_or_the_prior_mean():
    data = uneven()
    model = EmpiricalBayes().fit(data)
    with pytest.raises(TaskError, match="Unknown task 'z'"):
        model.predict(data.X[:1], tasks=["z"])
    model = EmpiricalBayes(unknown_task="mean").fit(data)
    expected = data.X[:1] @ model.prior_mean_[:-1] + model.prior_mean_[-1]
    np.testing.assert_allclose(model.predict(data.X[:1], tasks=["z"]), expected)


def test_fewer_tasks_than_columns_still_have_a_bounded_prior():
    data, _, _ = planted(3, d=12, n=8)
    model = EmpiricalBayes().fit(data)
    assert model.converged_
    assert np.linalg.eigvalsh(model.prior_covariance_)[0] > 0


def test_a_task_with_classes_is_refused_by_name():
    data = Tasks.from_arrays(
        [[0.0], [1.0]], [[1, 0], [2, 1]], names=["size", "ripe"], kinds={"ripe": "binary"}
    )
    with pytest.raises(UnsupportedError, match="'ripe' is binary"):
        EmpiricalBayes().fit(data)


@pytest.mark.parametrize(
    "wrong",
    [{"noise": "none"}, {"jitter": 0}, {"pseudo_tasks": -1}, {"tol": 0}, {"unknown_task": "x"}],
)
def test_a_parameter_out_of_range_is_refused(wrong):
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        EmpiricalBayes(**wrong).fit(uneven())


def test_a_new_task_needs_the_columns_of_the_fit():
    model = EmpiricalBayes().fit(uneven())
    with pytest.raises((DataError, ValueError), match="3 features"):
        model.adapt([[1.0]], [2.0])


def test_stopping_early_is_a_warning_and_a_field():
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        model = EmpiricalBayes(max_iter=2).fit(uneven())
    assert not model.converged_


def test_history_climbs_and_ends_at_the_top():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = EmpiricalBayes().fit(uneven())
    assert model.converged_
    assert len(model.history_) <= model.n_iter_
    assert np.diff(model.history_).min() > -1e-9
