"""Every task is answered from its own best epoch; what is watched is what was asked for."""

import copy

import numpy as np
import pytest
import torch

from polytask import Tasks, deep
from polytask.deep.train import Step
from polytask.errors import ParameterError, TaskError, UnsupportedError


def net_and_data(T=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(120, 4))
    Y = X @ rng.normal(size=(4, T)) + rng.normal(size=(120, T)) * [0.1, 3.0, 1.0]
    train, held = Tasks.from_arrays(X, Y).split(0.5, seed=0)
    with deep.train.Stream(0):
        net = deep.HardSharing(deep.mlp(32)).build(train.tasks, 4)
    return net, train, held


def ended(epoch, losses):
    zero = torch.zeros(len(losses))
    return Step(epoch, tuple(losses), zero, zero > 0, zero, True, dict(losses))


def test_each_task_is_answered_by_the_net_as_it_was_in_its_best_epoch():
    net, train, held = net_and_data()
    patience, nets, scores = deep.PatienceEach(net, epochs=15), {}, {}
    for step in deep.steps(net, train, validation=held, learning_rate=0.03, batch_size=20):
        if step.ends_epoch:
            nets[step.epoch], scores[step.epoch] = copy.deepcopy(net).eval(), step.validation
        if patience.over(step):
            break
    best = {n: min(scores, key=lambda e, n=n: scores[e][n]) for n in train.names}
    assert patience.best_epoch == best and len(set(best.values())) > 1
    assert step.epoch == max(best.values()) + 15
    restored = patience.restore().eval()
    X = torch.tensor(held.X, dtype=torch.float32)
    for name, out in restored(X).items():
        assert torch.equal(out, nets[best[name]](X, (name,))[name])
    assert list(restored(X)) == list(train.names) and list(restored(X, ("y1",))) == ["y1"]


def test_weights_are_kept_once_for_tasks_that_were_best_together_and_no_longer_than_needed():
    net, _, _ = net_and_data()
    patience = deep.PatienceEach(net, epochs=2)
    losses = [
        {"y0": 3.0, "y1": 3.0, "y2": 3.0},
        {"y0": 2.0, "y1": 4.0, "y2": 2.0},
        {"y0": 1.0, "y1": 4.0, "y2": 2.5},
        {"y0": 1.5, "y1": 4.0, "y2": 2.5},
        {"y0": 1.5, "y1": 4.0, "y2": 2.5},
    ]
    kept = []
    for epoch, each in enumerate(losses, start=1):
        over = patience.over(ended(epoch, each))
        kept.append(sorted(patience._weights))
    assert over and kept == [[1], [1, 2], [1, 2, 3], [1, 2, 3], [1, 2, 3]]
    assert patience.best_epoch == {"y0": 3, "y1": 1, "y2": 2}
    assert len(patience.restore().copies) == 3


def test_it_goes_on_from_a_checkpoint(tmp_path):
    net, _, _ = net_and_data()
    one = deep.PatienceEach(net, epochs=2)
    one.over(ended(1, {"y0": 3.0, "y1": 3.0, "y2": 1.0}))
    deep.Checkpoint(tmp_path / "a", {"patience": one}).save()
    two = deep.PatienceEach(net, epochs=2)
    assert deep.Checkpoint(tmp_path / "a", {"patience": two}).load()
    assert (two.best, two.best_epoch) == (one.best, one.best_epoch)
    assert two.over(ended(3, {"y0": 4.0, "y1": 4.0, "y2": 4.0}))


def test_a_task_that_was_never_scored_is_answered_by_the_net_as_it_is():
    net, _, held = net_and_data()
    patience = deep.PatienceEach(net)
    patience.over(ended(1, {"y0": 1.0}))
    with torch.no_grad():
        for p in net.parameters():
            p.add_(0.1)
    X = torch.tensor(held.X, dtype=torch.float32)
    restored = patience.restore()
    assert torch.equal(restored(X)["y2"], net(X)["y2"])
    assert not torch.equal(restored(X)["y0"], net(X)["y0"])


def test_a_module_of_another_kind_and_no_patience_are_refused():
    with pytest.raises(UnsupportedError, match="Found Linear"):
        deep.PatienceEach(torch.nn.Linear(2, 1)).restore()
    with pytest.raises(ParameterError, match="epochs >= 1"):
        deep.PatienceEach(torch.nn.Linear(2, 1), 0)


@pytest.mark.parametrize(
    ("watch", "best"),
    [
        (deep.MeanLoss(), 3),
        (deep.MainTask("a"), 4),
        (deep.MeanGain({"a": 10.0, "b": 1.0}), 2),
    ],
)
def test_the_best_epoch_is_that_of_what_is_watched(watch, best):
    net = torch.nn.Linear(1, 1)
    patience = deep.Patience(net, 9, watch=watch)
    losses = [(9.0, 1.0), (9.0, 0.2), (7.0, 0.8), (6.5, 2.0)]
    for epoch, (a, b) in enumerate(losses, start=1):
        patience.over(ended(epoch, {"a": a, "b": b}))
    assert patience.best_epoch == best


def test_a_watch_names_the_task_that_it_misses():
    with pytest.raises(TaskError, match=r"MainTask\('c'\).*\['a'\]"):
        deep.MainTask("c").score({"a": 1.0})
    with pytest.raises(TaskError, match=r"tasks \['a'\] by themselves"):
        deep.MeanGain({"b": 1.0}).score({"a": 1.0})
    with pytest.raises(ParameterError, match=r"losses > 0.*\['b'\]"):
        deep.MeanGain({"b": 0.0})
