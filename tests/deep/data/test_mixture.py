"""Tasks with data sets of their own: what a batch computes and moves, and what is refused."""

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.data import Curriculum, Mixture, Table, Units
from polytask.deep.train.evaluation import evaluate, objective_of
from polytask.errors import DataError, ParameterError, TaskError


def apart(seed=0, **rows):
    rng = np.random.default_rng(seed)
    parts = {name: rng.normal(size=(n, 4)) + 2 for name, n in rows.items()}
    return Tasks.stack({name: (X, 5 * X[:, 0] + t) for t, (name, X) in enumerate(parts.items())})


def built(data, seed=0):
    with deep.train.Stream(seed):
        return deep.HardSharing(deep.mlp(6)).build(data.tasks, 4).double()


def test_batches_hold_the_rows_of_their_task_in_the_units_of_the_whole_table():
    data = apart(a=30, b=11)
    units = Units.standard(data)
    source = Mixture.of(data, torch.zeros(1).double(), units=units)
    whole = Table.of(data, torch.zeros(1).double(), units=units)
    rows = dict(zip(data.names, (slice(0, 30), slice(30, 41))))
    found = {name: [] for name in data.names}
    for pick in source.chunks(4):
        X, Y, W = source.batch(pick)
        (name,) = Y
        assert (W[name] == 1).all()
        found[name].append(torch.column_stack((X, Y[name])))
    for t, name in enumerate(data.names):
        expected = torch.column_stack((whole.X[rows[name]], whole.Y[rows[name], t]))
        torch.testing.assert_close(torch.cat(found[name]), expected)


def test_evaluation_is_that_of_the_table():
    data = apart(a=30, b=11)
    net = built(data)
    like = next(net.parameters())
    mixture, table = Mixture.of(data, like), Table.of(data, like)
    one = evaluate(net, mixture, objective_of(net, mixture))
    assert one == pytest.approx(evaluate(net, table, objective_of(net, table)), rel=1e-12)


def test_all_batches_of_a_round_are_the_joint_batch():
    data = apart(a=12, b=12)
    like = next(built(data).parameters())

    def trained(source, size, accumulate):
        net = built(data)
        update = deep.Update(accumulate=accumulate)
        list(deep.steps(net, source, epochs=5, batch_size=size, update=update))
        return torch.cat([p.detach().ravel() for p in net.parameters()])

    joint = trained(Table.of(data, like), 24, 1)
    rounds = trained(Mixture.of(data, like, deep.RoundRobin()), 12, 2)
    torch.testing.assert_close(rounds, joint, rtol=1e-9, atol=1e-11)


def test_a_source_with_several_tasks_and_a_task_in_several_sources():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 4))
    kinds = dict.fromkeys(("u", "v"), "regression")
    both = Tasks.from_arrays(X, X[:, :2], names=["u", "v"], kinds=kinds)
    like = torch.zeros(1).double()
    sources = {"first": Table.of(both, like), "second": Table.of(both.keep("v"), like)}
    mixture = Mixture(sources)
    assert [task.name for task in mixture.tasks] == ["u", "v"]
    asked = {pick[0]: mixture.batch(pick).tasks for pick in mixture.batches(8, torch.Generator())}
    assert asked == {"first": ("u", "v"), "second": ("v",)}
    net = built(both)
    seen = list(deep.steps(net, mixture, epochs=1, batch_size=8))
    assert {tuple(step.present.tolist()) for step in seen} == {(True, True), (False, True)}


def test_rows_with_several_labels_and_unlike_tasks_are_refused_by_name():
    X = np.random.default_rng(0).normal(size=(20, 4))
    both = Tasks.from_arrays(X, X[:, :2], names=["u", "v"])
    like = torch.zeros(1).double()
    with pytest.raises(DataError, match="several in 20 rows, such as row 0"):
        Mixture.of(both, like)
    classed = Tasks.from_arrays(X, X[:, :1] > 0, names=["u"], kinds={"u": "binary"})
    with pytest.raises(TaskError, match=r"'other' has another task 'u'"):
        Mixture({"one": Table.of(both, like), "other": Table.of(classed, like)})
    with pytest.raises(ParameterError, match="needs a Sampling"):
        Mixture({"one": Table.of(both, like)}, "uniform")
    with pytest.raises(DataError, match="at least one source"):
        Mixture({})


def test_a_constant_share_is_a_threshold_and_equal_weights_keep_the_order_of_rows():
    table = Table.of(apart(a=10), torch.zeros(1))
    half = Curriculum(table, torch.ones(10), start=0.45, epochs=1)
    for epoch in (1, 7):
        picks = half.batches(3, torch.Generator(), epoch)
        assert sorted(torch.cat(picks).tolist()) == [0, 1, 2, 3, 4]


def test_a_curriculum_takes_in_all_rows_and_is_then_the_plain_source():
    table = Table.of(apart(a=10), torch.zeros(1))
    lessons = Curriculum(table, np.arange(10.0), start=0.1, epochs=10)
    seen = [torch.cat(lessons.batches(4, torch.Generator(), e)).tolist() for e in range(1, 13)]
    assert [len(rows) for rows in seen] == [*range(1, 11), 10, 10]
    for rows in seen:
        assert sorted(rows) == list(range(10 - len(rows), 10)), "the largest weights first"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": 0.0}, r"start in \(0, 1\]"),
        ({"epochs": 0}, "epochs >= 1"),
        ({"weight": np.ones(3)}, r"each of 10 rows.*\(3,\)"),
        ({"weight": np.full(10, np.nan)}, "none of them NaN"),
    ],
)
def test_lessons_without_an_order_are_refused(options, message):
    table = Table.of(apart(a=10), torch.zeros(1))
    given = {"weight": np.ones(10)} | options
    with pytest.raises((ParameterError, DataError), match=message):
        Curriculum(table, given.pop("weight"), **given)
