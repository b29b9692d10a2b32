import numpy as np
import pytest
from scipy import sparse

from polytask.errors import ParameterError
from polytask.ops.nystrom import Nystrom, pivots


def inner(A, B):
    return np.asarray((A @ B.T).todense()) if sparse.issparse(A) else A @ B.T


def gauss(A, B):
    return np.exp(-np.sum((A[:, None] - B[None]) ** 2, axis=2))


def test_pivots_span_the_rows_and_are_no_more_than_needed():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3)) @ rng.normal(size=(3, 6))
    chosen = pivots(X, inner, 200)
    assert len(chosen) == 3
    assert np.linalg.matrix_rank(X[chosen]) == 3


def test_a_row_is_never_taken_twice():
    X = np.repeat(np.random.default_rng(0).normal(size=(90, 2)), 2, axis=0)
    chosen = pivots(X, gauss, 90)
    assert len({tuple(row) for row in X[chosen]}) == len(chosen)


def test_pivots_are_those_of_a_greedy_search():
    X = np.random.default_rng(0).normal(size=(12, 4))
    K, chosen = gauss(X, X), []
    for _ in range(4):
        rest = K - K[:, chosen] @ np.linalg.pinv(K[np.ix_(chosen, chosen)]) @ K[chosen]
        chosen.append(int(np.argmax(np.round(np.diag(rest), 9))))
    assert pivots(X, gauss, 4).tolist() == chosen


@pytest.mark.parametrize("way", ["pivoted", "kmeans++", "uniform"])
def test_the_kernel_is_exact_on_landmarks_and_never_too_large(way):
    X = np.random.default_rng(0).normal(size=(60, 3))
    found = Nystrom.of(X, gauss, count=10, way=way)
    at = [int(np.flatnonzero((row == X).all(axis=1))[0]) for row in found.landmarks]
    Z = found.features(X, gauss)
    np.testing.assert_allclose((Z @ Z.T)[at], gauss(X[at], X), atol=1e-7)
    assert np.linalg.eigvalsh(gauss(X, X) - Z @ Z.T)[0] > -1e-8


def test_with_greedy_landmarks_no_row_is_left_far_out():
    X = np.random.default_rng(0).normal(size=(300, 3))

    def worst(way, seed=0):
        Z = Nystrom.of(X, gauss, count=60, way=way, seed=seed).features(X, gauss)
        return np.max(1 - np.sum(Z**2, axis=1))

    assert worst("pivoted") < np.min([worst("uniform", seed) for seed in range(10)])


def test_an_unknown_way_is_refused():
    with pytest.raises(ParameterError, match="best"):
        Nystrom.of(np.eye(2), inner, count=1, way="best")
