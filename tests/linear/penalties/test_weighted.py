"""Weights of features and tasks: a change of units, whatever the penalty."""

import cvxpy as cp
import numpy as np
import pytest
from laws.found import classes
from linear import oracle
from linear.structured import units

from polytask import Tasks
from polytask.errors import ParameterError, TaskError, UnsupportedError
from polytask.linear import (
    ASO,
    L1,
    L21,
    MCP,
    ElasticNet,
    GraphFused,
    GroupLasso,
    L1Linf,
    LinearClassifier,
    LinearModel,
    MeanRegularised,
    PerTask,
    ProximalGradient,
    Split,
    SquaredTraceNorm,
    TaskwiseGroupLasso,
    TraceNorm,
    Weighted,
)
from polytask.linear.build import build
from polytask.linear.penalties import Penalty

F = (1.0, 0.5, 2.0, 1.5, 0.8)
D = (2.0, 1.0, 0.6, 1.3)
INSIDE = [next(iter(one.examples())) for one in classes(Penalty)]
INSIDE = [one for one in INSIDE if one.convex and not isinstance(one, (PerTask, Weighted))]
each = pytest.mark.parametrize("penalty", INSIDE, ids=repr)


def table(seed=0, n=60, d=5, T=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X @ rng.normal(size=(d, T)) + rng.normal(size=(n, T))


# -- against a formula written again ------------------------------------------------------------


@each
def test_every_penalty_with_both_weights_agrees_with_cvxpy(penalty):
    sets = oracle.regression()
    kinds = dict.fromkeys(sets, "regression")
    whole = Weighted(penalty, F, D)
    expected, _ = oracle.optimum(sets, kinds, whole)
    model = LinearModel(whole, tol=1e-9, max_iter=200_000).fit(oracle.tasks(sets, kinds))
    assert model.solution_.converged
    assert model.objective_ == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize("penalty", [L21(0.1), L1Linf(0.1), TraceNorm(0.1)], ids=repr)
def test_losses_of_classes_agree_with_cvxpy(penalty):
    for sets, word in ((oracle.binary(), "binary"), (oracle.multiclass(), "multiclass")):
        kinds = dict.fromkeys(sets, word)
        whole = Weighted(penalty, F, ((1, 2.5), (0, 0.7)))
        expected, _ = oracle.optimum(sets, kinds, whole)
        model = LinearModel(whole, tol=1e-9, max_iter=200_000).fit(oracle.tasks(sets, kinds))
        assert model.objective_ == pytest.approx(expected, rel=1e-6)


STEPS = [
    Weighted(L1(0.4), F, D),
    Weighted(ElasticNet(0.4, 0.6), F, D),
    Weighted(L21(0.4), F),
    Weighted(L21(0.4), F, D),
    Weighted(L1Linf(0.4), F, D),
    Weighted(GraphFused(0.3, 0.5, edges=((0, 1), (1, 2), (2, 3))), F),
    Weighted(TaskwiseGroupLasso(0.4, ((0, 1), (2, 3))), tasks=D),
    Weighted(GroupLasso(0.4, ((0, 1), (2, 3))), F, D),
    Weighted(TraceNorm(0.4), F, D),
    Weighted(MeanRegularised(0.4), F, D),
]


@pytest.mark.parametrize("penalty", STEPS, ids=repr)
def test_the_step_is_that_of_cvxpy(penalty):
    W = np.random.default_rng(0).normal(size=(5, 4)) * 2
    V = cp.Variable(W.shape)
    cost = cp.sum_squares(V - W) / 2 + 0.7 * oracle.price(V, penalty)
    best = cp.Problem(cp.Minimize(cost)).solve(solver="CLARABEL")
    found = penalty.prox(W, 0.7)
    # the oracle's coefficients have four digits, its cost eight
    np.testing.assert_allclose(found, V.value, atol=2e-4)
    V.value = found
    assert cost.value <= best * (1 + 1e-9)


# -- what it is, said another way ---------------------------------------------------------------


def test_weights_of_features_are_scales_of_columns():
    X, Y = table()
    plain = LinearModel(L21(0.2), tol=1e-12).fit(X / F, Y)
    whole = LinearModel(Weighted(L21(0.2), F), tol=1e-12).fit(X, Y)
    np.testing.assert_allclose(whole.coef_, plain.coef_ / F, atol=1e-8)
    assert whole.objective_ == pytest.approx(plain.objective_, rel=1e-12)


def test_weights_of_tasks_are_scales_of_labels():
    # a (y - f)^2 + |w d| is a/d^2 (d y - f')^2 + |w'|: other labels, other weights of tasks
    X, Y = table()
    d = np.array([2.0, 1.0, 0.5])
    plain = LinearModel(L21(0.2), tol=1e-12, task_weight=1 / d**2).fit(X, Y * d)
    whole = LinearModel(Weighted(L21(0.2), tasks=d), tol=1e-12).fit(X, Y)
    np.testing.assert_allclose(whole.coef_, plain.coef_ / d[:, None], atol=1e-7)


def test_weights_of_groups_of_one_feature_are_weights_of_features():
    X, Y = table()
    groups = GroupLasso(0.2, tuple((j,) for j in range(5)), weights=F)
    by_group = LinearModel(groups, tol=1e-11, max_iter=50_000).fit(X, Y)
    by_feature = LinearModel(Weighted(L21(0.2), F), tol=1e-11).fit(X, Y)
    np.testing.assert_allclose(by_feature.coef_, by_group.coef_, atol=1e-5)


@pytest.mark.parametrize("penalty", [L21(0.1), TraceNorm(0.05), SquaredTraceNorm(0.1)], ids=repr)
def test_a_solver_that_only_knows_the_step_ends_at_the_same_place(penalty):
    X, Y = table()
    whole = Weighted(penalty, F, (1.5, 1.0, 0.8))
    best = LinearModel(whole, tol=1e-11, max_iter=50_000).fit(X, Y)
    steps = LinearModel(whole, solver=ProximalGradient(), tol=1e-9, max_iter=50_000).fit(X, Y)
    np.testing.assert_allclose(steps.coef_, best.coef_, atol=1e-4)
    assert steps.objective_ == pytest.approx(best.objective_, rel=1e-8)


def test_the_adaptive_lasso_finds_the_support_that_the_lasso_overshoots():
    rng = np.random.default_rng(1)
    X = (
        rng.normal(size=(200, 12))
        @ np.linalg.cholesky(0.5 ** np.abs(np.subtract.outer(*2 * (np.arange(12),)))).T
    )
    w = np.r_[3.0, 1.5, 0, 0, 2.0, np.zeros(7)]
    y = X @ w + rng.normal(size=200)
    first = np.linalg.lstsq(X, y, rcond=None)[0]
    adaptive = Weighted(L1(0.1), features=1 / np.abs(first))
    kept = np.flatnonzero(LinearModel(adaptive).fit(X, y).coef_)
    assert kept.tolist() == [0, 1, 4]
    assert np.count_nonzero(LinearModel(L1(0.03)).fit(X, y).coef_) > 3


# -- names, numbers and refusals ----------------------------------------------------------------


def test_tasks_are_weighed_by_name_by_position_and_by_place():
    X, Y = table()
    data = Tasks.from_arrays(X, Y, names=["a", "b", "c"])
    ways = ({"b": 2.0}, (("b", 2.0),), ((1, 2.0),), (1.0, 2.0, 1.0), [1, 2, 1])
    found = [LinearModel(Weighted(L21(0.2), tasks=way)).fit(data).coef_ for way in ways]
    for one in found[1:]:
        np.testing.assert_array_equal(one, found[0])
    with pytest.raises(TaskError, match="weights names 'x', which is no task"):
        LinearModel(Weighted(L21(0.2), tasks={"x": 2.0})).fit(data)
    with pytest.raises(ParameterError, match=r"2 weights of tasks. Found 3 tasks"):
        LinearModel(Weighted(L21(0.2), tasks=(1.0, 2.0))).fit(data)


def test_a_task_of_several_classes_weighs_in_all_its_outputs():
    sets = oracle.multiclass()
    data = oracle.tasks(sets, dict.fromkeys(sets, "multiclass"))
    by_task = LinearModel(Weighted(L21(0.05), tasks=(1.0, 3.0)), tol=1e-10).fit(data)
    by_output = LinearModel(Weighted(L21(0.05), tasks=(1.0,) * 3 + (3.0,) * 3), tol=1e-10).fit(data)
    np.testing.assert_array_equal(by_task.coef_, by_output.coef_)


def test_features_are_weighed_by_place_or_by_pairs_and_counted():
    X, Y = table()
    pairs = LinearModel(Weighted(L21(0.2), {1: 0.5, 3: 4.0})).fit(X, Y).coef_
    places = LinearModel(Weighted(L21(0.2), (1.0, 0.5, 1.0, 4.0, 1.0))).fit(X, Y).coef_
    np.testing.assert_array_equal(pairs, places)
    with pytest.raises(ParameterError, match=r"4 weights of features. Found 5 features"):
        LinearModel(Weighted(L21(0.2), F[:4])).fit(X, Y)
    with pytest.raises(ParameterError, match=r"names 7. Found 5 features"):
        LinearModel(Weighted(L21(0.2), {7: 2.0})).fit(X, Y)


@pytest.mark.parametrize("bad", [-1.0, np.inf, np.nan])
def test_a_weight_that_is_no_price_is_refused_with_what_to_do(bad):
    with pytest.raises(ParameterError, match=r"to forbid one, leave it out"):
        Weighted(L21(), features=(1.0, bad))
    for none in (bad, 0.0):
        with pytest.raises(ParameterError, match=r"0.01 makes its coefficients nearly free"):
            Weighted(L21(), tasks=(1.0, none))


def test_a_small_weight_makes_a_feature_nearly_free():
    X, Y = table()
    far = 0.9 * L21().alpha_max(build(Tasks.from_arrays(X, Y)).null.gradient)
    free = LinearModel(Weighted(L21(far), {0: 1e-3}), tol=1e-10).fit(X, Y).coef_
    assert np.all(free[:, 0] != 0)
    kept = free.any(axis=0)
    # with the others held where they are, the free one is where least squares has it
    rest = Y - X[:, 1:] @ free[:, 1:].T
    x = X[:, 0] - X[:, 0].mean()
    np.testing.assert_allclose(free[:, 0], x @ (rest - rest.mean(axis=0)) / (x @ x), rtol=0.02)
    assert kept.sum() < 5


def test_a_penalty_that_is_not_convex_takes_weights_by_itself():
    X, Y = table()
    whole = Weighted(MCP(0.3), F, (1.0, 2.0, 0.5))
    model = LinearModel(whole, scale=True).fit(X, Y)
    other = LinearModel(MCP(0.3), task_weight=1 / np.array([1.0, 2.0, 0.5]) ** 2)
    Z = (X - X.mean(axis=0)) / X.std(axis=0) / F
    same = other.fit(Z, Y * [1.0, 2.0, 0.5])
    assert model.objective_ == pytest.approx(same.objective_, rel=1e-6)
    with pytest.raises(UnsupportedError, match="MCP is not convex"):
        whole.prox(np.ones((5, 3)), 1.0)
    rows = Weighted(MCP(0.3), F).prox(np.ones((5, 3)), 0.5)
    assert rows.shape == (5, 3)


def test_it_works_inside_other_penalties_and_around_them():
    X, Y = table()
    split = LinearModel(Split(Weighted(L21(0.2), F), L1(0.15)), tol=1e-8, max_iter=50_000)
    assert split.fit(X, Y).solution_.converged
    dirty = LinearModel(Weighted(Split(L21(0.2), L1(0.15)), F), tol=1e-8).fit(X, Y)
    np.testing.assert_allclose(dirty.shared_coef_ + dirty.own_coef_, dirty.coef_, atol=1e-12)
    alone = LinearModel(PerTask(Weighted(L21(0.2), F, (2.0, 1.0, 1.0))), tol=1e-10).fit(X, Y)
    first = LinearModel(Weighted(L1(0.4), F), tol=1e-10).fit(X, Y[:, 0])
    np.testing.assert_allclose(alone.coef_[[0]], first.coef_, atol=1e-6)


def test_what_is_learned_is_in_the_units_of_the_inputs():
    X, Y = table()
    plain = LinearModel(SquaredTraceNorm(0.2), tol=1e-11).fit(X / F, Y)
    whole = LinearModel(Weighted(SquaredTraceNorm(0.2), F), tol=1e-11).fit(X, Y)
    ours, theirs = X @ whole.features_, (X / F) @ plain.features_
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-5)
    np.testing.assert_allclose(np.abs(whole.transform(X)), np.abs(theirs), atol=1e-5)
    new = whole.adapt(X[:20], Y[:20, 0])
    old = plain.adapt(X[:20] / F, Y[:20, 0])
    np.testing.assert_allclose(new.coef_, old.coef_ / F, atol=1e-4)


def test_a_structure_and_its_space_are_in_the_units_of_the_inputs_too():
    X, Y = table()
    plain = LinearModel(ASO(0.2, h=1, eta=0.1), tol=1e-9).fit(X / F, Y)
    whole = LinearModel(Weighted(ASO(0.2, h=1, eta=0.1), F), tol=1e-9).fit(X, Y)
    assert whole.objective_ == pytest.approx(plain.objective_, rel=1e-7)
    ours, theirs = X @ whole.structure_.T, (X / F) @ plain.structure_.T
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-3)


def test_it_is_searched_and_pasted_back():
    penalty = Weighted(L21(0.2), features=np.array(F), tasks={"a": 2})
    assert eval(repr(penalty)) == penalty  # noqa: S307
    assert penalty.replace(alpha=0.5).penalty == L21(0.5)
    assert penalty.replace(penalty__alpha=0.5) == penalty.replace(alpha=0.5)
    X, Y = table()
    problem = build(Tasks.from_arrays(X, Y))
    lines = Weighted(ElasticNet(), F).lines(problem, (0.9, 0.5))
    assert [one.penalty.l1_ratio for one in lines] == [0.9, 0.5]
    top = LinearModel(Weighted(L21(), F)).grid(Tasks.from_arrays(X, Y))[0]["penalty"]
    assert not LinearModel(top.replace(alpha=1.01 * top.alpha)).fit(X, Y).coef_.any()
    assert LinearModel(top.replace(alpha=0.99 * top.alpha)).fit(X, Y).coef_.any()


def test_units_of_the_oracle_are_those_of_the_library():
    whole = Weighted(L1(), F, ((1, 3.0),))
    assert whole.value(np.ones((5, 2))) == pytest.approx(units(whole, (5, 2)).sum())


def test_classifiers_take_it():
    X, Y = table()
    model = LinearClassifier(Weighted(L21(0.02), F, {"y1": 3.0}), tol=1e-8)
    assert model.fit(X, (Y > 0).astype(int)).solution_.converged
