"""The partial likelihood of a batch is the one that linear models maximise."""

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.train.objective import Objective
from polytask.linear import L2, LinearModel


def test_of_a_linear_net_it_is_the_objective_of_the_linear_model():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    y = rng.integers(1, 12, 60) * rng.choice([-1.0, 1.0], 60)
    weight = rng.integers(1, 4, 60).astype(float)
    data = Tasks.from_arrays(X, y, kinds="survival", weight=weight)
    model = LinearModel(L2(1e-3), tol=1e-10).fit(data)
    f = torch.as_tensor(X @ model.coef_.T)
    found = deep.CoxPartialLikelihood().mean(f, torch.as_tensor(y), torch.as_tensor(weight))
    expected = model.objective_ - model.penalty_.value(model.coef_.T)
    assert found.item() == pytest.approx(expected, rel=1e-9)


def test_rows_without_events_and_batches_without_labels_say_nothing():
    f = torch.randn(5, 1, generator=torch.Generator().manual_seed(0), requires_grad=True)
    loss = deep.CoxPartialLikelihood()
    for y, w in ((-torch.arange(1.0, 6), torch.ones(5)), (torch.arange(1.0, 6), torch.zeros(5))):
        value = loss.mean(f, y, w)
        assert value == 0
        (gradient,) = torch.autograd.grad(value, f)
        assert not gradient.any()


def test_a_net_learns_who_is_at_risk():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 3))
    time = rng.exponential(np.exp(-np.abs(X[:, 0]) * 1.5))
    y = np.where(rng.random(400) < 0.7, time, -time)
    data = Tasks.from_arrays(X, y, kinds="survival")
    model = deep.DeepModel(
        deep.HardSharing(deep.mlp(16)), epochs=40, batch_size=200, random_state=0
    ).fit(data)
    linear = LinearModel(L2(1e-3)).fit(data)
    assert model.score(data) > linear.score(data) + 0.1  # the risk is no linear function
    assert Objective(data.tasks).targets[0].loss == deep.CoxPartialLikelihood()
    assert model.score(data) == pytest.approx(0.72, abs=0.08)
