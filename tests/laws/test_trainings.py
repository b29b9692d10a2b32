"""What every training obeys, whatever net is trained: over all sharings, by walking the package."""

import io
from itertools import islice

import numpy as np
import pytest
import torch
from laws.found import classes

from polytask import Tasks, deep
from polytask.deep.train import Stream

SHARINGS = [example for one in classes(deep.Sharing) for example in one.examples()]
every = pytest.mark.parametrize("sharing", SHARINGS, ids=repr)

KINDS = {"price": "regression", "tree": "multiclass", "sold": "binary"}
D = 5
OPTIONS = {"epochs": 3, "batch_size": 16, "learning_rate": 0.01}


def table(n=48, seed=0):
    """Labels of all kinds for the same rows, with holes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, D))
    Y = np.column_stack([X[:, 0] + X[:, 1], X[:, 1:4].argmax(1), X[:, 0] > 0]).astype(float)
    Y[rng.random(Y.shape) < 0.3] = np.nan
    return Tasks.from_arrays(X, Y, names=list(KINDS), kinds=KINDS)


def apart(seed=1):
    """A data set of its own for every task."""
    rng = np.random.default_rng(seed)
    whole = {name: (X := rng.normal(size=(16, D)), X[:, 0]) for name in KINDS}
    classed = {
        "price": whole["price"],
        "tree": (whole["tree"][0], np.arange(16) % 3),
        "sold": (whole["sold"][0], np.arange(16) % 2),
    }
    return Tasks.stack(classed, kinds=KINDS)


def training(sharing, data=None, balance=deep.Uncertainty(), **options):  # noqa: B008  frozen
    data = data or table()
    with Stream(0):
        net = sharing.build(data.tasks, D)
    return deep.steps(net, data, balance, **(OPTIONS | options))


def seen(run, steps=None):
    """Losses and weights, and the numbers of the net at the end."""
    facts = [(step.losses.tolist(), step.weights.tolist()) for step in islice(run, steps)]
    return facts, {name: v.clone() for name, v in run.learner.net.state_dict().items()}


def same(one, two):
    assert one[0] == two[0]
    assert one[1].keys() == two[1].keys()
    for name, value in one[1].items():
        assert not torch.is_tensor(value) or torch.equal(value, two[1][name]), name


@every
def test_one_seed_gives_the_same_bits_whatever_was_drawn_before(sharing):
    torch.manual_seed(1)
    one = seen(training(sharing))
    torch.manual_seed(2)
    before = torch.get_rng_state()
    same(seen(training(sharing)), one)
    assert torch.equal(torch.get_rng_state(), before), "the global stream is as it was"


@every
def test_a_training_taken_up_in_an_epoch_or_between_two_goes_on_to_the_last_bit(sharing):
    whole = seen(training(sharing))
    for place in (2, 3, 7):  # three steps an epoch
        first = training(sharing)
        head, _ = seen(first, place)
        file = io.BytesIO()
        torch.save(first.state_dict(), file)
        file.seek(0)
        again = training(sharing)
        with torch.no_grad():
            for p in again.learner.net.parameters():
                p.add_(0.5)
        again.load_state_dict(torch.load(file, weights_only=True))
        tail, end = seen(again)
        same((head + tail, end), whole)


@every
def test_another_thread_count_gives_nearly_the_same(sharing):
    threads = torch.get_num_threads()
    found = []
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            found.append([losses for losses, _ in seen(training(sharing))[0]])
    finally:
        torch.set_num_threads(threads)
    np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-6)


@every
def test_what_a_step_has_no_gradient_for_does_not_move(sharing):
    """Neither by momentum nor by decay; a penalty and a net's own steps may move all they like."""
    data = apart()
    with Stream(0):
        net = sharing.build(data.tasks, D)
    if net.penalty() is not None or type(net).after_step is not deep.sharing.Net.after_step:
        pytest.skip(f"{sharing!r} moves by itself")
    source = deep.Mixture.of(data, next(net.parameters()), deep.RoundRobin())
    run = deep.steps(net, source, **(OPTIONS | {"weight_decay": 0.5}))
    names = iter(source.tasks * 3)
    tasks = [task.name for task in source.tasks]

    def known():
        """Numbers, and for every task what serves only the others: a net may branch in a step."""
        owns = {t: net.rows_of([other for other in tasks if other != t]) for t in tasks}
        rows = {t: {id(p): rows for p, rows in own} for t, own in owns.items()}
        return {name: value.clone() for name, value in net.state_dict().items()}, rows

    before, owns = known()
    for step, task in zip(run, names, strict=True):
        assert [n for n, there in zip(step.names, step.present, strict=True) if there] == [
            task.name
        ]
        own = owns[task.name]
        after = net.state_dict()
        for name, p in net.named_parameters():
            if name not in before:
                continue
            if p.grad is None:
                assert torch.equal(after[name], before[name]), f"{name} moved without a gradient"
            elif id(p) in own:
                rows = own[id(p)]
                assert torch.equal(after[name][rows], before[name][rows]), f"a head in {name} moved"
        before, owns = known()
