"""The steps of a block: each is the minimiser of its own problem."""

import numpy as np
import pytest
from scipy.optimize import minimize

from polytask.linear.penalties import blocks
from polytask.ops.kernels import steps
from polytask.ops.rows import cap_rows

H = np.array([0.01, 1.0, 50.0, 3.0])
Z = np.array([[1.0, -4.0, 2.0, 0.5], [0.0, 1.0, -3.0, 1.5]])
CUT = 0.7


def test_the_numbers_of_the_norms_are_those_of_the_prices():
    for name in ("LENGTH", "COLUMNS", "LARGEST"):
        assert getattr(steps, name) == getattr(blocks, name)


def taken(norm, z, ridge):
    new = np.empty_like(z)
    assert steps.step(norm, z, H, CUT, ridge, 0.3, new)
    return new


@pytest.mark.parametrize("ridge", [0.0, 0.4])
@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("norm", [steps.LENGTH, steps.COLUMNS, steps.LARGEST])
def test_no_other_block_is_better(norm, rows, ridge):
    if norm == steps.LARGEST and rows > 1:
        pytest.skip("the largest entry is priced row by row")
    z = Z[:rows]
    price = {
        steps.LENGTH: np.linalg.norm,
        steps.COLUMNS: lambda w: np.linalg.norm(w, axis=0).sum(),
        steps.LARGEST: lambda w: np.abs(w).max(),
    }[norm]

    def objective(flat):
        w = flat.reshape(z.shape)
        return 0.5 * np.sum((H + ridge) * w**2) - np.sum(z * w) + CUT * price(w)

    new = taken(norm, z, ridge)
    here = objective(new.ravel())
    found = minimize(objective, new.ravel() + 0.1, method="Nelder-Mead", options={"maxiter": 4000})
    assert here <= found.fun + 1e-9
    for direction in np.random.default_rng(0).normal(size=(200, z.size)):
        assert here <= objective(new.ravel() + 1e-4 * direction) + 1e-15


@pytest.mark.parametrize("start", [0.0, 0.1, 5.0, 1e6])
def test_the_length_is_found_from_either_side(start):
    length = steps.block_length((Z**2).sum(axis=0), H, CUT, 0.0, start)
    assert np.linalg.norm(Z * length / (H * length + CUT)) == pytest.approx(length, rel=1e-14)


def test_without_a_cut_the_step_is_that_of_the_squares():
    new = np.empty_like(Z)
    steps.step(steps.LENGTH, Z, H, 0.0, 1.0, 0.0, new)
    np.testing.assert_allclose(new, Z / (H + 1))


def test_a_block_within_the_cut_becomes_zero():
    z, new = np.array([[0.3, -0.4]]), np.ones((1, 2))
    for norm, cut in ((steps.LENGTH, 0.5), (steps.COLUMNS, 0.4), (steps.LARGEST, 0.71)):
        assert not steps.step(norm, z, np.ones(2), cut, 0.0, 2.0, new)
        assert not new.any()


def test_with_equal_curvature_the_cap_is_that_of_sorting():
    rng = np.random.default_rng(1)
    for z in rng.normal(size=(50, 1, 7)):
        new = np.empty_like(z)
        steps.cap(z, np.ones(7), 1.3, 0.0, new)
        np.testing.assert_allclose(new, cap_rows(z, 1.3), atol=1e-12)
