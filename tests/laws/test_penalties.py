"""What every penalty obeys, whatever it ties together; found by walking the package."""

import pickle

import numpy as np
import pytest
from laws.found import classes

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.linear import LinearModel, ProximalGradient
from polytask.linear.build import build
from polytask.linear.penalties import Penalty, Positive, Quadratic
from polytask.linear.solvers import automatic

ALL = [penalty for one in classes(Penalty) for penalty in one.examples()]
every = pytest.mark.parametrize("penalty", ALL, ids=repr)
convex = pytest.mark.parametrize("penalty", [p for p in ALL if p.convex], ids=repr)
priced = pytest.mark.parametrize("penalty", [p for p in ALL if p.alpha > 0], ids=repr)
bounded = pytest.mark.parametrize("penalty", [p for p in ALL if p.alpha > 0 and p.convex], ids=repr)
quadratic = pytest.mark.parametrize(
    "penalty", [p for p in ALL if isinstance(p, Quadratic)], ids=repr
)

STEP = 0.7


def matrix(seed=0, d=5, P=3):
    return np.random.default_rng(seed).normal(size=(d, P))


def table(seed=0, n=40, d=6, T=3, holes=0.3):
    """Labels with holes; inputs with a constant column and a mean."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) + 1
    X[:, 2] = 4
    Y = X @ rng.normal(size=(d, T)) + rng.normal(size=(n, T)) + 5
    return X, np.where(rng.random((n, T)) < holes, np.nan, Y)


def fit(penalty, X, Y, **options):
    options = {"tol": 1e-10, "max_iter": 100_000} | options
    return LinearModel(penalty, **options).fit(X, Y)


# -- the value, the step and the dual -----------------------------------------------------------


@every
def test_nothing_costs_nothing_and_nothing_is_moved(penalty):
    zero = np.zeros((4, 3))
    assert penalty.value(zero) == 0
    np.testing.assert_array_equal(penalty.prox(zero, STEP), zero)


@convex
def test_the_value_is_convex_and_never_negative(penalty):
    for seed in range(20):
        A, B = matrix(seed), matrix(seed + 100)
        a, b = penalty.value(A), penalty.value(B)
        assert min(a, b) >= 0
        assert penalty.value((A + B) / 2) <= (a + b) / 2 + 1e-12


@every
@pytest.mark.parametrize("size", [1.0, 1e-3])
def test_the_step_is_a_minimiser_against_random_neighbours(penalty, size):
    rng = np.random.default_rng(1)
    W = matrix()

    def cost(V):
        return 0.5 * np.sum((V - W) ** 2) + STEP * penalty.value(V)

    best = penalty.prox(W, STEP)
    for _ in range(200):
        assert cost(best) <= cost(best + size * rng.normal(size=W.shape)) + 1e-12


@convex
def test_a_step_brings_points_together(penalty):
    for seed in range(20):
        A, B = matrix(seed), matrix(seed + 50)
        moved = penalty.prox(A, STEP) - penalty.prox(B, STEP)
        assert np.linalg.norm(moved) <= np.linalg.norm(A - B) + 1e-12


@bounded
def test_value_and_conjugate_bound_every_inner_product(penalty):
    for seed in range(50):
        W, V = matrix(seed), matrix(seed + 100) * 10.0 ** (seed % 5 - 2)
        V = penalty.feasible(V) * V
        assert np.sum(W * V) <= penalty.value(W) + penalty.conjugate(V) + 1e-9


@bounded
def test_the_step_attains_the_conjugate(penalty):
    # Moreau: (W - prox W) / step is a subgradient at prox W, where the bound is an equality
    W = matrix()
    V = penalty.prox(W, STEP)
    S = (W - V) / STEP
    share = penalty.feasible(S)
    assert share == pytest.approx(1, abs=1e-9)
    assert np.sum(V * S) == pytest.approx(penalty.value(V) + penalty.conjugate(share * S), abs=1e-8)


@quadratic
def test_a_quadratic_penalty_is_its_matrix(penalty):
    W, R = matrix(), matrix(7)
    M = penalty.matrix(3)
    assert penalty.value(W) == pytest.approx(np.trace(W @ M @ W.T) / 2, abs=1e-12)
    np.testing.assert_allclose(penalty.gradient(W), W @ M, atol=1e-12)
    np.testing.assert_allclose(
        penalty.prox(W, STEP), W @ np.linalg.inv(np.eye(3) + STEP * M), atol=1e-12
    )
    for H in (gram(3), gram(1)):
        S = penalty.solve(H, R)
        left = np.column_stack([H[p % len(H)] @ S[:, p] for p in range(3)]) + S @ M
        np.testing.assert_allclose(left, R, atol=1e-10)


def gram(count):
    X = np.random.default_rng(3).normal(size=(count, 9, 5))
    return np.swapaxes(X, 1, 2) @ X


# -- strengths ----------------------------------------------------------------------------------


@priced
def test_alpha_max_is_where_the_coefficients_vanish(penalty):
    problem = build(Tasks.from_arrays(*table()))
    top = penalty.alpha_max(problem.null.gradient)
    solver = automatic(problem, penalty)
    if np.isinf(top):
        W = solver.solve(problem, penalty.replace(alpha=1e6), tol=1e-9).W
        assert np.any(W)
        return
    above = solver.solve(problem, penalty.replace(alpha=top * 1.0001), tol=1e-9)
    below = solver.solve(problem, penalty.replace(alpha=top * 0.99), tol=1e-9)
    assert not np.any(above.W)
    assert np.any(below.W)


@every
def test_the_grid_goes_from_strong_to_weak_and_can_be_pasted_back(penalty):
    problem = build(Tasks.from_arrays(*table()))
    grid = penalty.grid(problem)
    names = {one.__name__: one for one in classes(Penalty)}
    assert [eval(repr(one), names) for one in grid] == grid  # noqa: S307
    alphas = [one.alpha for one in grid]
    assert alphas == sorted(alphas, reverse=True)
    assert len(grid) in range(12, 30) or len(grid) == 1


@every
def test_a_path_has_a_line_for_every_value_of_the_second_strength(penalty):
    problem = build(Tasks.from_arrays(*table()))
    lines = penalty.lines(problem)
    assert len(lines) == 1 or penalty.second is not None
    for line in lines:
        path = line.along(problem, points=5, weakest=1e-2 * max(line.spans))
        if len(path) == 1:
            continue  # no penalty: nothing varies
        alphas = np.array([one.alpha for one in path])
        np.testing.assert_allclose(alphas[:-1] / alphas[1:], 10**0.5, rtol=1e-4)
        second = [one.get_params()[penalty.second] if penalty.second else 1.0 for one in path]
        assert np.ptp(second) == 0 or np.ptp(second / alphas) < 1e-4  # it stays, or falls along


@every
def test_values_of_a_second_strength_are_taken_or_refused_by_name(penalty):
    problem = build(Tasks.from_arrays(*table()))
    if penalty.second is None:
        with pytest.raises(ParameterError, match=f"{type(penalty).__name__} has one strength"):
            penalty.lines(problem, (0.5,))
    else:
        values = {"gamma": (3.0, 2.5), "h": (2, 1)}.get(penalty.second, (0.8, 0.5))
        found = [one.get_params()[penalty.second] for one in penalty.lines(problem, values)]
        assert tuple(found) == values


@priced
def test_a_strength_below_zero_or_no_number_is_refused(penalty):
    for alpha in (-1.0, np.nan, np.inf):
        with pytest.raises(ParameterError, match=r"alpha >= 0. Found alpha="):
            penalty.replace(alpha=alpha)


@priced
def test_a_strength_of_zero_is_no_penalty(penalty):
    if isinstance(penalty, Positive):
        pytest.skip("it refuses a strength of zero: tests/linear/penalties/test_positive.py")
    X, Y = table(holes=0)
    free = fit(penalty.replace(alpha=0.0), X, Y)
    Z = np.column_stack([np.ones(len(X)), np.delete(X, 2, axis=1)])
    expected = np.linalg.lstsq(Z, Y)[0][1:].T
    np.testing.assert_allclose(np.delete(free.coef_, 2, axis=1), expected, atol=1e-8)


@every
def test_a_penalty_is_a_value(penalty):
    assert pickle.loads(pickle.dumps(penalty)) == penalty
    assert penalty.replace() == penalty
    assert hash(penalty) == hash(penalty.replace())


# -- what fits with it obey ---------------------------------------------------------------------


@convex
def test_the_certificate_bounds_how_far_the_objective_is_from_the_optimum(penalty):
    problem = build(Tasks.from_arrays(*table()))
    bound = penalty.bound(problem.outputs)
    best = ProximalGradient().solve(problem, bound, tol=1e-12, max_iter=200_000)
    for tol in (1e-1, 1e-3, 1e-6):
        rough = ProximalGradient(every=1).solve(problem, bound, tol=tol)
        assert rough.gap >= 0
        assert rough.objective - best.objective <= rough.gap + 1e-12 * problem.null.value
        assert rough.converged == (rough.gap <= tol * problem.null.value)
    assert best.gap <= 1e-10 * problem.null.value


@every
def test_warm_and_cold_starts_end_at_the_same_place(penalty):
    X, Y = table()
    cold = fit(penalty, X, Y)
    warm = LinearModel(penalty, tol=1e-10, max_iter=100_000, warm_start=True)
    warm.fit(X, Y + 1 + X[:, :1]).fit(X, Y)
    np.testing.assert_allclose(warm.coef_, cold.coef_, atol=2e-4)
    assert warm.objective_ == pytest.approx(cold.objective_, rel=1e-9)


@every
def test_centring_by_hand_is_fit_intercept(penalty):
    X, Y = table(holes=0)
    by_hand = fit(penalty, X - X.mean(0), Y - Y.mean(0), fit_intercept=False)
    free = fit(penalty, X, Y)
    np.testing.assert_allclose(by_hand.coef_, free.coef_, atol=2e-4)
    assert by_hand.objective_ == pytest.approx(free.objective_, rel=1e-9)
    np.testing.assert_allclose(free.intercept_, Y.mean(0) - free.coef_ @ X.mean(0), atol=1e-8)


@every
def test_scaling_by_hand_is_scale(penalty):
    X, Y = table()
    std = X.std(axis=0)
    std[2] = 1
    by_hand = fit(penalty, X / std, Y)
    scaled = fit(penalty, X, Y, scale=True)
    assert by_hand.objective_ == pytest.approx(scaled.objective_, rel=1e-9)
    np.testing.assert_allclose(by_hand.coef_ / std, scaled.coef_, atol=2e-4)


@every
def test_one_task_is_the_method_for_one_task(penalty):
    X, Y = table(holes=0)
    one = fit(penalty, X, Y[:, 0])
    column = fit(penalty, X, Y[:, [0]])
    np.testing.assert_array_equal(one.coef_, column.coef_)
    assert one.predict(X).shape == (len(X),)


@every
def test_a_path_is_single_fits_from_a_warm_start(penalty):
    data = Tasks.from_arrays(*table())
    model = LinearModel(penalty, tol=1e-10, max_iter=100_000)
    some = model.grid(data)[::5]
    for params, done in zip(some, model.fit_path(data, some), strict=True):
        alone = LinearModel(params["penalty"], tol=1e-10, max_iter=100_000).fit(data)
        assert done.objective_ == pytest.approx(alone.objective_, rel=1e-8)
        np.testing.assert_allclose(done.coef_, alone.coef_, atol=1e-3)


@every
def test_rows_or_statistics_give_the_same_answer(penalty):
    # fewer rows than features are solved from the rows, the same rows twice from their Gram
    X, Y = table(n=12, d=20, holes=0)
    if penalty.alpha == 0:
        pytest.skip("without a price the solution is not unique here")
    rows, statistics = fit(penalty, X, Y), fit(penalty, np.vstack([X, X]), np.vstack([Y, Y]))
    assert type(build(Tasks.from_arrays(X, Y)).parts[0]).__name__ == "TablePart"
    assert rows.objective_ == pytest.approx(statistics.objective_, rel=1e-8)
