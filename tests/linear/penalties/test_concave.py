import cvxpy as cp
import numpy as np
import pytest
from linear import oracle
from linear.penalties.problems import orthonormal, separate, shared, solved

from polytask.errors import ParameterError, UnsupportedError
from polytask.linear import L1, L21, MCP, SCAD, LinearModel, PerTask, ProximalGradient, Split
from polytask.linear.build import build

BOTH = pytest.mark.parametrize("penalty", [MCP(0.2), MCP(0.1, 1.5), SCAD(0.2), SCAD(0.1, 2.5)])


@BOTH
@pytest.mark.parametrize("step", [0.1, 1.0, 1.8, 6.0])
def test_the_step_is_the_best_length_on_a_fine_grid(penalty, step):
    sizes = np.array([0.0, 0.05, 0.15, 0.21, 0.3, 0.5, 1.2, 3.0])
    grid = np.linspace(0, 4, 400_001)
    found = penalty.shorten(sizes, step)
    costs = (found - sizes) ** 2 / 2 + step * penalty.price(found)
    for size, cost in zip(sizes, costs, strict=True):
        assert cost <= np.min((grid - size) ** 2 / 2 + step * penalty.price(grid)) + 1e-12


@BOTH
def test_the_slope_is_that_of_the_price_and_alpha_at_zero(penalty):
    t = np.linspace(0, 2, 2001)
    numeric = np.diff(penalty.price(t)) / np.diff(t)
    middle = (t[1:] + t[:-1]) / 2
    # within a bend of the slope the difference is off by half a cell
    np.testing.assert_allclose(penalty.slope(middle), numeric, atol=1e-3)
    assert penalty.slope(np.zeros(1))[0] == pytest.approx(penalty.alpha)
    assert not penalty.slope(np.array([penalty.gamma * penalty.alpha])).round(12).any()


@BOTH
def test_long_rows_are_not_moved_and_short_ones_vanish(penalty):
    W = np.array([[3.0, 4.0], [0.01, 0.0]])
    np.testing.assert_array_equal(penalty.prox(W, 1.0), [[3.0, 4.0], [0.0, 0.0]])


@BOTH
@pytest.mark.parametrize("kind", ["regression", "binary"])
def test_the_end_is_the_optimum_with_every_price_replaced_by_its_tangent(penalty, kind):
    sets = oracle.regression()
    if kind == "binary":  # classes that can be separated have no optimum under a price that ends
        sets = {str(seed): flipped(oracle.binary(seed)["d"]) for seed in range(3)}
    kinds = dict.fromkeys(sets, kind)
    model = solved(penalty, oracle.tasks(sets, kinds), scale=False)
    assert model.solution_.converged
    assert model.solution_.certificate == "stationarity gap"
    coef = model.coef_.T
    slope = penalty.slope(np.linalg.norm(coef, axis=1))
    W, b = cp.Variable(coef.shape), cp.Variable(len(sets))
    loss = sum(oracle.loss(kind, X, y, W[:, [t]], b[[t]]) for t, (X, y) in enumerate(sets.values()))
    tangent = cp.Problem(cp.Minimize(loss + slope @ cp.norm(W, 2, axis=1)))
    tangent.solve(solver="CLARABEL")
    ours = model.objective_ - penalty.value(coef) + slope @ np.linalg.norm(coef, axis=1)
    assert ours == pytest.approx(tangent.value, rel=1e-6)


def flipped(table):
    X, y = table
    return X, np.where(np.arange(len(y)) % 3 == 0, 1 - y, y)


@BOTH
def test_with_orthonormal_inputs_one_step_is_the_solution(penalty):
    X, Y = orthonormal()
    coef = solved(penalty, X, Y).coef_
    np.testing.assert_allclose(coef.T, penalty.prox(X.T @ Y / len(X), 1.0), atol=1e-8)


def test_a_large_gamma_is_the_row_sparse_norm():
    data = separate()
    for penalty in (MCP(0.2, 1e7), SCAD(0.2, 1e7)):
        np.testing.assert_allclose(
            solved(penalty, data).coef_, solved(L21(0.2), data).coef_, atol=1e-5
        )


def test_the_objective_is_below_that_of_the_start():
    data = separate()
    for penalty in (MCP(0.3), SCAD(0.3)):
        start = solved(L21(0.3), data)
        worth = start.objective_ - L21(0.3).value(start.coef_) + penalty.value(start.coef_)
        assert solved(penalty, data).objective_ < worth


def test_rows_that_matter_are_estimated_without_bias():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 50))
    W = np.zeros((50, 4))
    W[:5] = rng.choice([-1, 1], size=(5, 4)) * 2
    Y = X @ W + rng.normal(size=(100, 4))
    least = np.linalg.lstsq(np.column_stack([np.ones(100), X[:, :5]]), Y)[0][1:].T
    for penalty in (MCP(0.5), SCAD(0.5)):
        coef = solved(penalty, X, Y).coef_
        np.testing.assert_allclose(coef[:, :5], least, atol=1e-5)
        assert not coef[:, 5:].any()
    shrunk = solved(L21(0.5), X, Y).coef_[:, :5]
    assert np.all(np.linalg.norm(shrunk, axis=0) < np.linalg.norm(least, axis=0) - 0.1)


def test_alone_it_is_the_same_price_for_every_coefficient():
    X, Y = shared()
    model = LinearModel(MCP(0.3), tol=1e-12, max_iter=100_000)
    alone = model.alone().fit(X, Y)
    each = solved(PerTask(MCP(0.3)), X, Y)
    np.testing.assert_array_equal(alone.coef_, each.coef_)
    for t in range(Y.shape[1]):
        np.testing.assert_allclose(each.coef_[t], model.fit(X, Y[:, t]).coef_[0], atol=1e-5)


def test_solvers_that_need_a_duality_gap_refuse_by_name():
    problem = build(separate())
    with pytest.raises(UnsupportedError, match=r"needs a convex penalty. Found MCP"):
        ProximalGradient().solve(problem, MCP(0.1))
    with pytest.raises(UnsupportedError, match="SCAD is not convex"):
        SCAD(0.1).conjugate(np.zeros((2, 2)))


def test_a_penalty_around_it_refuses_by_name():
    with pytest.raises(UnsupportedError, match=r"MCP is not convex.*a penalty around it"):
        LinearModel(Split(MCP(0.1), L1(0.05))).fit(*shared())


@pytest.mark.parametrize(("one", "gamma"), [(MCP, 1.0), (MCP, np.inf), (SCAD, 2.0), (SCAD, np.nan)])
def test_a_gamma_that_makes_no_sense_is_refused(one, gamma):
    with pytest.raises(ParameterError, match=f"{one.__name__} needs a finite gamma >"):
        one(0.1, gamma)
