import numpy as np
import pytest
from scipy import sparse

from polytask.ops import linalg

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array, sparse.csc_matrix])
@pytest.mark.parametrize("centred", [True, False])
def test_the_gram_is_the_weighted_sum_of_outer_products(form, centred):
    X = RNG.normal(size=(9, 4)) * (RNG.random((9, 4)) < 0.6)
    weight = RNG.random(9)
    mean = X.T @ weight / weight.sum() if centred else None
    Z = X - (0 if mean is None else mean)
    expected = sum(w * np.outer(z, z) for w, z in zip(weight, Z))
    np.testing.assert_allclose(linalg.weighted_gram(form(X), weight, mean), expected, atol=1e-12)


def test_large_means_cost_no_accuracy():
    X = RNG.normal(size=(5000, 2))
    weight = np.full(5000, 1 / 5000)
    far = X + 1e7
    near = linalg.weighted_gram(X, weight, linalg.column_means(X, weight))
    gram = linalg.weighted_gram(far, weight, linalg.column_means(far, weight))
    # moving by 1e7 rounds the rows themselves at 1e-9
    np.testing.assert_allclose(gram, near, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("shape", [(200, 5), (30, 90), (90, 80), (1, 70)])
def test_the_largest_eigenvalue_is_never_underestimated(shape):
    X = RNG.normal(size=shape)
    weight = RNG.random(shape[0])
    mean = linalg.column_means(X, weight / weight.sum())
    true = np.linalg.eigvalsh(linalg.weighted_gram(X, weight, mean))[-1]
    found = linalg.top_eigenvalue(X, weight, mean)
    assert true - 1e-12 <= found <= 1.03 * true + 1e-12


def test_a_singular_system_gets_the_shortest_solution():
    X = RNG.normal(size=(3, 6))
    y = RNG.normal(size=3)
    found = linalg.smallest_solution((X.T @ X)[None], (X.T @ y)[None, :, None])[0, :, 0]
    np.testing.assert_allclose(found, np.linalg.lstsq(X, y)[0], atol=1e-10)
