"""The steps of a row that may be split, against a general solver and against neighbours."""

import cvxpy as cp
import numpy as np
import pytest

from polytask.linear import L1, L21, L1Linf, Split
from polytask.linear.penalties import mixed_blocks
from polytask.ops.kernels import steps

H = np.array([0.01, 1.0, 50.0, 3.0, 1.0])
SPLITS = {steps.SPLIT_LENGTH: (L21, 2), steps.SPLIT_LARGEST: (L1Linf, "inf")}
forms = pytest.mark.parametrize("form", SPLITS)


def taken(form, z, h, cut, own):
    new = np.empty((1, len(z)))
    kept = steps.step(form, z[None], h, cut, own, 0.0, new)
    assert kept == bool(new.any())
    return new[0]


def test_the_numbers_of_the_norms_are_those_of_the_prices():
    for name in ("SPLIT_LENGTH", "SPLIT_LARGEST"):
        assert getattr(steps, name) == getattr(mixed_blocks, name)


@forms
@pytest.mark.parametrize("own", [0.3, 0.55, 0.9])
def test_it_is_the_cheapest_split_under_unlike_curvatures(form, own):
    rng = np.random.default_rng(0)
    for scale in (0.3, 1.0, 30.0):
        z = scale * rng.normal(size=5)
        b, s = cp.Variable(5), cp.Variable(5)
        price = cp.norm(b, SPLITS[form][1]) + own * cp.norm(s, 1)
        loss = cp.sum(cp.multiply(H / 2, cp.square(b + s))) - z @ (b + s)
        expected = cp.Problem(cp.Minimize(loss + price)).solve(solver="CLARABEL")
        w = taken(form, z, H, 1.0, own)
        rows = SPLITS[form][0]
        found = H / 2 @ w**2 - z @ w + Split(rows(1.0), L1(own)).value(w[None])
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-7)


@forms
def test_with_one_curvature_it_is_the_step_of_the_sum(form):
    rng = np.random.default_rng(1)
    penalty = Split(SPLITS[form][0](1.0), L1(0.6))
    for scale in (0.1, 1.0, 10.0):
        z = scale * rng.normal(size=6)
        expected = penalty.prox(z[None] / 2, 1 / 2)[0]
        np.testing.assert_allclose(taken(form, z, np.full(6, 2.0), 1.0, 0.6), expected, atol=1e-12)


@forms
def test_a_column_without_curvature_stays_at_zero(form):
    new = taken(form, np.array([3.0, 0.0, 2.0]), np.array([1.0, 0.0, 2.0]), 1.0, 0.6)
    assert new[1] == 0 and new[0] > 0
