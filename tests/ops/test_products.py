"""Products that are put together from tiles are those of the whole."""

import numpy as np
import pytest
from scipy import sparse

from polytask.ops import products
from polytask.ops.in_blocks import held
from polytask.ops.products import back

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("rows", [1, 7, 1000])
@pytest.mark.parametrize("in_place", [1, 300, 10**6])
@pytest.mark.parametrize("P", [1, 2, 5, 200])
@pytest.mark.parametrize("order", ["C", "F"])
def test_tiles_of_any_size_make_the_product(rows, in_place, P, order, monkeypatch):
    monkeypatch.setattr(products, "ROWS", rows)
    monkeypatch.setattr(products, "IN_PLACE", in_place)
    X, R = np.array(RNG.normal(size=(30, 41)), order=order), RNG.normal(size=(30, P))
    found = back(X, R)
    np.testing.assert_allclose(found, np.einsum("ij,ip->jp", X, R), atol=1e-12)
    assert found.flags.c_contiguous or P == 200


@pytest.mark.parametrize("n, d", [(0, 3), (4, 0), (1, 1)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_tables_of_no_rows_or_columns_have_products(n, d, order):
    X, R = np.ones((n, d), order=order), np.ones((n, 2))
    np.testing.assert_array_equal(back(X, R), np.full((d, 2), float(n)))


def test_stretches_of_a_table_and_other_tables_have_the_same_product():
    X, R = np.asfortranarray(RNG.normal(size=(40, 9))), RNG.normal(size=(20, 3))
    wanted = X[10:30].T @ R
    for table in (X[10:30], held(X[10:30].astype(np.float32)), sparse.csr_array(X[10:30])):
        np.testing.assert_allclose(back(table, R), wanted, atol=1e-5)
    np.testing.assert_allclose(back(X[::2], R), X[::2].T @ R, atol=1e-12)
