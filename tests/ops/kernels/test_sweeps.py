"""The compiled steps: each is the minimiser of its row or entry, and keeps the correlations."""

import numpy as np
import pytest
from scipy.optimize import minimize

from polytask.ops.kernels import one_gram, own_grams

CUT = 0.7


def grams(k, P, seed=0):
    """Positive definite Grams ``(k, k, P)`` and correlations ``(k, P)``."""
    X = (
        np.random.default_rng(seed).normal(size=(P, 3 * k, k))
        * np.linspace(0.3, 3, P)[:, None, None]
    )
    G = np.ascontiguousarray(np.moveaxis(np.swapaxes(X, 1, 2) @ X, 0, -1))
    return G, np.random.default_rng(seed + 1).normal(size=(k, P)) * 20


def price(W, entries):
    return CUT * (np.abs(W).sum() if entries else np.linalg.norm(W, axis=1).sum())


def objective(G, C, W, entries):
    quadratic = 0.5 * np.einsum("ijp,ip,jp->", G, W, W)
    return quadratic - np.sum(C * W) + price(W, entries)


@pytest.mark.parametrize("entries", [False, True], ids=["rows", "entries"])
def test_sweeps_with_own_grams_go_down_and_keep_the_correlations(entries):
    sweep = own_grams.sweep_entries if entries else own_grams.sweep_rows
    G, C0 = grams(6, 4)
    C, W = C0.copy(), np.zeros_like(C0)
    values = [objective(G, C0, W, entries)]
    for _ in range(30):
        sweep(G, C, W, CUT, 1)
        values.append(objective(G, C0, W, entries))
    assert np.all(np.diff(values) <= 1e-9)
    np.testing.assert_allclose(C, C0 - np.einsum("ijp,jp->ip", G, W), atol=1e-9)
    # the optimum is a fixed point of a proximal step of any size
    step = 1e-3
    V = W + step * C
    if entries:
        moved = V - np.clip(V, -step * CUT, step * CUT)
    else:
        length = np.linalg.norm(V, axis=1, keepdims=True)
        moved = V * np.maximum(0, 1 - step * CUT / length)
    np.testing.assert_allclose(moved, W, atol=1e-6)


@pytest.mark.parametrize("entries", [False, True], ids=["rows", "entries"])
def test_one_gram_is_own_grams_that_are_equal(entries):
    name = "sweep_entries" if entries else "sweep_rows"
    G, C = grams(6, 1)
    C = np.random.default_rng(4).normal(size=(6, 5)) * 10
    one_C, one_W = C.copy(), np.zeros_like(C)
    own_C, own_W = C.copy(), np.zeros_like(C)
    getattr(one_gram, name)(np.ascontiguousarray(G[:, :, 0]), one_C, one_W, CUT, 3)
    for _ in range(3):
        getattr(own_grams, name)(np.repeat(G, 5, axis=2), own_C, own_W, CUT, 1)
    np.testing.assert_allclose(one_W, own_W, atol=1e-10)
    np.testing.assert_allclose(one_C, own_C, atol=1e-9)


@pytest.mark.parametrize("start", [0.0, 0.1, 5.0, 1e6])
def test_the_length_of_a_row_is_found_from_either_side(start):
    h, z = np.array([0.01, 1.0, 50.0, 3.0]), np.array([1.0, -4.0, 2.0, 0.5])
    length = own_grams.row_length(h, z, CUT, start)
    w = z * length / (h * length + CUT)
    assert np.linalg.norm(w) == pytest.approx(length, rel=1e-12)
    found = minimize(
        lambda v: 0.5 * h @ v**2 - z @ v + CUT * np.linalg.norm(v), np.ones(4), tol=1e-12
    )
    np.testing.assert_allclose(w, found.x, rtol=1e-3)


def test_a_row_within_the_cut_has_length_zero():
    assert own_grams.row_length(np.ones(2), np.array([0.3, 0.4]), 0.5, 2.0) == 0.0


def test_rows_at_zero_are_passed_over_where_that_is_asked():
    G, C = grams(4, 3)
    W = np.zeros_like(C)
    own_grams.sweep_rows(G, C.copy(), W, CUT, 0)
    assert not W.any()
    own_grams.sweep_rows(G, C.copy(), W, CUT, 1)
    assert W.any()


def test_a_column_of_zeros_keeps_zero_coefficients():
    G, C, W = np.zeros((1, 1)), np.array([[2.0, 0.0]]), np.zeros((1, 2))
    one_gram.sweep_rows(G, C, W, 0.5, 1)
    one_gram.sweep_entries(G, C, W, 0.5, 1)
    own_grams.sweep_rows(np.zeros((1, 1, 2)), C, W, 0.5, 1)
    own_grams.sweep_entries(np.zeros((1, 1, 2)), C, W, 0.5, 1)
    assert not W.any()
