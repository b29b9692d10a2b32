"""Tasks without labels, with one class only, and tasks that come later."""

import numpy as np
import pytest
from sklearn.base import clone

from polytask import Tasks
from polytask.errors import TaskError, UnsupportedError
from polytask.kinds import Binary
from polytask.linear import (
    L1,
    L2,
    L21,
    LinearClassifier,
    LinearModel,
    MeanRegularised,
    SquaredTraceNorm,
    TraceNorm,
)

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 7)) * np.linspace(0.5, 3, 7) + 2
Y = X @ RNG.normal(size=(7, 4)) + RNG.normal(size=(60, 4)) + 10
TIGHT = {"tol": 1e-12, "max_iter": 100_000}


def test_a_task_without_labels_gets_what_the_others_say():
    holes = Y.copy()
    holes[:, 3] = np.nan
    data = Tasks.from_arrays(X, holes, allow_empty=True)
    full = Tasks.from_arrays(X, Y[:, :3])
    with_empty = LinearModel(MeanRegularised(0.3, 1.0)).fit(data)
    without = LinearModel(MeanRegularised(0.3, 1.0)).fit(full)
    np.testing.assert_allclose(with_empty.coef_[:3], without.coef_, atol=1e-9)
    np.testing.assert_allclose(with_empty.coef_[3], without.mean_, atol=1e-9)
    assert with_empty.intercept_[3] == pytest.approx(without.intercept_.mean())


def test_a_binary_task_with_one_class_only_does_not_stop_the_rest():
    labels = (Y > 10).astype(float)
    labels[:, 1] = 1
    data = Tasks.from_arrays(X, labels, kinds=Binary())
    for penalty in (L2(0.1), L21(0.02), MeanRegularised(0.1, 1.0)):
        model = LinearModel(penalty).fit(data)
        assert model.solution_.converged
        assert model.predict_each(data)["y1"][:, 1].min() > 0.99


def test_an_unknown_task_gets_the_mean_where_that_was_asked_for():
    names = np.array(["a", "b", "c"])[np.arange(60) % 3]
    model = LinearModel(MeanRegularised(0.3, 1.0), unknown_task="mean").fit(X, Y[:, 0], tasks=names)
    found = model.predict(X[:4], tasks=["zebra"] * 4)
    np.testing.assert_allclose(found, X[:4] @ model.mean_ + model.intercept_.mean())
    with pytest.raises(TaskError, match="zebra"):
        clone(model).set_params(unknown_task="error").fit(X, Y[:, 0], tasks=names).predict(
            X[:1], tasks=["zebra"]
        )


NEW = np.random.default_rng(1).normal(size=(6, 7)) + 2
NEW_Y = NEW @ np.random.default_rng(2).normal(size=7)


@pytest.mark.parametrize("scale", [True, False])
def test_a_new_task_is_shrunk_to_the_learned_mean(scale):
    model = LinearModel(MeanRegularised(0.4, 1.0), scale=scale).fit(X, Y)
    new = model.adapt(NEW, NEW_Y)
    A = (NEW - NEW.mean(0)) / model.scale_
    center = model.mean_ * model.scale_
    apart = np.linalg.solve(
        A.T @ A / 6 + 0.4 * np.eye(7), A.T @ (NEW_Y - NEW_Y.mean() - A @ center) / 6
    )
    np.testing.assert_allclose(new.coef_[0], (center + apart) / model.scale_, atol=1e-6)
    assert new.predict(NEW).shape == (6,)


def test_a_new_task_uses_the_learned_metric():
    model = LinearModel(SquaredTraceNorm(0.05), **TIGHT).fit(X, Y)
    new = model.adapt(NEW, NEW_Y)
    W = model.coef_.T
    U, s, _ = np.linalg.svd(W, full_matrices=False)
    D = (U * s) @ U.T / s.sum()
    A = NEW - NEW.mean(0)
    expected = D @ A.T @ np.linalg.solve(A @ D @ A.T + 6 * 0.05 * np.eye(6), NEW_Y - NEW_Y.mean())
    np.testing.assert_allclose(new.coef_[0], expected, atol=1e-6)


def test_adapting_an_old_task_with_a_frozen_metric_gives_its_old_coefficients():
    for penalty in (SquaredTraceNorm(0.05), TraceNorm(0.1), L21(0.1)):
        model = LinearModel(penalty, **TIGHT).fit(X, Y)
        again = model.adapt(X, Y[:, 2])
        np.testing.assert_allclose(again.coef_[0], model.coef_[2], atol=1e-4)


def test_a_new_classification_task_adapts_too():
    labels = np.where(Y.mean(0) < Y, "yes", "no")
    model = LinearClassifier(MeanRegularised(0.05, 0.1)).fit(X, labels)
    new = model.adapt(X[:20], labels[:20, 0])
    assert set(new.predict(X)) == {"yes", "no"}
    assert new.score(X, labels[:, 0]) > 0.8


def test_a_penalty_that_shares_nothing_refuses_a_new_task_by_name():
    with pytest.raises(UnsupportedError, match="L1 shares nothing"):
        LinearModel(L1(0.1)).fit(X, Y).adapt(NEW, NEW_Y)
