"""A problem in other units is the same problem: values, derivatives, bounds."""

import numpy as np
import pytest
from linear.penalties.problems import shared

from polytask import Tasks
from polytask.kinds import Binary
from polytask.linear import L21, BlockDescent, LinearModel, Weighted
from polytask.linear.build import build
from polytask.linear.rescaled import rescaled

F = (1.0, 0.5, 2.0, 1.5, 0.8)
D = (2.0, 1.0, 0.6)


def forms():
    """Problems of every kind of part: one Gram, own Grams, tables, classes, mixed kinds."""
    X, Y = shared(n=60, d=5, T=3)
    wide = shared(n=4, d=5, T=3)
    sets = {"n": (X, Y[:, 0]), "c": (X, (Y[:, 1] > 0).astype(float))}
    holes = np.where(np.random.default_rng(0).random(Y.shape) < 0.3, np.nan, Y)
    yield "one Gram", Tasks.from_arrays(X, Y), {}
    yield "own Grams", Tasks.from_arrays(X, holes), {}
    yield "rows", Tasks.from_arrays(*wide), {}
    yield "scaled rows", Tasks.from_arrays(*wide), {"scale": True}
    yield "without intercept", Tasks.from_arrays(*wide), {"fit_intercept": False}
    yield "kinds", Tasks.stack(sets, kinds={"c": Binary()}), {}


@pytest.mark.parametrize(("name", "data", "options"), list(forms()), ids=lambda v: str(v)[:20])
def test_a_problem_in_other_units_has_the_same_values_and_the_chain_rule(name, data, options):
    problem = build(data, **options)
    d, P = problem.shape
    f, t = np.array(F), np.array(D[:P])
    other = rescaled(problem, f, t)
    assert rescaled(problem, f, t) is other
    C = np.outer(f, t)
    for seed in range(3):
        W = np.random.default_rng(seed).normal(size=(d, P))
        here, there = problem.at(W), other.at(W * C)
        assert there.value == pytest.approx(here.value, rel=1e-12)
        np.testing.assert_allclose(there.gradient, here.gradient / C, atol=1e-12)
        assert there.dual(0.9) == pytest.approx(here.dual(0.9), rel=1e-12)
        H = np.broadcast_to(problem.hessian(W), (P, d, d)) / np.einsum("ip,jp->pij", C, C)
        got = np.broadcast_to(other.hessian(W * C), (P, d, d))
        np.testing.assert_allclose(got, H, atol=1e-12)
        half = other.decrement(W * C, there.gradient)
        assert half == pytest.approx(problem.decrement(W, here.gradient), rel=1e-8)
    top = max(np.linalg.eigvalsh(H)[-1] for H in other.hessian(np.zeros((d, P))))
    assert other.lipschitz >= top * (1 - 1e-6)
    np.testing.assert_allclose(
        np.concatenate([part.traces for part in other.parts]).sum(),
        np.trace(
            np.broadcast_to(other.hessian(np.zeros((d, P))), (P, d, d)), axis1=1, axis2=2
        ).sum(),
        rtol=1e-9,
    )


def test_one_gram_stays_one_and_the_fast_solver_is_reached():
    X, Y = shared(n=60, d=5, T=3)
    problem = build(Tasks.from_arrays(X, Y))
    assert rescaled(problem, np.array(F), np.ones(3)).one_hessian
    inside = rescaled(problem, np.array(F), np.array(D[:3]))
    assert BlockDescent().refuses(inside, L21(0.1)) is None
    sparse = LinearModel(Weighted(L21(0.1), F), tol=1e-9).fit(np.tile(X, (1, 1)), Y)
    assert sparse.solution_.converged
