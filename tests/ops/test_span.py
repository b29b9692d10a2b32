import numpy as np
import pytest
from scipy import sparse

from polytask.ops.span import row_basis


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_rows_are_their_coordinates_in_the_basis(form):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4, 9))
    X[3] = X[0] - X[1]  # three directions only
    V = row_basis(form(X))
    assert V.shape == (9, 3)
    np.testing.assert_allclose(V.T @ V, np.eye(3), atol=1e-10)
    np.testing.assert_allclose(X @ V @ V.T, X, atol=1e-10)


def test_a_tall_table_needs_none():
    assert row_basis(np.ones((3, 3))) is None
