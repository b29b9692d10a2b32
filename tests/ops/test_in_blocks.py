"""Products of a table that is read in blocks are those of its float64 copy."""

import numpy as np
import pytest
from scipy import sparse

from polytask.ops import in_blocks
from polytask.ops.in_blocks import InBlocks, held
from polytask.ops.linalg import column_means, row_squares, top_eigenvalue, weighted_gram

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 7)).astype(np.float32)
FULL = X.astype(np.float64)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(in_blocks, "BLOCK", 56)  # eight rows


@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("shape", [(), (3,)])
def test_products_are_those_of_the_float64_copy(shape, order):
    table, W, R = (
        InBlocks(np.array(X, order=order)),
        RNG.normal(size=(7, *shape)),
        RNG.normal(size=(50, *shape)),
    )
    for product, expected in ((table @ W, FULL @ W), (table.T @ R, FULL.T @ R)):
        assert product.dtype == np.float64
        np.testing.assert_allclose(product, expected, atol=1e-13)


def test_what_is_cut_out_is_float64():
    table = InBlocks(X)
    for at in (slice(3, 9), [4, 1], (slice(None), [2, 0])):
        assert table[at].dtype == np.float64
        assert np.array_equal(table[at], FULL[at])
    assert np.array_equal(np.asarray(table), FULL) and table.shape == (50, 7)
    assert table.T.T is table


def test_moments_and_eigenvalues_take_it():
    table, weight = InBlocks(X), RNG.random(50)
    mean = column_means(table, weight / weight.sum())
    np.testing.assert_allclose(mean, column_means(FULL, weight / weight.sum()), rtol=1e-12)
    np.testing.assert_allclose(row_squares(table), row_squares(FULL), rtol=1e-13)
    np.testing.assert_allclose(
        weighted_gram(table, weight, mean), weighted_gram(FULL, weight, mean), atol=1e-12
    )
    wide = RNG.normal(size=(20, 80)).astype(np.float32)
    expected = top_eigenvalue(wide.astype(np.float64), np.ones(20))
    assert top_eigenvalue(InBlocks(wide), np.ones(20)) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    "table",
    [FULL, np.asfortranarray(FULL), FULL[::2], FULL[:, 2:], np.asfortranarray(FULL)[3:], FULL[:1]],
    ids=["C", "F", "every other row", "last columns", "last rows", "one row"],
)
def test_what_products_read_in_place_stays_as_it_is(table):
    assert held(table) is table


@pytest.mark.parametrize(
    "table",
    [X, FULL[:, ::2], FULL[::-1], FULL.astype(">f8")],
    ids=["float32", "::2", "::-1", "big"],
)
def test_what_products_would_copy_is_read_in_blocks(table):
    assert isinstance(held(table), InBlocks) and held(held(table)).shape == table.shape
    np.testing.assert_allclose(held(table) @ np.ones(table.shape[1]), table.sum(1), rtol=1e-5)


def test_a_sparse_table_gets_values_and_keeps_its_indices():
    S = sparse.random_array((30, 20), density=0.2, rng=RNG, dtype=np.float32, format="csc")
    wide = held(S)
    assert wide.dtype == np.float64 and wide.format == "csc"
    assert np.shares_memory(wide.indices, S.indices)
    assert held(wide) is wide
