"""Support vector machines: scikit-learn's for one task, the paper's dual for several."""

import cvxpy as cp
import numpy as np
import pytest
from laws.found import classes
from linear import losses
from scipy import sparse
from sklearn.svm import SVC, LinearSVC

from polytask import Tasks
from polytask.errors import UnsupportedError
from polytask.linear import (
    L1,
    L2,
    LBFGS,
    Clustered,
    GraphLaplacian,
    Hinge,
    LinearClassifier,
    LinearModel,
    MeanRegularised,
    Newton,
    NoPenalty,
    Quadratic,
    Split,
    SquaredHinge,
    TemporalSmooth,
    Weighted,
)
from polytask.linear.penalties import Penalty

QUADRATIC = [
    L2(0.1),
    L2(1e-4),
    MeanRegularised(0.3, 1.0),
    MeanRegularised(0.3, 0.5, groups=(0, 1, 1, 0)),
    Clustered(0.3, groups=((0, 1), (2, 3))),
    TemporalSmooth(0.3, 0.1),
    GraphLaplacian(0.3, 0.1, edges=((0, 3), (1, 2, -0.5))),
]


def fitted(data, penalty, **options):
    return LinearModel(penalty, **{"datafit": Hinge(), "tol": 1e-10} | options).fit(data)


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("penalty", QUADRATIC, ids=repr)
def test_every_quadratic_penalty_reaches_the_optimum_of_cvxpy(penalty, fit_intercept):
    sets = losses.tables("binary")
    group = getattr(penalty, "groups", None) if isinstance(penalty, MeanRegularised) else None
    expected, _ = losses.optimum(
        sets, dict.fromkeys(sets, Hinge()), penalty, group=group, fit_intercept=fit_intercept
    )
    model = fitted(losses.stacked(sets, "binary"), penalty, fit_intercept=fit_intercept)
    assert model.solution_.converged
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


WEIGHTS = [((1.0, 0.5, 2.0, 1.5, 0.8), None), (None, (2.0, 1.0, 0.6, 1.3)), ({0: 3.0}, {1: 0.5})]


@pytest.mark.parametrize(("features", "tasks"), WEIGHTS, ids=str)
@pytest.mark.parametrize("penalty", [L2(0.1), MeanRegularised(0.3, 1.0)], ids=repr)
def test_weights_of_features_and_tasks_reach_the_optimum_of_cvxpy(penalty, features, tasks):
    sets = losses.tables("binary")
    whole = Weighted(penalty, features, tasks)
    expected, _ = losses.optimum(sets, dict.fromkeys(sets, Hinge()), whole)
    model = fitted(losses.stacked(sets, "binary"), whole)
    assert model.solution_.converged
    assert model.objective_ == pytest.approx(expected, rel=1e-6)


def test_weights_around_what_the_hinge_loss_does_not_take_are_refused_by_name():
    with pytest.raises(UnsupportedError, match=r"quadratic penalty .* under Weighted. Found L1"):
        fitted(losses.stacked(losses.tables("binary"), "binary"), Weighted(L1(0.1), {0: 2.0}))


def one_task(seed=0, n=80, d=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, losses.labels("binary", X @ rng.normal(size=d), rng), rng.integers(1, 4, n)


@pytest.mark.parametrize("c", [0.01, 1.0, 100.0])
def test_with_ridge_it_is_the_support_vector_machine(c):
    X, y, weight = one_task()
    svc = SVC(kernel="linear", C=c, tol=1e-8).fit(X, y, sample_weight=weight)
    ours = LinearClassifier(L2(1 / (c * weight.sum())), datafit=Hinge(), tol=1e-10)
    ours.fit(X, y, sample_weight=weight)
    np.testing.assert_allclose(ours.coef_, svc.coef_, atol=2e-4 * np.abs(svc.coef_).max())
    np.testing.assert_allclose(
        X @ ours.coef_[0] + ours.intercept_, svc.decision_function(X), atol=2e-3
    )


def test_without_intercept_it_is_the_linear_svc():
    X, y, _ = one_task()
    svc = LinearSVC(C=0.5, loss="hinge", fit_intercept=False, tol=1e-10, max_iter=1_000_000)
    svc.fit(X, y)
    ours = LinearClassifier(L2(1 / (0.5 * 80)), datafit=Hinge(), fit_intercept=False, tol=1e-12)
    np.testing.assert_allclose(ours.fit(X, y).coef_, svc.coef_, atol=1e-5)


# -- regularised multi-task learning, in the paper's units --------------------------------------


def machine(sets, l1, l2):
    """sum of losses + (l1 / T) sum |v_t|^2 + l2 |w_0|^2, rows of all tasks equal."""
    T, n = len(sets), len(next(iter(sets.values()))[1])
    # our objective is that of the paper divided by n
    penalty = MeanRegularised(2 * l1 / T / n, ratio=T * l2 / l1)
    return fitted(losses.stacked(sets, "binary"), penalty, fit_intercept=False, tol=1e-12)


def equal_tables(T=3, n=15):
    sets = losses.tables("binary", sizes={f"t{t}": n for t in range(T)})
    return {name: (X - X.mean(axis=0), y) for name, (X, y) in sets.items()}


def dual(sets, l1, l2):
    """The paper's dual: 0 <= alpha <= C, kernel (1/mu + delta_st) x'z; coefficients (T, d)."""
    T = len(sets)
    mu, C = T * l2 / l1, T / (2 * l1)
    X = np.vstack([X for X, _ in sets.values()])
    s = np.concatenate([2 * y - 1 for _, y in sets.values()])
    task = np.repeat(np.arange(T), [len(y) for _, y in sets.values()])
    # columns x / sqrt(mu), and x again in the task's own place: the kernel's feature map
    own = np.hstack([X * (task == t)[:, None] for t in range(T)])
    Z = np.hstack([X / np.sqrt(mu), own]) * s[:, None]
    alpha = cp.Variable(len(s))
    value = cp.sum(alpha) - 0.5 * cp.sum_squares(Z.T @ alpha)
    cp.Problem(cp.Maximize(value), [alpha >= 0, alpha <= C]).solve(solver="CLARABEL")
    shared = X.T @ (alpha.value * s) / mu
    return np.stack([shared + X[task == t].T @ (alpha.value * s)[task == t] for t in range(T)])


@pytest.mark.parametrize(("l1", "l2"), [(2.0, 1.0), (0.5, 2.0), (10.0, 0.3)])
def test_mean_regularisation_is_the_paper_s_dual(l1, l2):
    sets = equal_tables()
    np.testing.assert_allclose(machine(sets, l1, l2).coef_, dual(sets, l1, l2), atol=2e-5)


def test_a_dear_mean_is_a_machine_per_task_and_a_dear_deviation_one_for_all():
    sets = equal_tables()
    for l1, l2, groups in ((2.0, 1e6, [["t0"], ["t1"], ["t2"]]), (1e6, 1.0, [["t0", "t1", "t2"]])):
        coef = dict(zip(sets, machine(sets, l1, l2).coef_))
        c = len(sets) / (2 * l1) if len(groups) > 1 else 1 / (2 * l2)
        for names in groups:
            X, y = (np.concatenate([sets[name][k] for name in names]) for k in (0, 1))
            svc = LinearSVC(C=c, loss="hinge", fit_intercept=False, tol=1e-10, max_iter=1_000_000)
            svc.fit(X, y)
            for name in names:
                np.testing.assert_allclose(coef[name], svc.coef_[0], atol=1e-3)


def test_the_mean_is_shown_and_a_new_task_leans_on_it():
    sets = equal_tables(n=30)
    model = fitted(losses.stacked(sets, "binary"), MeanRegularised(0.1, 0.1))
    assert model.mean_.shape == (5,)
    near = model.adapt(*next(iter(sets.values())))
    assert near.score(*next(iter(sets.values()))) > 0.6


# -- data shapes, refusals ----------------------------------------------------------------------


def test_holes_sparse_inputs_and_classes_beyond_two():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 4))
    Y = np.column_stack([losses.labels("multiclass", X[:, t], rng) for t in range(2)])
    Y[rng.random(Y.shape) < 0.3] = np.nan
    dense = Tasks.from_arrays(X, Y, kinds="multiclass")
    thin = Tasks.from_arrays(sparse.csr_array(X), Y, kinds="multiclass")
    one, two = fitted(dense, MeanRegularised(0.1)), fitted(thin, MeanRegularised(0.1))
    assert one.coef_.shape == (6, 4)
    np.testing.assert_allclose(one.coef_, two.coef_, atol=1e-6)
    assert one.score(dense) > 0.6


@pytest.mark.parametrize(
    "penalty",
    [
        next(iter(one.examples()))
        for one in classes(Penalty)
        if not issubclass(one, Quadratic) or one is NoPenalty
    ]
    + [MeanRegularised(0.1, 0.0), L2(0.0), Split(L1(0.1), L2(0.1))],
    ids=repr,
)
def test_other_penalties_are_refused_by_name_and_another_loss_is_offered(penalty):
    X, y, _ = one_task()
    with pytest.raises(UnsupportedError, match=r"needs a quadratic.*Found \w+\..*SquaredHinge"):
        LinearClassifier(penalty, datafit=Hinge()).fit(X, y)


@pytest.mark.parametrize("solver", [LBFGS(), Newton()], ids=repr)
def test_solvers_of_smooth_losses_refuse_it(solver):
    X, y, _ = one_task()
    with pytest.raises(UnsupportedError, match=r"needs losses with a derivative\. Found Hinge"):
        LinearClassifier(L2(0.1), datafit=Hinge(), solver=solver).fit(X, y)


def test_beside_other_losses_it_is_refused_and_its_square_is_not():
    sets = losses.tables("binary")
    data = losses.stacked(sets, "binary")
    with pytest.raises(UnsupportedError, match="SquaredHinge beside other losses"):
        LinearModel(L2(0.1), datafit={"a": Hinge()}).fit(data)
    assert LinearModel(L2(0.1), datafit={"a": SquaredHinge()}).fit(data).solution_.converged


def test_one_class_alone_costs_nothing():
    X, _, _ = one_task()
    data = Tasks.from_arrays(X, np.ones((80, 1)), kinds=losses.KINDS["binary"])
    model = fitted(data, L2(0.1))
    assert model.objective_ == pytest.approx(0, abs=1e-10)
    assert model.predict(X).all()
