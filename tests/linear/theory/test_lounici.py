import numpy as np
import pytest
from sklearn.linear_model import MultiTaskLasso

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import L21, LinearModel
from polytask.linear.theory import lounici_alpha, lounici_bounds


def drawn(rng, T, n=60, d=120, s=5):
    """Own rows per task, columns of length sqrt(n), coefficients between 1 and 2 on s features."""
    W = np.zeros((d, T))
    W[:s] = rng.uniform(1, 2, size=(s, T))
    X = rng.normal(size=(T, n, d))
    X /= np.sqrt(np.mean(X**2, axis=1, keepdims=True))
    noise = rng.normal(size=(T, n))
    return X, np.einsum("tnd,dt->tn", X, W) + noise, noise, W


def test_the_strength_worked_out_by_hand():
    lam = 2 * 0.5 / np.sqrt(50 * 4) * np.sqrt(1 + 9 * np.log(20) / 2)
    assert lounici_alpha(0.5, 50, tasks=4, features=20) == pytest.approx(4 * lam)


def test_on_shared_rows_it_is_the_programme_of_the_paper():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(40, 10)), rng.normal(size=(40, 3))
    alpha = lounici_alpha(0.1, 40, tasks=3, features=10)
    W = MultiTaskLasso(alpha, fit_intercept=False, tol=1e-12).fit(X, Y).coef_.T

    def papers(B):
        fit = np.sum((X @ B - Y) ** 2) / (40 * 3)
        return fit + 2 * (alpha / 3) * np.linalg.norm(B, axis=1).sum()

    for _ in range(50):
        assert papers(W) <= papers(W + 1e-3 * rng.normal(size=W.shape))


@pytest.mark.parametrize("T", [2, 10])
def test_noise_stays_below_the_strength_as_often_as_is_promised(T):
    # the event on which all bounds rest: no feature of pure noise is worth its price
    rng = np.random.default_rng(T)
    promised = lounici_bounds(1.0, 60, tasks=T, features=120, support=5).probability
    alpha = lounici_alpha(1.0, 60, tasks=T, features=120)
    held = 0
    for _ in range(50):
        X, _, noise, _ = drawn(rng, T)
        held += np.linalg.norm(np.einsum("tnd,tn->dt", X, noise) / 60, axis=1).max() <= alpha
    assert held / 50 >= promised
    assert held == 50  # the promise is cautious


def test_errors_are_below_the_bounds_and_fall_with_tasks_and_the_right_rows_are_chosen():
    rng = np.random.default_rng(1)
    errors = {}
    for T in (2, 10, 50):
        X, Y, _, W = drawn(rng, T)
        sets = {f"t{t:02d}": (X[t], Y[t]) for t in range(T)}

        alpha = lounici_alpha(1.0, 60, tasks=T, features=120)
        model = LinearModel(L21(alpha), fit_intercept=False).fit(Tasks.stack(sets))
        found = model.coef_.T
        bounds = lounici_bounds(1.0, 60, tasks=T, features=120, support=5)
        errors[T] = np.mean(np.einsum("tnd,dt->tn", X, found - W) ** 2)
        assert errors[T] <= bounds.prediction
        rows = found.any(axis=1)
        assert rows.sum() <= bounds.selected
        if T >= 10:
            assert np.array_equal(np.flatnonzero(rows), np.arange(5))
    # the terms under the root give 0.52 from 10 to 50 tasks
    assert 0.4 <= errors[50] / errors[10] <= 0.65


def test_bounds_do_not_depend_on_the_number_of_features_with_many_tasks():
    few, many = (
        lounici_bounds(1.0, 60, tasks=10**6, features=d, support=5).prediction for d in (100, 10**4)
    )
    assert many == pytest.approx(few, rel=0.05)


def test_a_number_that_is_not_positive_is_refused_by_name():
    with pytest.raises(ParameterError, match=r"sigma needs to be positive. Found sigma=0"):
        lounici_alpha(0, 10, tasks=2, features=3)
    with pytest.raises(ParameterError, match=r"kappa needs to be positive"):
        lounici_bounds(1.0, 10, tasks=2, features=3, support=1, kappa=-1)
