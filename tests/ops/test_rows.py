import cvxpy as cp
import numpy as np
import pytest

from polytask.ops.rows import cap_rows, dual_exponent, row_norms, shrink_rows_lq

RNG = np.random.default_rng(0)


def slow(W, cut, norm):
    """The step by a general solver that knows nothing of closed forms."""
    V = cp.Variable(W.shape)
    price = sum(norm(V[j]) for j in range(len(W)))
    cp.Problem(cp.Minimize(cp.sum_squares(V - W) / 2 + cut * price)).solve(solver="CLARABEL")
    return V.value


def test_cap_rows_is_the_step_of_the_largest_entry():
    W = RNG.normal(size=(6, 4))
    np.testing.assert_allclose(cap_rows(W, 0.8), slow(W, 0.8, cp.norm_inf), atol=1e-5)


def test_cap_rows_ties_exactly_keeps_what_is_below_and_empties_light_rows():
    V = cap_rows(np.array([[5.0, -4.9, 0.1, 4.8], [0.3, -0.3, 0.3, 0.1]]), 1.0)
    assert V[0, 0] == -V[0, 1] == V[0, 3]
    assert V[0, 2] == 0.1
    assert not V[1].any()


def test_cap_rows_takes_the_cut_off_every_heavy_row():
    W = RNG.normal(size=(50, 7)) * 3
    taken = np.abs(W - cap_rows(W, 2.0)).sum(axis=1)
    np.testing.assert_allclose(taken, np.minimum(np.abs(W).sum(axis=1), 2.0), atol=1e-12)


def test_cap_rows_takes_a_cut_per_row():
    W = RNG.normal(size=(3, 4))
    cuts = np.array([0.1, 0.5, 2.0])
    each = np.vstack([cap_rows(W[[j]], cuts[j]) for j in range(3)])
    np.testing.assert_array_equal(cap_rows(W, cuts), each)


@pytest.mark.parametrize("q", [1.2, 1.5, 3, 4])
def test_shrink_rows_lq_is_the_step_of_the_lq_norm(q):
    W = RNG.normal(size=(5, 4))
    expected = slow(W, 0.6, lambda row: cp.pnorm(row, q))
    np.testing.assert_allclose(shrink_rows_lq(W, 0.6, q), expected, atol=1e-5)


@pytest.mark.parametrize("q", [1.01, 1.1, 1.5, 1.9, 2.1, 3, 4, 10, 50, 400])
def test_what_the_step_takes_away_is_a_subgradient_at_every_scale(q):
    # rows from 1e-3 to 1e3, a fifth of the entries zero: a bracket, a root and powers at work
    W = RNG.normal(size=(300, 5)) * 10.0 ** RNG.integers(-3, 4, size=(300, 1))
    W[RNG.random(W.shape) < 0.2] = 0
    V = shrink_rows_lq(W, 0.7, q)
    S = (W - V) / 0.7
    assert row_norms(S, dual_exponent(q)).max() <= 1 + 1e-9
    length = row_norms(V, q)
    # a difference of numbers up to 1e3 has no more digits than this
    np.testing.assert_allclose(np.sum(S * V, axis=1), length, rtol=1e-9, atol=1e-9)
    assert length.any()
    assert not length.all()


@pytest.mark.parametrize("q", [1, 2, np.inf])
def test_closed_forms_are_where_neighbouring_exponents_go(q):
    W = RNG.normal(size=(5, 4))
    near = {1: 1 + 1e-5, 2: 2 + 1e-6, np.inf: 1e5}[q]
    np.testing.assert_allclose(shrink_rows_lq(W, 0.6, near), shrink_rows_lq(W, 0.6, q), atol=1e-3)


def test_no_cut_moves_nothing():
    W = RNG.normal(size=(5, 4))
    np.testing.assert_array_equal(shrink_rows_lq(W, 0.0, 3.0), W)


@pytest.mark.parametrize("q", [1, 1.3, 2, 5, np.inf])
def test_row_norms_are_those_of_numpy(q):
    W = RNG.normal(size=(5, 4))
    np.testing.assert_allclose(row_norms(W, q), np.linalg.norm(W, ord=q, axis=1), rtol=1e-13)


def test_row_norms_of_large_entries_do_not_overflow():
    np.testing.assert_allclose(row_norms(np.full((1, 2), 1e300), 400), [1e300 * 2 ** (1 / 400)])
    assert not row_norms(np.zeros((3, 2)), 1.5).any()


@pytest.mark.parametrize(("q", "dual"), [(1, np.inf), (2, 2), (4, 4 / 3), (np.inf, 1)])
def test_dual_exponents_are_each_others(q, dual):
    assert dual_exponent(q) == pytest.approx(dual)
    assert dual_exponent(dual) == pytest.approx(q)
