"""Low supervision: what a low task does not reach stays what it is; limits are known nets."""

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.cli.catalog import parse_model
from polytask.deep.data import Sequences
from polytask.deep.train import Stream
from polytask.errors import ParameterError, TaskError
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

POS = Task("pos", Multiclass(("noun", "verb")))
CHUNK = Task("chunk", Multiclass(("B", "I", "O")))


def net_of(sharing, tasks=(POS, CHUNK), inputs=3, seed=0):
    with Stream(seed):
        return sharing.build(tasks, inputs)


def sentences(task, n=20, seed=0):
    """Sequences with labels of one task only."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 7, size=n)
    X = [rng.normal(size=(length, 3)).astype(np.float32) for length in lengths]
    Y = [rng.integers(0, task.kind.width, size=length).astype(float) for length in lengths]
    return Sequences.of((task,), X, {task.name: Y}, torch.zeros(()))


def state(net, *prefixes):
    return {
        name: value.clone() for name, value in net.state_dict().items() if name.startswith(prefixes)
    }


LOW = deep.LowSupervision(deep.mlp(5, 4, 4), {"pos": 1})
ABOVE = ("trunk.stages.1", "trunk.stages.2", "heads.3")


def test_the_gradient_of_a_low_task_above_it_is_nothing():
    net = net_of(LOW)
    net(torch.randn(2, 6, 3))["pos"].square().sum().backward()
    touched = {name for name, p in net.named_parameters() if p.grad is not None}
    assert touched == {"trunk.stages.0.0.weight", "trunk.stages.0.0.bias"} | {
        f"heads.1.linear.{part}" for part in ("weight", "bias")
    }


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda p: torch.optim.AdamW(p, 0.1, weight_decay=0.5),
        lambda p: torch.optim.Adam(p, 0.1),
        lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.5),
    ],
    ids=["AdamW", "Adam", "SGD"],
)
def test_a_step_of_a_low_task_leaves_what_is_above_bit_by_bit(optimizer):
    net = net_of(LOW, inputs=deep.Shape(3, (None,)))
    optimizer = optimizer(net.parameters())
    # the high task first: momentum and second moments of all layers are not zero any more
    for _ in deep.steps(net, sentences(CHUNK), epochs=2, batch_size=4, optimizer=optimizer):
        pass
    before, below = state(net, *ABOVE), state(net, "trunk.stages.0")
    for _ in deep.steps(net, sentences(POS), epochs=2, batch_size=4, optimizer=optimizer):
        pass
    assert all(torch.equal(value, before[name]) for name, value in state(net, *ABOVE).items())
    assert not any(
        torch.equal(value, below[n]) for n, value in state(net, "trunk.stages.0").items()
    )


def test_stages_above_who_is_asked_are_not_computed():
    net = net_of(LOW)
    called = []
    for i, stage in enumerate(net.trunk.stages):
        stage.register_forward_hook(lambda *_, i=i: called.append(i))
    assert list(net(torch.randn(2, 3), ("pos",))) == ["pos"]
    assert called == [0]


def test_all_tasks_at_the_top_are_hard_sharing():
    low, hard = (
        net_of(deep.LowSupervision(deep.mlp(5, 4), {})),
        net_of(deep.HardSharing(deep.mlp(5, 4))),
    )
    hard.load_state_dict(
        {name.replace("heads.2.", "heads."): value for name, value in low.state_dict().items()}
    )
    X = torch.randn(7, 3)
    for name, out in low(X).items():
        assert torch.equal(out, hard(X)[name])


def test_one_task_is_the_plain_net_up_to_its_level():
    one = net_of(LOW, (POS,))
    plain = net_of(deep.HardSharing(deep.mlp(5)), (POS,))
    plain.trunk.stages[0].load_state_dict(one.trunk.stages[0].state_dict())
    plain.heads.load_state_dict(one.heads["1"].state_dict())
    X = torch.randn(7, 3)
    assert torch.equal(one(X)["pos"], plain(X)["pos"])


def test_helpers_are_read_first_and_main_tasks_last_by_default():
    helper = Task("helper", Regression(), role="auxiliary")
    assert net_of(deep.LowSupervision(deep.mlp(5, 4, 3)), (helper, CHUNK)).levels == {
        "helper": 1,
        "chunk": 3,
    }


def test_levels_in_task_order_are_levels_by_name():
    by_name, in_order = (
        net_of(deep.LowSupervision(deep.mlp(5, 4, 3), levels)) for levels in ({"pos": 2}, (2,))
    )
    assert by_name.levels == in_order.levels == {"pos": 2, "chunk": 3}


def test_levels_that_are_none_are_refused():
    with pytest.raises(ParameterError, match=r"levels from 1 to 2, .* Found \[3\]"):
        net_of(deep.LowSupervision(deep.mlp(5, 4), {"pos": 3}))
    with pytest.raises(TaskError, match=r"levels for \['tag'\]. The tasks are \['pos', 'chunk'\]"):
        net_of(deep.LowSupervision(deep.mlp(5, 4), {"tag": 1}))
    with pytest.raises(ParameterError, match="one stage or more"):
        deep.LowSupervision(())


def test_a_model_with_named_levels_is_read_back_and_takes_a_new_task():
    X = np.random.default_rng(0).normal(size=(60, 3))
    model = deep.DeepModel(deep.LowSupervision(deep.mlp(8, 8), {"y0": 1}), epochs=2, random_state=0)
    assert parse_model(repr(model)).sharing == model.sharing
    model.fit(Tasks.from_arrays(X, X[:, :2]))
    assert model.adapt(X, X[:, 2]).predict(X).shape == (60,)
