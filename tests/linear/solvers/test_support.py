"""Newton steps on the rows in use: spectra, whose columns are nearly alike."""

import numpy as np
import pytest

from polytask import Tasks
from polytask.datasets import get
from polytask.linear import L21, BlockDescent, Split
from polytask.linear.build import build
from polytask.linear.solvers.support import on_support


def spectra(n=70, d=300, T=4, seed=0):
    """Smooth curves of eight parts, in units in which neighbours differ by little."""
    rng = np.random.default_rng(seed)
    wave, at = np.linspace(0, 1, d), rng.uniform(0, 1, 8)
    parts = np.exp(-(((wave - at[:, None]) / 0.3) ** 2))
    amounts = rng.normal(size=(n, 8))
    X = 0.3 * amounts @ parts + 5e-3 * rng.normal(size=(n, d))
    return Tasks.from_arrays(X, amounts[:, :T] + 0.1 * rng.normal(size=(n, T)))


@pytest.mark.parametrize("n", [70, 400], ids=["rows", "Gram"])
def test_a_path_over_spectra_reaches_its_gap(n):
    problem, start = build(spectra(n)), None
    for one in L21().along(problem, points=6, weakest=1e-2):
        found = BlockDescent().solve(problem, one, start=start, tol=1e-6)
        assert found.converged
        start = found.W


@pytest.mark.data("cookie")
def test_a_path_over_the_spectra_of_dough_reaches_its_gap():
    # without these steps three of the eleven ended at 10,000 epochs, with gaps up to 6e-5
    problem, start = build(get("cookie").load()), None
    for one in L21().along(problem, points=13)[2:]:
        found = BlockDescent().solve(problem, one, start=start, tol=1e-6)
        assert found.converged
        start = found.W


def test_rows_in_use_are_stationary_and_the_objective_falls():
    problem, penalty = build(spectra()), L21(0.005)
    price, rng = penalty.in_blocks(300), np.random.default_rng(1)
    W = np.zeros((300, 4))
    W[[20, 150, 260]] = rng.normal(size=(3, 4))
    V = on_support(problem, price, W)
    kept = np.flatnonzero(V.any(axis=1))
    assert set(kept) <= {20, 150, 260}
    assert problem.at(V).value + penalty.value(V) < problem.at(W).value + penalty.value(W)
    U = V[kept] / np.linalg.norm(V[kept], axis=1, keepdims=True)
    np.testing.assert_allclose(problem.at(V).gradient[kept], -0.005 * U, atol=1e-6)


def test_other_prices_and_empty_supports_are_left_as_they_are():
    problem, W = build(spectra()), np.ones((300, 4))
    assert on_support(problem, Split().in_blocks(300), W) is W
    assert on_support(problem, L21().in_blocks(300), W) is W  # too many
    none = np.zeros((300, 4))
    assert on_support(problem, L21().in_blocks(300), none) is none
