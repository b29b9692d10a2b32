import numpy as np
import pytest

from polytask import Tasks
from polytask.errors import DataError
from polytask.linear.theory import noise_level


def table(seed, sigma, T=10, n=80, d=60):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * rng.uniform(0.2, 5, size=d) + 3
    W = np.zeros((d, T))
    W[:4] = rng.choice([-1, 1], size=(4, T)) * 3 / X.std(axis=0)[:4, None]
    return X, X @ W + 7 + sigma * rng.normal(size=(n, T))


@pytest.mark.parametrize("sigma", [0.3, 1.0])
def test_it_is_near_the_noise_that_was_added(sigma):
    # 760 degrees of freedom: a standard error of 2.6 %; four of them
    found = noise_level(Tasks.from_arrays(*table(0, sigma)))
    assert found == pytest.approx(sigma, rel=0.1)


def test_it_grows_with_the_unit_of_the_labels():
    X, Y = table(1, 0.5)
    one, ten = (noise_level(Tasks.from_arrays(X, c * Y)) for c in (1, 10))
    assert ten == pytest.approx(10 * one, rel=1e-6)


def test_gaps_are_left_out():
    X, Y = table(2, 0.5)
    Y[np.random.default_rng(0).random(Y.shape) < 0.3] = np.nan
    assert noise_level(Tasks.from_arrays(X, Y)) == pytest.approx(0.5, rel=0.12)


def test_labels_without_noise_have_none():
    X = np.random.default_rng(0).normal(size=(30, 5))
    assert noise_level(Tasks.from_arrays(X, np.ones((30, 2)))) == pytest.approx(0, abs=1e-12)


def test_classes_have_no_noise_level():
    X = np.random.default_rng(0).normal(size=(30, 5))
    data = Tasks.from_arrays(X, np.array(["a", "b"] * 15)[:, None], names=["colour"])
    with pytest.raises(DataError, match=r"needs regression tasks. Found .'colour'"):
        noise_level(data)


def test_weights_are_repeated_rows_and_weights_of_zero_are_no_rows():
    X, Y = table(3, 0.5)
    weight = np.random.default_rng(0).integers(0, 4, size=len(X))
    repeated = noise_level(
        Tasks.from_arrays(np.repeat(X, weight, axis=0), np.repeat(Y, weight, axis=0))
    )
    weighed = noise_level(Tasks.from_arrays(X, Y, weight=weight))
    assert weighed == pytest.approx(repeated, rel=1e-6)
