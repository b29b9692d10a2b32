"""What every kernel obeys, and the formula of each."""

import numpy as np
import pytest
from laws.found import classes
from scipy import sparse

from polytask.errors import ParameterError
from polytask.kernel import RBF, Kernel, Laplacian, Linear, Polynomial

RANDOM = np.random.default_rng(0)
A, B = RANDOM.normal(size=(12, 4)), RANDOM.normal(size=(7, 4))
EVERY = [value for kind in classes(Kernel) for value in kind.examples()]

BY_HAND = {
    Linear(): lambda x, z: x @ z,
    Polynomial(2, gamma=0.5, coef0=2.0): lambda x, z: (0.5 * x @ z + 2) ** 2,
    RBF(0.3): lambda x, z: np.exp(-0.3 * np.sum((x - z) ** 2)),
    RBF(): lambda x, z: np.exp(-np.sum((x - z) ** 2) / 4),
    Laplacian(0.3): lambda x, z: np.exp(-0.3 * np.sum(np.abs(x - z))),
}


@pytest.mark.parametrize("kernel", BY_HAND, ids=repr)
def test_a_kernel_is_its_formula(kernel):
    expected = [[BY_HAND[kernel](x, z) for z in B] for x in A]
    np.testing.assert_allclose(kernel(A, B), expected, rtol=1e-12)


@pytest.mark.parametrize("kernel", [*EVERY, *BY_HAND], ids=repr)
def test_a_kernel_is_symmetric_positive_and_knows_its_diagonal(kernel):
    K = kernel(A, A)
    np.testing.assert_allclose(K, K.T, atol=1e-12)
    assert np.linalg.eigvalsh(K)[0] > -1e-9
    np.testing.assert_allclose(kernel.diagonal(A), np.diag(K), rtol=1e-10)


@pytest.mark.parametrize("kernel", EVERY, ids=repr)
def test_a_sparse_table_has_the_same_values(kernel):
    rows = sparse.csr_array(A)
    np.testing.assert_allclose(kernel(rows, rows), kernel(A, A), atol=1e-12)
    np.testing.assert_allclose(kernel.diagonal(rows), kernel.diagonal(A), atol=1e-12)


@pytest.mark.parametrize("kernel", [RBF(), Laplacian()], ids=repr)
def test_widths_follow_the_unit_of_the_inputs(kernel):
    power = 2 if kernel == RBF() else 1
    small, large = kernel.grid(A), kernel.grid(10 * A)
    for a, b in zip(small, large, strict=True):
        assert a.gamma == pytest.approx(b.gamma * 10**power, rel=1e-2)


@pytest.mark.parametrize(
    ("kind", "options"),
    [(RBF, {"gamma": 0}), (Laplacian, {"gamma": -1}), (Polynomial, {"degree": 0}),
     (Polynomial, {"coef0": -1}), (Polynomial, {"gamma": np.inf})],
)  # fmt: skip
def test_options_out_of_range_are_named(kind, options):
    with pytest.raises(ParameterError, match=next(iter(options))):
        kind(**options)
