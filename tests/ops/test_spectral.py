import numpy as np
import pytest

from polytask.ops.spectral import leading, map_singular_values, spectral_norm, trace_norm

RNG = np.random.default_rng(1)


@pytest.mark.parametrize("shape", [(7, 3), (3, 7), (4, 4)])
def test_the_small_side_gives_what_a_full_decomposition_gives(shape):
    W = RNG.normal(size=shape)
    U, s, V = np.linalg.svd(W, full_matrices=False)
    expected = (U * np.maximum(s - 1, 0)) @ V
    got = map_singular_values(W, lambda s: np.maximum(s - 1, 0))
    np.testing.assert_allclose(got, expected, atol=1e-12)


def test_a_matrix_of_zeros_stays_one():
    np.testing.assert_array_equal(map_singular_values(np.zeros((3, 2)), lambda s: s / 2), 0)


def test_the_norms_are_sum_and_maximum_of_the_singular_values():
    W = np.outer([3.0, 4.0], [1.0, 0.0])
    assert trace_norm(W) == pytest.approx(5)
    assert spectral_norm(W) == pytest.approx(5)


@pytest.mark.parametrize("shape", [(300, 120), (120, 300), (12, 9)])
def test_leading_directions_are_those_of_the_whole_decomposition(shape):
    rng = np.random.default_rng(0)
    W = rng.normal(size=shape) * np.geomspace(1, 0.01, shape[1])
    U = np.linalg.svd(W, full_matrices=False)[0][:, :5]
    found = leading(W, 5)
    np.testing.assert_allclose(found.T @ found, np.eye(5), atol=1e-12)
    np.testing.assert_allclose(found @ found.T, U @ U.T, atol=1e-9)


def test_leading_directions_that_are_not_there_are_left_out():
    rng = np.random.default_rng(0)
    W = rng.normal(size=(200, 3)) @ rng.normal(size=(3, 150))
    assert leading(W, 8).shape == (200, 3)
    assert leading(np.zeros((200, 150)), 8).shape == (200, 0)
    hidden = W + 1e-6 * rng.normal(size=(200, 150))  # below what squares show
    U = np.linalg.svd(hidden, full_matrices=False)[0][:, :5]
    found = leading(hidden, 5)
    np.testing.assert_allclose(found @ found.T, U @ U.T, atol=1e-8)
