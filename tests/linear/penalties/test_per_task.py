"""The same penalty for every task by itself equals a fit per task."""

import numpy as np
import pytest

from polytask import Independent, Tasks
from polytask.errors import ParameterError
from polytask.linear import (
    L1,
    L2,
    L21,
    LinearModel,
    MeanRegularised,
    NoPenalty,
    SquaredTraceNorm,
    TraceNorm,
)
from polytask.linear.penalties.per_task import PerTask

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 5))
Y = X @ rng.normal(size=(5, 3)) + rng.normal(size=(40, 3))
Y[rng.random(Y.shape) < 0.2] = np.nan
DATA = Tasks.from_arrays(X, Y)
INSIDE = [L21(0.2), L1(0.2), L2(0.3), SquaredTraceNorm(0.3), TraceNorm(0.4)]
INSIDE += [MeanRegularised(0.5, ratio=0.7), NoPenalty()]


def fit(model, data=DATA):
    return (
        model.set_params(tol=1e-10).fit(data) if isinstance(model, LinearModel) else model.fit(data)
    )


@pytest.mark.parametrize("penalty", INSIDE, ids=repr)
def test_it_is_a_fit_per_task_under_one_strength(penalty):
    joint = fit(LinearModel(PerTask(penalty)))
    apart = fit(Independent(LinearModel(penalty, tol=1e-10)))
    np.testing.assert_allclose(joint.predict(X), apart.predict(X), atol=2e-5)


def test_tasks_of_several_classes_keep_the_penalty_on_their_own_outputs():
    words = np.array(["a", "b", "c"])[rng.integers(0, 3, (40, 2))]
    data = Tasks.from_arrays(X, words)
    joint = LinearModel(PerTask(L21(0.02)), tol=1e-9).fit(data).predict_proba(X)
    apart = Independent(LinearModel(L21(0.02), tol=1e-9)).fit(data).predict_proba(X)
    for name in data.names:
        np.testing.assert_allclose(joint[name], apart[name], atol=1e-4)


@pytest.mark.parametrize("penalty", INSIDE[:-1], ids=repr)
def test_candidates_span_what_the_penalty_spans_on_one_task(penalty):
    grid = LinearModel(PerTask(penalty)).grid(DATA)
    alphas = [one["penalty"].alpha for one in grid]
    assert len(grid) > 5 and alphas == sorted(alphas, reverse=True)
    assert all(isinstance(one["penalty"].penalty, type(penalty)) for one in grid)


def test_a_model_without_ties_is_its_own_baseline():
    assert LinearModel(L1(0.1)).alone().penalty == L1(0.1)
    assert LinearModel(PerTask(L21(0.1))).alone().penalty == PerTask(L21(0.1))
    assert LinearModel(L21(0.1)).alone().penalty == PerTask(L21(0.1))


def test_something_else_than_a_penalty_is_refused():
    with pytest.raises(ParameterError, match="PerTask needs a penalty"):
        PerTask(0.1)
