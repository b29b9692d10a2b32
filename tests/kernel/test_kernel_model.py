"""Kernelised models: the linear kernel is the primal, one task is kernel ridge, cvxpy agrees."""

import cvxpy as cp
import numpy as np
import pytest
from scipy import sparse
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge

from polytask import Tasks
from polytask.errors import ParameterError
from polytask.kernel import RBF, KernelModel, Laplacian, Linear, Polynomial
from polytask.linear import L2, LinearClassifier, LinearModel, MeanRegularised, SquaredTraceNorm


def table(seed=0, n=40, d=3, T=3, holes=0.3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    F = np.sin(2 * X) @ rng.normal(size=(d, 1)) @ rng.normal(size=(1, T)) + 2
    Y = F + 0.1 * rng.normal(size=(n, T))
    return X, np.where(rng.random(Y.shape) < holes, np.nan, Y)


def feature_learning(alpha=0.05, **options):
    return LinearModel(SquaredTraceNorm(alpha), tol=1e-10, **options)


@pytest.mark.parametrize("holes", [0, 0.3])
def test_the_linear_kernel_is_the_primal(holes):
    for d in (3, 60):  # fewer and more columns than rows
        X, Y = table(d=d, holes=holes)
        primal = feature_learning().fit(X, Y)
        dual = KernelModel(feature_learning(), Linear()).fit(X, Y)
        labelled = np.isfinite(Y).any(axis=1).sum()
        assert dual.map_.root.shape[1] == min(d, labelled)
        assert dual.model_.objective_ == pytest.approx(primal.objective_, rel=1e-8)
        np.testing.assert_allclose(dual.predict(X), primal.predict(X), atol=1e-4)


@pytest.mark.parametrize("kernel", [RBF(0.7), Laplacian(0.3), Polynomial(2, gamma=0.5)])
def test_one_task_is_kernel_ridge(kernel):
    X, Y = table(holes=0)
    y, new = Y[:, 0], table(1)[0]
    inner = feature_learning(0.02, fit_intercept=False)
    found = KernelModel(inner, kernel).fit(X, y)
    theirs = KernelRidge(alpha=0.02 * len(X), kernel="precomputed").fit(kernel(X, X), y)
    # a gap of 1e-10 leaves about its root in the predictions
    np.testing.assert_allclose(found.predict(new), theirs.predict(kernel(new, X)), atol=2e-5)


def test_kernelised_feature_learning_has_the_objective_of_cvxpy():
    X, Y = table(n=18)
    found = KernelModel(feature_learning(0.1, fit_intercept=False), RBF(0.7)).fit(X, Y)
    K = RBF(0.7)(X, X)
    values, vectors = np.linalg.eigh(K)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    C = cp.Variable(
        (18, 3)
    )  # w_t = sum_i C_it phi(x_i), so the singular values are those of root C
    loss = 0
    for t in range(3):
        seen = np.isfinite(Y[:, t])
        loss += cp.sum_squares(Y[seen, t] - K[seen] @ C[:, t]) / (2 * seen.sum())
    problem = cp.Problem(cp.Minimize(loss + 0.05 * cp.square(cp.normNuc(root @ C))))
    problem.solve(solver="CLARABEL")
    assert found.model_.objective_ == pytest.approx(problem.value, rel=1e-5)


def test_all_landmarks_are_exact_and_span_as_much_as_scikit_learns():
    X, _ = table()
    ours = KernelModel(kernel=RBF(0.7)).fit(X, X[:, 0])
    theirs = Nystroem(gamma=0.7, n_components=40, random_state=0).fit_transform(X)
    Z = ours.map_.features(X, RBF(0.7))
    np.testing.assert_allclose(Z @ Z.T, theirs @ theirs.T, atol=1e-8)
    assert Z.shape == (40, 40)


def test_more_landmarks_come_nearer():
    X, Y = table(n=80)
    exact = KernelModel(feature_learning(), RBF(0.3)).fit(X, Y).predict(X)
    for choose in ("pivoted", "kmeans++", "uniform"):
        gaps = []
        for count in (5, 20, 60, 80):
            some = KernelModel(feature_learning(), RBF(0.3), landmarks=count, choose=choose)
            gaps.append(np.abs(some.fit(X, Y).predict(X) - exact).max())
        assert gaps[0] > gaps[2] > gaps[3]
        assert gaps[3] < 1e-4


def test_it_bends_where_a_linear_model_cannot():
    X, Y = table(n=150)
    new = np.random.default_rng(1).normal(size=(200, 3))
    rng = np.random.default_rng(0)  # the same cause as in the training rows
    rng.normal(size=(150, 3))
    truth = np.sin(2 * new) @ rng.normal(size=(3, 1)) @ rng.normal(size=(1, 3)) + 2
    linear = LinearModel(SquaredTraceNorm(1e-3)).fit(X, Y).score(new, truth)
    bent = KernelModel(LinearModel(SquaredTraceNorm(1e-3)), RBF(0.5)).fit(X, Y).score(new, truth)
    assert bent > 0.85 > linear + 0.2


def test_rows_without_a_label_are_no_landmarks():
    X, Y = table()
    Y[:15] = np.nan
    found = KernelModel(kernel=RBF(0.7)).fit(X, Y)
    assert len(found.map_.landmarks) <= 25


def test_units_do_not_matter_where_columns_are_scaled():
    X, Y = table()
    unit = np.array([1, 1000, 0.01])
    model = KernelModel(feature_learning(), RBF(0.3), scale=True)
    a, b = model.fit(X, Y).predict(X), model.fit(X * unit, Y).predict(X * unit)
    np.testing.assert_allclose(a, b, atol=1e-5)


def test_a_sparse_table_gives_the_same():
    X, Y = table()
    X[np.abs(X) < 0.3] = 0
    for scale in (False, True):
        model = KernelModel(feature_learning(), RBF(0.3), scale=scale)
        dense = model.fit(X, Y).predict(X)
        for form in (sparse.csr_array(X), sparse.csc_matrix(X)):
            np.testing.assert_allclose(model.fit(form, Y).predict(form), dense, atol=1e-5)


def test_a_new_task_is_learnt_in_the_directions_of_the_old_ones():
    X, Y = table(n=80, holes=0)
    found = KernelModel(LinearModel(SquaredTraceNorm(1e-3)), RBF(0.5)).fit(X[:70], Y[:70])
    new = found.adapt(X[:4], -2 * Y[:4, 0])
    alone = KernelModel(LinearModel(L2(1e-3)), RBF(0.5)).fit(X[:4], -2 * Y[:4, 0])
    truth = -2 * Y[70:, 0]
    assert np.mean((new.predict(X[70:]) - truth) ** 2) < 0.2 * np.mean(
        (alone.predict(X[70:]) - truth) ** 2
    )


def test_kinds_may_mix_and_a_classifier_has_its_classes():
    X, Y = table(holes=0)
    data = Tasks.from_arrays(
        X, np.column_stack([Y[:, 0], Y[:, 1] > 2]), kinds={"y0": "regression", "y1": "binary"}
    )
    found = KernelModel(LinearModel(MeanRegularised(0.1))).fit(data).predict_each(data)
    assert (found["y0"].shape, found["y1"].shape) == ((40,), (40, 2))
    sorts = KernelModel(LinearClassifier(L2(0.01))).fit(X, np.where(Y[:, 0] > 2, "up", "down"))
    assert set(sorts.predict(X)) == {"up", "down"}
    # the inside of a ball is no half space
    ring = np.linalg.norm(X, axis=1) > 1.5
    assert KernelModel(LinearClassifier(L2(1e-3))).fit(X, ring).score(X, ring) > 0.95
    assert LinearClassifier(L2(1e-3)).fit(X, ring).score(X, ring) < 0.85


def test_the_grid_has_every_kernel_with_every_strength():
    X, Y = table()
    data = Tasks.from_arrays(X, Y)
    model = KernelModel(LinearModel(SquaredTraceNorm()))
    grid = model.grid(data)
    kernels = list(dict.fromkeys(one["kernel"] for one in grid))
    assert len(kernels) == 4 and len(grid) == 4 * len(LinearModel(SquaredTraceNorm()).grid(data))
    assert [one.gamma for one in kernels] == sorted(one.gamma for one in kernels)
    some = [grid[3], grid[5], grid[-1], {"landmarks": 7}]
    for params, fitted in zip(some, model.fit_path(data, some), strict=True):
        alone = KernelModel(LinearModel(SquaredTraceNorm())).set_params(**params).fit(data)
        assert repr(fitted) == repr(alone)
        np.testing.assert_allclose(fitted.predict(X), alone.predict(X), atol=2e-2)
    assert model.set_params(kernel__gamma=3.0).kernel == RBF(3.0)


@pytest.mark.parametrize(
    "options", [{"kernel": "rbf"}, {"landmarks": 0}, {"choose": "best"}, {"tol": 0}]
)
def test_options_out_of_range_are_named(options):
    with pytest.raises(ParameterError, match=next(iter(options))):
        KernelModel(**options).fit(*table())
