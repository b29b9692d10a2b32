"""`DeepModel` with the losses that tables have labels for: units, answers, doors, files."""

import numpy as np
import pytest

from polytask import Tasks, deep
from polytask.errors import UnsupportedError
from polytask.kinds import Ordinal
from polytask.persist import load, save

SMALL = deep.HardSharing(deep.mlp(16))


def noisy(n=1500, seed=0):
    """A number whose spread grows with the first input."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(size=(n, 2))
    return X, 100 + 10 * X[:, 1] + (1 + 9 * X[:, 0]) * rng.normal(size=n)


def test_quantiles_come_in_units_of_the_labels_and_cover_what_they_say():
    X, y = noisy()
    loss = deep.OrderedQuantile((0.1, 0.5, 0.9))
    model = deep.DeepModel(SMALL, loss=loss, epochs=40, random_state=0).fit(X, y)
    low, middle, high = model.predict_quantiles(X)["y0"].T
    assert (low < middle).all() and (middle < high).all()
    np.testing.assert_allclose(model.predict(X), middle, rtol=1e-12)
    for q, found in ((0.1, low), (0.5, middle), (0.9, high)):
        assert np.mean(y < found) == pytest.approx(q, abs=0.06)
    wide, narrow = (high - low)[X[:, 0] > 0.8], (high - low)[X[:, 0] < 0.2]
    assert wide.mean() > 2 * narrow.mean()  # 8.2 and 1.8 deviations in truth


def test_without_a_loss_of_quantiles_there_are_none():
    X, y = noisy(60)
    model = deep.DeepModel(SMALL, epochs=1, random_state=0).fit(X, y)
    with pytest.raises(UnsupportedError, match="need a loss of quantiles"):
        model.predict_quantiles(X)


def several(n=500, seed=0):
    """Levels, counts, times and queries for the same rows, with holes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    f = X[:, 0] - X[:, 1]
    level = np.digitize(f + 0.5 * rng.logistic(size=n), [-1.5, 0, 1.5]).astype(float)
    count = rng.poisson(np.exp(0.7 * f + 1)).astype(float)
    time = rng.exponential(np.exp(-f)) * rng.choice([-1, 1], n)
    relevance = np.clip(np.round(f + 1 + 0.3 * rng.normal(size=n)), 0, 4)
    Y = np.column_stack([level, count, time, relevance])
    Y[rng.random(Y.shape) < 0.1] = np.nan
    kinds = {
        "level": Ordinal((0.0, 1.0, 2.0, 3.0)),
        "count": "counts",
        "time": "survival",
        "relevance": "ranking",
    }
    groups = rng.integers(0, n // 8, n)
    return Tasks.from_arrays(X, Y, names=list(kinds), kinds=kinds, groups=groups)


def test_levels_counts_times_and_queries_are_learnt_in_one_fit(tmp_path):
    train, test = several().split(0.3, seed=0)
    model = deep.DeepModel(SMALL, deep.Uncertainty(), epochs=40, random_state=0).fit(train)
    outputs = model.predict_each(test)
    least = {"level": 0.5, "count": 0.4, "time": 0.65, "relevance": 0.85}
    for one in test:
        groups = {"groups": test.groups[one.rows]} if one.task.kind.grouped else {}
        score = one.task.kind.score(one.y, outputs[one.task.name], **groups)
        assert score > least[one.task.name], (one.task.name, score)
    np.testing.assert_allclose(outputs["level"].sum(1), 1, atol=1e-12)
    assert (outputs["count"] > 0).all()
    save(model, tmp_path / "a.model")
    for name in test.names:
        again = load(tmp_path / "a.model")._outputs(test.X, name)
        assert np.array_equal(again, model._outputs(test.X, name))


@pytest.mark.parametrize("loss", [deep.AbsoluteError(), deep.HuberError(0.5)])
def test_a_robust_loss_forgives_labels_that_are_far_off(loss):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 3))
    y = X @ [1.0, 2.0, 0.0]
    spoilt = y.copy()
    spoilt[rng.choice(400, 40, replace=False)] += 100
    errors = [
        np.median(np.abs(model.fit(X, spoilt).predict(X) - y))
        for model in (
            deep.DeepModel(deep.HardSharing(()), loss=one, epochs=60, random_state=0)
            for one in (loss, deep.SquaredError())
        )
    ]
    assert errors[0] < 0.3 * errors[1]
