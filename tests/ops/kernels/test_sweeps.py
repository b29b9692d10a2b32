"""The compiled sweeps: they go down, keep their state, and end where no step moves."""

import numpy as np
import pytest
from scipy import sparse

from polytask.linear.penalties.blocks import COLUMNS, LARGEST, LENGTH, Blocks
from polytask.linear.solvers.restricted import bends
from polytask.ops.kernels import one_gram, own_grams, sparse_columns

PRICES = {
    "rows": Blocks.of(LENGTH, 6, cut=0.7),
    "entries": Blocks.of(COLUMNS, 6, cut=np.linspace(0.2, 1.2, 6)),
    "largest": Blocks.of(LARGEST, 6, cut=0.7),
    "elastic rows": Blocks.of(LENGTH, 6, cut=0.7, ridge=0.5),
    "elastic entries": Blocks.of(COLUMNS, 6, cut=0.7, ridge=0.5),
    "blocks": Blocks(LENGTH, np.array([0, 3, 4, 6]), np.arange(6), np.full(3, 0.7), np.zeros(3)),
    "columns": Blocks(COLUMNS, np.array([0, 3, 4, 6]), np.arange(6), np.full(3, 0.7), np.zeros(3)),
}
prices = pytest.mark.parametrize("price", PRICES.values(), ids=PRICES)


def grams(k, P, seed=0):
    """Positive definite Grams ``(k, k, P)`` and correlations ``(k, P)``."""
    X = np.random.default_rng(seed).normal(size=(P, 3 * k, k))
    X *= np.linspace(0.3, 3, P)[:, None, None]
    G = np.ascontiguousarray(np.moveaxis(np.swapaxes(X, 1, 2) @ X, 0, -1))
    return G, np.random.default_rng(seed + 1).normal(size=(k, P)) * 20


def own(price, G, C, W, zeros=1):
    cuts = price.cut, price.ridge, price.norm
    own_grams.sweep(G, C, W, price.starts, bends(price, G), *cuts, zeros)


def one(price, G, C, W, passes=1):
    cuts = price.cut, price.ridge, price.norm
    bend = bends(price, G[:, :, None])[:, 0]
    one_gram.sweep(G, C, W, price.starts, bend, *cuts, passes)


def gap(price, G, C0, W):
    """Objective at W minus what its residuals prove; the sum of squares is the smallest one."""
    P = W.shape[1]
    yy = sum(C0[:, p] @ np.linalg.solve(G[:, :, p], C0[:, p]) for p in range(P))
    cw, ww = np.sum(C0 * W), np.einsum("ijp,ip,jp->", G, W, W)
    V, rr, ry = C0 - np.einsum("ijp,jp->ip", G, W), yy - 2 * cw + ww, yy - cw
    share = price.feasible(V)
    proved = share * ry - 0.5 * share**2 * rr - price.conjugate(share * V)
    return 0.5 * rr + price.value(W) - proved


@prices
def test_sweeps_with_own_grams_go_down_to_an_optimum_that_its_dual_proves(price):
    G, C0 = grams(6, 4)
    C, W = C0.copy(), np.zeros_like(C0)
    values = []
    for _ in range(200):
        own(price, G, C, W)
        quadratic = 0.5 * np.einsum("ijp,ip,jp->", G, W, W) - np.sum(C0 * W)
        values.append(quadratic + price.value(W))
    assert np.all(np.diff(values) <= 1e-9)
    np.testing.assert_allclose(C, C0 - np.einsum("ijp,jp->ip", G, W), atol=1e-9)
    assert 0 <= gap(price, G, C0, W) + 1e-9 <= 1e-6


@prices
def test_one_gram_is_own_grams_that_are_equal(price):
    G, C = grams(6, 1)
    C = np.random.default_rng(4).normal(size=(6, 5)) * 10
    one_C, one_W = C.copy(), np.zeros_like(C)
    own_C, own_W = C.copy(), np.zeros_like(C)
    one(price, np.ascontiguousarray(G[:, :, 0]), one_C, one_W, 3)
    for _ in range(3):
        own(price, np.repeat(G, 5, axis=2), own_C, own_W)
    np.testing.assert_allclose(one_W, own_W, atol=1e-10)
    np.testing.assert_allclose(one_C, own_C, atol=1e-9)


@prices
@pytest.mark.parametrize("centred", [True, False])
def test_sparse_columns_are_one_gram_of_the_centred_table(price, centred):
    rng = np.random.default_rng(2)
    X = (rng.normal(size=(30, 6)) + 1) * (rng.random((30, 6)) < 0.4)
    weight, Y = rng.uniform(0.5, 2, 30), rng.normal(size=(30, 3)) * 20
    mean = weight @ X / weight.sum() if centred else np.zeros(6)
    Y -= weight @ Y / weight.sum() if centred else 0
    Z = X - mean
    G, C = (Z.T * weight) @ Z, (Z.T * weight) @ Y
    one_W, W = np.zeros((6, 3)), np.zeros((6, 3))
    one(price, np.ascontiguousarray(G), C, one_W, 3)
    table, R = sparse.csc_array(X), np.vstack([Y, np.zeros(3)])
    cuts = price.cut, price.ridge, price.norm
    for _ in range(3):
        sparse_columns.sweep(
            table.data,
            table.indices,
            table.indptr,
            weight,
            mean,
            weight.sum(),
            R,
            W,
            price.starts,
            bends(price, G[:, :, None])[:, 0],
            *cuts,
            1,
        )
    np.testing.assert_allclose(W, one_W, atol=1e-9)
    np.testing.assert_allclose(R[:-1] + R[-1], Y - Z @ W, atol=1e-9)


@prices
def test_blocks_at_zero_are_passed_over_where_that_is_asked(price):
    G, C = grams(6, 3)
    W = np.zeros_like(C)
    own(price, G, C.copy(), W, zeros=0)
    assert not W.any()
    own(price, G, C.copy(), W, zeros=1)
    assert W.any()


@prices
def test_columns_of_zeros_keep_zero_coefficients(price):
    C, W = np.zeros((6, 2)), np.zeros((6, 2))
    C[0] = 2.0, 0.0
    if not price.ridge.any():
        one(price, np.zeros((6, 6)), C, W)
        own(price, np.zeros((6, 6, 2)), C, W)
    assert not W.any()
