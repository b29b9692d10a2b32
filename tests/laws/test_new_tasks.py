"""A new task on a fitted net, whatever the sharing: held fixed, tuned, or refused by name."""

import inspect

import numpy as np
import pytest
import torch
from laws.test_sharings import SHARINGS, every, table

from polytask import deep
from polytask.deep.train import Stream
from polytask.errors import UnsupportedError

DATA = table()
NEW = DATA.X[:, 0] - DATA.X[:, 1]


def adapted(sharing, *, tune=False, **options):
    """A model of four tasks, and that of a new one; skipped where it is refused by name."""
    model = deep.DeepModel(sharing, epochs=2, random_state=0).fit(DATA)
    before = [model._outputs(DATA.X, name) for name in DATA.names]
    model.set_params(**options)
    try:
        new = model.adapt(DATA.X, NEW, tune=tune)
    except UnsupportedError as refusal:
        assert type(sharing).__name__ in str(refusal)
        pytest.skip(f"refused by name: {refusal}")
    after = [model._outputs(DATA.X, name) for name in DATA.names]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    return model, new


def taken_over(model, new):
    """What a net of the new task shares when it has just taken it over."""
    with Stream(0):
        net = model.sharing.build(new._net.targets, DATA.n_features).double()
    net.adopt(model._net)
    return net.shared()


def equal(some, others):
    return all(torch.equal(a, b) for a, b in zip(some, others, strict=True))


@every
def test_what_is_shared_is_held_fixed_and_old_answers_stay(sharing):
    model, new = adapted(sharing, epochs=30, learning_rate=0.03)
    assert equal(new._net.shared(), taken_over(model, new))
    assert new.predict(DATA.X).shape == NEW.shape
    assert np.isfinite(new.predict(DATA.X)).all()
    losses = new.history_["losses"]
    assert losses.min() < losses[0]


@every
def test_tuned_it_begins_with_the_same_numbers_and_leaves_them(sharing):
    model, new = adapted(sharing, tune=True)
    assert not equal(new._net.shared(), taken_over(model, new))
    # steps too small for float32
    model, new = adapted(sharing, tune=True, learning_rate=1e-30, epochs=1)
    assert equal(new._net.shared(), taken_over(model, new))


@pytest.mark.parametrize("tune", [False, True])
def test_running_statistics_of_a_shared_part_are_held_and_tuned_with_it(tune):
    sharing = deep.HardSharing((deep.Dense(6), deep.BatchNorm()))
    model = deep.DeepModel(sharing, epochs=2, random_state=0).fit(DATA)
    new = model.adapt(DATA.X + 3, NEW, tune=tune)
    name = "trunk.stages.1.running_mean"
    same = torch.equal(new._net.state_dict()[name], model._net.state_dict()[name])
    assert same != tune


@pytest.mark.parametrize("one", sorted({type(s) for s in SHARINGS}, key=lambda c: c.__name__))
def test_a_sharing_says_what_becomes_of_a_new_task(one):
    assert "new task (`adapt`)" in " ".join(inspect.getdoc(one).split()).replace("A new", "new")
