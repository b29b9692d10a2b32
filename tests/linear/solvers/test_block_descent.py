"""Block descent: the same optimum by every form of the data, with less work."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import Lasso, MultiTaskLasso

from polytask import Tasks
from polytask.errors import ParameterError, UnsupportedError
from polytask.linear import (
    L1,
    L21,
    BlockDescent,
    ElasticL21,
    ElasticNet,
    GroupLasso,
    L1Linf,
    LinearModel,
    ProximalGradient,
    Split,
    TaskwiseGroupLasso,
    TraceNorm,
)
from polytask.linear.build import build
from polytask.linear.solvers import automatic, grams

TOL = 1e-9


def shared(n, d, T=3, seed=0):
    """A table with few features that matter, means far from zero, columns of unlike scales."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * rng.uniform(0.5, 2, size=d) + 3
    W = np.zeros((d, T))
    W[:4] = rng.normal(size=(4, T))
    return X, X @ W + rng.normal(size=(n, T)) + 1


def tables_of(d, sizes=(12, 30, 7), seed=1):
    rng = np.random.default_rng(seed)
    W = np.zeros((d, len(sizes)))
    W[:5] = rng.normal(size=(5, len(sizes)))
    tables = [rng.normal(size=(n, d)) + 2 for n in sizes]
    return [(X, X @ W[:, t] + rng.normal(size=len(X)) + t) for t, X in enumerate(tables)]


def separate(sizes=(12, 30, 7), d=40):
    return Tasks.stack({f"t{t}": one for t, one in enumerate(tables_of(d, sizes))})


def holes(n=30, d=60, T=4):
    X, Y = shared(n, d, T)
    Y[np.random.default_rng(3).random(Y.shape) < 0.3] = np.nan
    return Tasks.from_arrays(X, Y)


def thin(form, n, d):
    """A sparse table, a tenth of it filled."""
    X, Y = shared(n, d)
    return Tasks.from_arrays(form(X * (np.random.default_rng(4).random(X.shape) < 0.1)), Y)


DATA = {
    "shared, few rows": lambda: Tasks.from_arrays(*shared(30, 90)),
    "shared, many rows": lambda: Tasks.from_arrays(*shared(200, 90)),
    "own rows, few": lambda: separate((12, 9, 7), d=200),
    "own rows, many": lambda: separate((90, 30, 70)),
    "one table with holes": holes,
    "sparse, few rows": lambda: thin(sparse.csr_array, 60, 90),
    "sparse, many rows": lambda: thin(sparse.csc_array, 200, 90),
    "own rows, sparse": lambda: Tasks.stack(
        {f"t{t}": (sparse.csr_array(X * (X > 2)), y) for t, (X, y) in enumerate(tables_of(100))}
    ),
}
GROUPS = ((5, 0, 11), (3, 1), (20, 30))
PENALTIES = {
    "L21": L21(),
    "L1": L1(),
    "L1Linf": L1Linf(),
    "ElasticL21": ElasticL21(l1_ratio=0.8),
    "ElasticNet": ElasticNet(l1_ratio=0.8),
    "GroupLasso": GroupLasso(groups=GROUPS, weights=(1.5, 0.8, 1.2)),
    "TaskwiseGroupLasso": TaskwiseGroupLasso(groups=GROUPS),
    "Split of L21 and L1": Split(L21(1.0), L1(0.7)),
    "Split of L1 and L1Linf": Split(L1(0.5), L1Linf(1.0)),
}
penalties = pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)
tables = pytest.mark.parametrize("data", DATA)


def problem_of(data, **options):
    return build(DATA[data](), **options)


def strength(problem, penalty, share=0.1):
    return penalty.replace(alpha=share * penalty.alpha_max(problem.null.gradient))


@tables
@penalties
@pytest.mark.parametrize("options", [{}, {"fit_intercept": False}, {"scale": True}], ids=repr)
def test_it_ends_where_the_proximal_gradient_ends(data, penalty, options):
    problem = problem_of(data, **options)
    one = strength(problem, penalty)
    fast = BlockDescent(first=8).solve(problem, one, tol=TOL)
    slow = ProximalGradient().solve(problem, one, tol=TOL, max_iter=200_000)
    assert fast.converged
    assert abs(fast.objective - slow.objective) <= 1.1 * TOL * problem.null.value


@tables
@penalties
def test_leaving_features_out_changes_no_answer(data, penalty):
    problem = problem_of(data)
    one = strength(problem, penalty, 0.3)
    some = BlockDescent(first=8).solve(problem, one, tol=TOL)
    every = BlockDescent(first=problem.n_features).solve(problem, one, tol=TOL)
    assert some.screened > 0 and every.screened == 0
    # a loss curved by mu in the support turns a gap of TOL into sqrt(2 TOL / mu)
    np.testing.assert_allclose(some.W, every.W, atol=1e-3)
    assert abs(some.objective - every.objective) <= 1.1 * TOL * problem.null.value


@tables
@penalties
def test_a_warm_start_ends_where_a_cold_one_does(data, penalty):
    problem = problem_of(data)
    near = BlockDescent().solve(problem, strength(problem, penalty, 0.2), tol=TOL)
    one = strength(problem, penalty, 0.05)
    warm = BlockDescent(first=8).solve(problem, one, start=near.W, tol=TOL)
    cold = BlockDescent(first=8).solve(problem, one, tol=TOL)
    assert abs(warm.objective - cold.objective) <= 1.1 * TOL * problem.null.value


@pytest.mark.parametrize("shape", [(40, 120), (150, 30)], ids=["few rows", "many rows"])
def test_it_gives_the_coefficients_of_scikit_learn(shape):
    X, Y = shared(*shape)
    one = MultiTaskLasso(alpha=0.2, tol=1e-10, max_iter=100_000).fit(X, Y)
    ours = LinearModel(L21(0.2), solver=BlockDescent(), tol=1e-12).fit(X, Y)
    np.testing.assert_allclose(ours.coef_, one.coef_, atol=1e-6)
    np.testing.assert_allclose(ours.intercept_, one.intercept_, atol=1e-5)
    each = Lasso(alpha=0.2, tol=1e-10, max_iter=100_000).fit(X, Y)
    ours = LinearModel(L1(0.2), solver=BlockDescent(), tol=1e-12).fit(X, Y)
    np.testing.assert_allclose(ours.coef_, each.coef_, atol=1e-6)


def test_permuting_features_permutes_the_coefficients():
    X, Y = shared(30, 90)
    order = np.random.default_rng(5).permutation(90)
    one = LinearModel(L21(0.3), tol=1e-12).fit(X, Y)
    other = LinearModel(L21(0.3), tol=1e-12).fit(X[:, order], Y)
    np.testing.assert_allclose(other.coef_, one.coef_[:, order], atol=1e-5)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_layout_of_the_table_does_not_matter(order, dtype):
    X, Y = shared(30, 90)
    X = np.asarray(X, dtype=np.float32)
    want = LinearModel(L21(0.3), tol=1e-10).fit(X.astype(np.float64), Y)
    X = np.array(X, dtype=dtype, order=order)
    X.flags.writeable = False
    found = LinearModel(L21(0.3), tol=1e-10).fit(X, Y)
    np.testing.assert_allclose(found.coef_, want.coef_, atol=1e-6)


def test_weight_zero_is_an_absent_row():
    X, Y = shared(40, 90)
    weight = np.ones(40)
    weight[::4] = 0
    one = LinearModel(L21(0.3), tol=1e-12).fit(X, Y, sample_weight=weight)
    other = LinearModel(L21(0.3), tol=1e-12).fit(X[weight > 0], Y[weight > 0])
    np.testing.assert_allclose(one.coef_, other.coef_, atol=1e-6)


def test_at_the_strength_that_leaves_nothing_nothing_is_touched():
    problem = problem_of("shared, few rows")
    solution = BlockDescent().solve(problem, strength(problem, L21(), 1.0001))
    assert not solution.W.any()
    assert (solution.iterations, solution.screened) == (0, 90)


def test_a_column_without_variance_gets_no_coefficient():
    X, Y = shared(40, 90)
    X[:, 7] = 5.0
    assert not LinearModel(L21(0.01)).fit(X, Y).coef_[:, 7].any()


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_array, sparse.csr_matrix])
@pytest.mark.parametrize("scale", [True, False])
@penalties
def test_a_sparse_table_is_not_filled_and_gives_what_the_dense_one_gives(penalty, scale, form):
    X, Y = shared(30, 90)
    X[np.abs(X - 3) < 1.5] = 0
    one = penalty.replace(alpha=0.3)
    dense = LinearModel(one, tol=1e-12, scale=scale).fit(X, Y)
    thin = LinearModel(one, tol=1e-12, scale=scale).fit(form(X), Y)
    assert thin.objective_ == pytest.approx(dense.objective_, rel=1e-10)
    # fewer rows than chosen features leave a choice of W, but none of what it predicts
    np.testing.assert_allclose(thin.predict(form(X)), dense.predict(X), atol=1e-4)
    problem = build(Tasks.from_arrays(form(X), Y), scale=scale)
    assert automatic(problem, one) == BlockDescent()


def test_rows_of_weight_zero_do_not_matter_in_a_sparse_table():
    X, Y = shared(40, 90)
    X *= np.random.default_rng(2).random(X.shape) < 0.2
    weight = np.where(np.arange(40) % 4 == 0, 0.0, 1.0)
    one = LinearModel(L21(0.3), tol=1e-12).fit(sparse.csr_array(X), Y, sample_weight=weight)
    other = LinearModel(L21(0.3), tol=1e-12).fit(X[weight > 0], Y[weight > 0])
    np.testing.assert_allclose(one.coef_, other.coef_, atol=1e-6)


def test_a_penalty_that_ties_blocks_is_refused():
    with pytest.raises(UnsupportedError, match="takes sums over blocks of features"):
        BlockDescent().solve(problem_of("own rows, many"), TraceNorm(0.1))
    with pytest.raises(ParameterError, match="first >= 1"):
        BlockDescent(first=0)


def test_where_grams_would_be_too_large_first_order_steps_finish(monkeypatch):
    monkeypatch.setattr(grams, "LARGEST", 300)
    problem = problem_of("own rows, few")
    one = strength(problem, L21())
    solution = BlockDescent(first=8).solve(problem, one, tol=1e-7)
    assert solution.converged
    best = ProximalGradient().solve(problem, one, tol=1e-7)
    assert abs(solution.objective - best.objective) <= 1.1e-7 * problem.null.value


def test_the_linear_wing_loads_no_compiler_until_it_is_used():
    code = "import sys, polytask.linear as L; L.LinearModel; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
