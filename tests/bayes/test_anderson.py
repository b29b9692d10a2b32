"""Long steps to a fixed point, tried where the top is known."""

import numpy as np

from polytask.bayes.anderson import climb

HILL = np.diag([1.0, 0.1, 0.003, 0.0005])  # plain steps need thousands of passes
TOP = np.array([3.0, -2.0, 1.0, 5.0])


def uphill(point):
    """A gradient step of ``-(x - top)' H (x - top) / 2``."""
    return point - HILL @ (point - TOP), -0.5 * (point - TOP) @ HILL @ (point - TOP)


def test_a_quadratic_hill_is_climbed_in_a_few_passes():
    point, history, passes, converged = climb(uphill, np.zeros(4), tol=1e-14, max_iter=100)
    assert converged
    assert passes < 25
    np.testing.assert_allclose(point, TOP, atol=1e-4)
    assert min(np.diff(history)) >= 0


def test_a_step_that_goes_down_is_not_taken():
    def narrow(point):
        # outside a narrow ridge there is no objective
        after, value = uphill(point)
        return (after, value) if abs(point - TOP)[0] <= 3 and point[3] < 0.1 else (None, -np.inf)

    _, history, passes, converged = climb(narrow, np.zeros(4), tol=1e-14, max_iter=30)
    assert min(np.diff(history)) >= 0
    assert not converged
    assert 30 <= passes <= 31


def test_a_point_that_stays_is_the_end():
    point, _, passes, converged = climb(lambda x: (x, 1.0), TOP, tol=1e-12, max_iter=50)
    assert converged
    assert passes <= 5
    np.testing.assert_array_equal(point, TOP)
