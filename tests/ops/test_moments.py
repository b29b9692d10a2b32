"""Moments of many tables: the numbers of one table after the other, whatever their sizes."""

import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from polytask.ops import moments as module
from polytask.ops.moments import moments

RNG = np.random.default_rng(0)


def tables(X, sizes, widths):
    """Stretches of rows, choices of rows, an empty one; unlike widths of targets."""
    found = [
        (np.sort(RNG.choice(len(X), n, replace=False)), RNG.normal(size=(n, k)) + 5)
        for n, k in zip(sizes, widths)
    ]
    found.append((slice(3, 20), RNG.normal(size=(17, 1))))
    return [(rows, Y, RNG.uniform(0, 2, len(Y))) for rows, Y in found]


def one_by_one(X, some, fit_intercept):
    """G, C, yy and means from their definitions, a table at a time."""
    for rows, Y, a in some:
        Z, root = np.asarray(X[rows], dtype=float), np.sqrt(a)[:, None]
        x = (a / max(a.sum(), 1e-300)) @ Z if fit_intercept else np.zeros(Z.shape[1])
        y = (a / max(a.sum(), 1e-300)) @ Y if fit_intercept else np.zeros(Y.shape[1])
        Z, V = root * (Z - x), root * (Y - y)
        yield Z.T @ Z, Z.T @ V, np.sum(V**2, axis=0), x, y


@pytest.mark.parametrize("block", [1, 200, 10**6])
@pytest.mark.parametrize("many", [1, 100], ids=["in one call", "one by one"])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("order", ["C", "F"])
def test_they_are_those_of_each_table_alone(block, many, fit_intercept, dtype, order, monkeypatch):
    for name, value in (("BLOCK", block), ("SMALL", block), ("MANY", many)):
        monkeypatch.setattr(module, name, value)
    X = np.array(RNG.normal(size=(60, 4)) + 3, dtype=dtype, order=order)
    some = tables(X, (5, 60, 0, 23), (1, 1, 1, 3))
    some += [(slice(20, 31), RNG.normal(size=(11, 1)), RNG.uniform(0, 2, 11))]
    found = moments(X, some, fit_intercept=fit_intercept)
    G, C, yy, x, y = zip(*one_by_one(X, some, fit_intercept))
    wanted = (np.stack(G), np.hstack(C), np.hstack(yy), np.stack(x), np.hstack(y))
    for one, other in zip(found, wanted, strict=True):
        assert one.dtype == np.float64
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_a_sparse_table_has_those_of_the_dense_one(fit_intercept):
    X = RNG.normal(size=(60, 4)) * (RNG.random((60, 4)) < 0.4)
    some = tables(X, (5, 60, 23), (1, 2, 3))
    dense = moments(X, some, fit_intercept=fit_intercept)
    for one, other in zip(moments(sparse.csr_array(X), some, fit_intercept=fit_intercept), dense):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("rows", [slice(0, 20_000), np.arange(20_000)], ids=["slice", "choice"])
def test_a_large_table_is_not_copied(rows):
    X, Y = RNG.normal(size=(20_000, 50)), RNG.normal(size=(20_000, 2))
    tracemalloc.start()
    moments(X, [(rows, Y, np.ones(20_000))] * 3, fit_intercept=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < X.nbytes
