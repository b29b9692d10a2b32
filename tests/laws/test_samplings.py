"""What every sampling obeys, whatever its members are: discovered by walking the package."""

import numpy as np
import pytest
import torch
from laws.found import classes

from polytask import Tasks, deep
from polytask.cli.catalog import parse
from polytask.deep.data.sampling import Size

EXAMPLES = [example for one in classes(deep.Sampling) for example in one.examples()]
every = pytest.mark.parametrize("sampling", EXAMPLES, ids=repr)

ROWS = {"main": 61, "a": 24, "b": 9}
SIZES = {name: Size(n, -(-n // 8)) for name, n in ROWS.items()}  # 8, 3 and 2 batches


def stacked(seed=0):
    """A data set of its own for every task."""
    rng = np.random.default_rng(seed)
    parts = {name: rng.normal(size=(n, 3)) for name, n in ROWS.items()}
    return Tasks.stack({name: (X, X @ np.ones(3)) for name, X in parts.items()})


def mixture(sampling):
    data = stacked()
    with deep.train.Stream(0):
        net = deep.HardSharing(deep.mlp(4)).build(data.tasks, 3)
    return deep.Mixture.of(data, next(net.parameters()), sampling), net


def stream(seed=3):
    return torch.Generator().manual_seed(seed)


@every
def test_a_plan_names_data_sets_that_are_there(sampling):
    plan = sampling.plan(SIZES, 1, stream())
    assert plan and set(plan) <= set(SIZES)


@every
def test_one_generator_gives_one_plan_and_epochs_are_planned_anew(sampling):
    assert sampling.plan(SIZES, 2, stream()) == sampling.plan(SIZES, 2, stream())
    one = stream()
    plans = [sampling.plan(SIZES, epoch, one) for epoch in range(1, 30)]
    assert plans[0] == sampling.plan(SIZES, 1, stream())
    if not isinstance(sampling, deep.RoundRobin | deep.InTurn) and len(set(plans[0])) > 1:
        assert len({tuple(plan) for plan in plans}) > 20


@every
def test_every_epoch_has_as_many_steps_as_are_announced(sampling):
    source, _ = mixture(sampling)
    order = stream()
    for epoch in (1, 2, 5):
        assert len(list(source.batches(8, order, epoch))) == source.count(8)


@every
def test_a_data_set_repeats_a_row_only_when_all_others_were_seen_as_often(sampling):
    source, _ = mixture(sampling)
    seen = {name: np.zeros(n, int) for name, n in ROWS.items()}
    for name, pick in source.batches(8, stream(), 1):
        assert (seen[name][pick] == seen[name].min()).all()
        seen[name][pick] += 1
    assert sum(counts.sum() for counts in seen.values()) > 0


@every
def test_a_batch_asks_for_the_tasks_of_its_data_set_only(sampling):
    source, _ = mixture(sampling)
    for pick in source.batches(8, stream(), 1):
        batch = source.batch(pick)
        assert batch.tasks == (pick[0],) and list(batch.Y) == [pick[0]]


@every
def test_a_training_repeats_and_goes_on_from_any_step(sampling):
    def walk(place):
        source, net = mixture(sampling)
        run = deep.steps(net, source, epochs=2, batch_size=8)
        seen = []
        for step in run:
            seen.append(step.losses.tolist())
            if step.number == place:
                break
        return run, seen

    _, expected = walk(0)
    first, seen = walk(len(expected) // 2 - 1)
    source, net = mixture(sampling)
    again = deep.steps(net, source, epochs=2, batch_size=8)
    again.load_state_dict(first.state_dict())
    assert seen + [step.losses.tolist() for step in again] == expected


@every
def test_the_value_can_be_pasted_back_and_searched(sampling):
    assert parse(repr(sampling)) == sampling
    assert sampling.replace(**sampling.get_params(deep=False)) == sampling
