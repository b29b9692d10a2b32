"""Sums about the mean are those of numpy, whatever the order and size of the blocks."""

import numpy as np
import pytest
from scipy import sparse

from polytask.ops.sums import Columns, Sums

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 5)) * np.linspace(0.5, 3, 5) + np.linspace(0, 1e4, 5)
Y = RNG.normal(size=(200, 3)) + 100
HOLES = (RNG.random((200, 3)) < [0.9, 0.6, 0.2]) * RNG.integers(1, 4, (200, 1))


def gathered(A, cuts, form=np.asarray):
    k = A.shape[1]
    sums = Sums.empty(np.zeros(3, dtype=int) if k == 1 else np.arange(3), 5)
    for start, stop in zip([0, *cuts], [*cuts, len(X)]):
        at = slice(start, stop)
        rules = {"places": np.arange(k), "targets": np.arange(3)}
        sums.add_rows(form(X[at]), Y[at], A[at].astype(float), **rules)
    return sums


def by_hand(a, y):
    x_mean, y_mean = np.average(X, axis=0, weights=a), np.average(y, weights=a)
    Xc, yc = X - x_mean, y - y_mean
    return x_mean, (Xc * a[:, None]).T @ Xc, y_mean, Xc.T @ (a * yc), np.sum(a * yc**2)


@pytest.mark.parametrize("cuts", [(), (50, 100), (1, 2, 150, 199)])
@pytest.mark.parametrize("A", [np.ones((200, 1)), HOLES[:, :1] + 1, HOLES], ids=["1", "w", "holes"])
def test_sums_are_those_of_all_rows(A, cuts):
    sums = gathered(A, cuts)
    for p in range(3):
        s = sums.place[p]
        x_mean, G, y_mean, C, yy = by_hand(A[:, s], Y[:, p])
        assert sums.weight[s] == A[:, s].sum()
        np.testing.assert_allclose(sums.x_mean[s], x_mean, rtol=1e-13)
        np.testing.assert_allclose(sums.G[s], G, rtol=1e-11, atol=1e-9)
        np.testing.assert_allclose(sums.y_mean[p], y_mean, rtol=1e-13)
        np.testing.assert_allclose(sums.C[p], C, rtol=1e-11, atol=1e-9)
        np.testing.assert_allclose(sums.yy[p], yy, rtol=1e-12)


def test_sparse_rows_give_the_sums_of_dense_ones():
    global X
    kept, X = X, np.where(RNG.random(X.shape) < 0.3, RNG.normal(size=X.shape), 0)
    try:
        a, b = gathered(HOLES, (70,), sparse.csr_array), gathered(HOLES, (70,))
    finally:
        X = kept
    for name, value in vars(a).items():
        np.testing.assert_allclose(value, getattr(b, name), atol=1e-11)


def test_a_huge_row_that_a_task_lacks_costs_it_no_digits():
    # the Gram of all rows minus that of the missing ones would leave nothing of the second column
    Z = RNG.normal(size=(50, 3))
    Z[7, 1] = 1e9
    A = np.ones((50, 2))
    A[7, 1] = 0
    sums = Sums.empty([0, 1], 3)
    sums.add_rows(Z, np.zeros((50, 2)), A, places=np.arange(2), targets=np.arange(2))
    kept = np.delete(Z, 7, axis=0)
    expected = (kept - kept.mean(0)).T @ (kept - kept.mean(0))
    # the block is centred at a mean of 2e7, which float64 shows to 4e-9
    np.testing.assert_allclose(sums.G[1], expected, atol=1e-6)


def test_far_means_and_many_blocks_cost_no_digits():
    far = RNG.normal(size=(3000, 2)) + 1e8
    sums, columns = Sums.empty([0], 2), Columns.empty(2)
    for start in range(0, 3000, 3):
        block = far[start : start + 3]
        sums.add_rows(
            block, block[:, :1], np.ones((3, 1)), places=np.zeros(1, int), targets=np.zeros(1, int)
        )
        columns.add_rows(block, np.ones(3))
    expected = np.cov(far.T, bias=True) * 3000
    # inputs near 1e8 are given to 1.5e-8
    np.testing.assert_allclose(sums.G[0], expected, rtol=1e-6, atol=1e-4)
    np.testing.assert_allclose(columns.square, np.diag(expected), rtol=1e-6)
    np.testing.assert_allclose(sums.yy, expected[0, 0], rtol=1e-6)


def test_rows_of_weight_zero_are_absent():
    A = HOLES.astype(float)
    A[:, 1] = 0
    sums = gathered(A, (100,))
    assert sums.weight[1] == 0 and not sums.G[1].any() and not sums.C[1].any()
    columns = Columns.empty(5)
    columns.add_rows(X, np.zeros(200))
    assert columns.weight == 0 and not columns.square.any()
