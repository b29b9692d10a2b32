import cvxpy as cp
import numpy as np
import pytest

from polytask.ops.water import complement, water_levels

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("shift", [0.0, 0.7])
@pytest.mark.parametrize(("high", "total"), [(4.0, 9.0), (10.0, 14.0), (2.0, 5.0), (3.0, 15.0)])
def test_levels_are_those_of_a_general_solver(high, total, shift):
    size = np.abs(RNG.normal(size=5)) * [3, 1, 1, 0.1, 0.01]
    level = cp.Variable(5)
    cost = cp.sum(cp.multiply(size**2, cp.inv_pos(level + shift)))
    limits = [level >= 1, level <= high, cp.sum(level) == total]
    best = cp.Problem(cp.Minimize(cost), limits).solve(solver="CLARABEL")
    ours = water_levels(size, 1.0, high, total, shift)
    assert np.sum(size**2 / (ours + shift)) == pytest.approx(best, rel=1e-6)
    assert ours.sum() == pytest.approx(total, rel=1e-12)


def test_sizes_of_zero_stay_low_and_leave_room():
    levels = water_levels(np.array([2.0, 0.0, 0.0]), 1.0, 5.0, 6.0)
    np.testing.assert_allclose(levels, [4.0, 1.0, 1.0])
    np.testing.assert_allclose(water_levels(np.zeros(3), 1.0, 5.0, 6.0), 1.0)
    assert water_levels(np.array([2.0, 0.0, 0.0]), 1.0, 5.0, 12.0)[0] == 5.0


def test_the_complement_of_the_mean():
    Q = complement(5)
    np.testing.assert_allclose(Q.T @ Q, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(Q.sum(axis=0), 0, atol=1e-12)
    assert complement(1).shape == (1, 0)
