"""Objectives agree with an independent solver for every penalty with every loss."""

import numpy as np
import pytest
from laws.found import classes
from linear import oracle

from polytask.linear import LinearModel, MeanRegularised, NoPenalty, SquaredTraceNorm
from polytask.linear.penalties import Penalty

PENALTIES = [penalty for one in classes(Penalty) for penalty in one.examples()]
# an optimum of the rest is not one number: tests/linear/penalties/test_concave.py
PENALTIES = [penalty for penalty in PENALTIES if penalty.convex]
# CLARABEL reaches 1e-8 on these sizes; the library is asked for 1e-9
TOL = 1e-9
AGREE = 1e-6


def fitted(sets, kinds, penalty):
    model = LinearModel(penalty, tol=TOL, max_iter=200_000)
    return model.fit(oracle.tasks(sets, kinds))


def noisy(table):
    X, y = table
    return X, np.where(np.arange(len(y)) % 3 == 0, 1 - y, y)


def check(sets, kinds, penalty, group=None):
    expected, W = oracle.optimum(sets, kinds, penalty, group=group)
    model = fitted(sets, kinds, penalty)
    assert model.solution_.converged
    assert model.objective_ == pytest.approx(expected, rel=AGREE)
    return model, W


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_squared_loss_agrees_with_cvxpy(penalty):
    sets = oracle.regression()
    check(sets, dict.fromkeys(sets, "regression"), penalty)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_logistic_loss_agrees_with_cvxpy(penalty):
    sets = oracle.binary()
    if isinstance(penalty, NoPenalty):
        sets = {"d": noisy(sets["d"])}  # classes that can be separated have no optimum
    check(sets, dict.fromkeys(sets, "binary"), penalty)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_multinomial_loss_agrees_with_cvxpy(penalty):
    sets = oracle.multiclass()
    group = (0, 1, 2, 0, 1, 2)  # a class shares its mean with the same class of the other task
    check(sets, dict.fromkeys(sets, "multiclass"), penalty, group)


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_kinds_mix_in_one_fit(penalty):
    numbers, sorts, many = oracle.regression(), oracle.binary(1), oracle.multiclass(2)
    sets = {"n": numbers["a"], "m": numbers["c"], "s": sorts["d"], "k": many["b"]}
    kinds = {"n": "regression", "m": "regression", "s": "binary", "k": "multiclass"}
    if isinstance(penalty, NoPenalty):
        pytest.skip("nothing ties the tasks: covered one by one")
    check(sets, kinds, penalty, group=(0, 0, 1, 2, 3, 4))


def test_feature_learning_does_not_stop_where_the_alternation_does():
    rng = np.random.default_rng(5)
    basis = rng.normal(size=(8, 3))
    sets = {}
    for t in range(6):
        X = rng.normal(size=(20, 8))
        sets[f"t{t}"] = (X, X @ basis @ rng.normal(size=3) + rng.normal(size=20))
    penalty = SquaredTraceNorm(0.2)
    model, W = check(sets, dict.fromkeys(sets, "regression"), penalty)
    assert model.rank_ == np.sum(np.linalg.svd(W, compute_uv=False) > 1e-4)
    assert model.rank_ < 6
    alternated = alternate(sets, penalty.alpha)
    assert alternated > model.objective_ * (1 + 1e-5)


def alternate(sets, alpha, passes=200):
    """The paper's alternation between W and D, without perturbation: its final objective."""
    d = 8
    D = np.eye(d) / d
    tables = [(X - X.mean(0), y - y.mean()) for X, y in sets.values()]
    for _ in range(passes):
        # w = D X' (X D X' + n alpha)^-1 y never leaves the range of D
        W = np.column_stack(
            [
                D @ X.T @ np.linalg.solve(X @ D @ X.T + len(y) * alpha * np.eye(len(y)), y)
                for X, y in tables
            ]
        )
        U, s, _ = np.linalg.svd(W, full_matrices=False)
        D = (U * s) @ U.T / s.sum()
    loss = sum(np.sum((y - X @ w) ** 2) / (2 * len(y)) for (X, y), w in zip(tables, W.T))
    return loss + alpha / 2 * s.sum() ** 2


def test_a_mean_per_group_of_tasks_can_be_asked_for():
    sets = oracle.regression()
    penalty = MeanRegularised(0.5, 0.2, groups=(0, 1, 1, 0))
    check(sets, dict.fromkeys(sets, "regression"), penalty, group=penalty.groups)
