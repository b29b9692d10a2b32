"""Anchored sharing against ridge towards a given vector, and its limits."""

import numpy as np
import pytest
import torch
from deep.sharing.test_soft_sharing import built, descend, design, heads_of, tables

from polytask import deep
from polytask.errors import TaskError


def followed(sharing, data):
    """A net that follows separate nets which were trained for a while."""
    first, net = built(sharing.before(), data), built(sharing, data)
    descend(first, data, epochs=200)
    net.follow(first)
    return first, net


@pytest.mark.parametrize("step", ["gradient", "proximal"])
def test_linear_tasks_have_the_closed_form_of_ridge_towards_the_source(step):
    data, strength = tables(), 0.8
    first, net = followed(deep.AnchoredSharing((), heads=strength, source="t1", step=step), data)
    source = heads_of(first)[1]
    descend(net, data)
    for t, name in enumerate(data.names):
        X, y = design(data, name)
        left = 2 * X.T @ X / len(y) + strength * np.eye(5)
        expected = np.linalg.solve(left, 2 * X.T @ y / len(y) + strength * source)
        np.testing.assert_allclose(heads_of(net)[t], expected, atol=1e-8)


def test_without_bound_every_net_keeps_the_source_and_without_strength_it_is_separate():
    data = tables()
    sharing = deep.AnchoredSharing(deep.mlp(6), 1e12, heads=1e12, source="t1", step="proximal")
    first, net = followed(sharing, data)
    descend(net, data, epochs=3)
    for t in (0, 1):
        torch.testing.assert_close(
            net.stages[0].weight[t], first.stages[0].weight[1], rtol=0, atol=1e-9
        )
    free, loose = followed(sharing.replace(strength=0.0, heads=0.0), data)
    assert loose.penalty() is None
    for net in (free, loose):
        descend(net, data, epochs=3)
    torch.testing.assert_close(free.stages[0].weight, loose.stages[0].weight)


def test_the_model_trains_the_source_first_and_few_labels_profit():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 8))
    y = np.sin(X[:, 0]) + X[:, 1] * X[:, 2]
    Y = np.column_stack([y, y]) + 0.2 * rng.normal(size=(400, 2))
    Y[20:, 1] = np.nan
    fresh = rng.normal(size=(300, 8))
    truth = np.sin(fresh[:, 0]) + fresh[:, 1] * fresh[:, 2]
    sharing = deep.AnchoredSharing(deep.mlp(32), 0.3, heads=0.3, source="y0")
    error = {}
    for name, one in (("anchored", sharing), ("separate", sharing.before())):
        model = deep.DeepModel(one, epochs=60, random_state=0).fit(X, Y)
        error[name] = np.mean((model.predict(fresh)[:, 1] - truth) ** 2)
    assert error["anchored"] < 0.7 * error["separate"]


def test_a_source_that_is_no_task_is_refused_by_name():
    data = tables()
    sharing = deep.AnchoredSharing(deep.mlp(4), source="t9")
    with pytest.raises(TaskError, match=r"source='t9' and the tasks \['t0', 't1'\]"):
        followed(sharing, data)
