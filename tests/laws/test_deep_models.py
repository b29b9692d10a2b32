"""What every deep model obeys, whatever it shares: found by walking the package.

Laws of nets take every example of a sharing, laws of whole fits the first one of each.
"""

import copy

import numpy as np
import pytest
import torch
from laws.found import classes
from laws.test_sharings import TASKS, D, inputs, net_of, table
from sklearn.base import clone

from polytask import Tasks, deep
from polytask.deep.data import Table
from polytask.deep.train import Stream
from polytask.deep.train.objective import Objective

SHARINGS = [example for one in classes(deep.Sharing) for example in one.examples()]
every = pytest.mark.parametrize("sharing", SHARINGS, ids=repr)
FIRST = [next(iter(one.examples())) for one in classes(deep.Sharing)]
one_of_each = pytest.mark.parametrize("sharing", FIRST, ids=lambda one: type(one).__name__)


def quiet(sharing):
    """The sharing without dropout, so that two fits draw nothing that differs."""
    return sharing.replace(dropout=0.0) if "dropout" in sharing.get_params() else sharing


def fitted(sharing, data, **options):
    options = {"epochs": 2, "batch_size": 512, "validation": 0, "random_state": 0} | options
    return deep.DeepModel(quiet(sharing), **options).fit(data)


def numbers(n=48, T=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, D))
    return X, np.tanh(X @ rng.normal(size=(D, T))) + 0.1 * rng.normal(size=(n, T))


# named as the tasks of the other laws: examples of sharings may name them
NAMES = tuple(task.name for task in TASKS)


def tasks(X, Y, **options):
    return Tasks.from_arrays(X, Y, names=NAMES[: Y.shape[1]], kinds="regression", **options)


def full_gradient(net, batch):
    losses, _ = Objective(net.targets)(net(batch.X), batch.Y, batch.W)
    gradients = torch.autograd.grad(losses.sum(), list(net.parameters()), allow_unused=True)
    return losses, [g for g in gradients if g is not None]


@every
def test_the_order_of_the_rows_changes_no_loss_and_no_gradient(sharing):
    net = net_of(sharing).eval()
    source = Table.of(table(), next(net.parameters()))
    order = torch.randperm(source.n_rows, generator=torch.Generator().manual_seed(0))
    one, other = (full_gradient(net, source.batch(at)) for at in (order.sort().values, order))
    torch.testing.assert_close(one[0], other[0], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(one[1], other[1], rtol=1e-9, atol=1e-12)


@every
def test_rows_without_a_label_change_no_loss_and_no_gradient(sharing):
    net = net_of(sharing).eval()
    source = Table.of(table(), next(net.parameters()))
    here = torch.arange(source.n_rows)
    more = source.W.clone()
    more[::3] = 0  # rows that are there, and say nothing
    batch, kept = source.batch(here), source.batch(here[here % 3 > 0])
    one = full_gradient(net, type(batch)(batch.X, batch.Y, more))
    other = full_gradient(net, kept)
    torch.testing.assert_close(one[0], other[0], rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(one[1], other[1], rtol=1e-9, atol=1e-12)


@every
def test_the_first_loss_is_that_of_the_outputs_at_the_start_worked_out_by_hand(sharing):
    data = table()
    with Stream(0):
        net = quiet(sharing).build(data.tasks, D).double()
    start = copy.deepcopy(net).train()
    run = deep.steps(net, data, batch_size=len(data.X), seed=5)
    step = next(iter(run))
    with Stream(5), torch.no_grad():
        outputs = start(torch.as_tensor(data.X))
    for t, one in enumerate(data):
        out, y = outputs[one.task.name].numpy()[one.rows], one.y
        p = np.exp(out - out.max(1, keepdims=True))
        by_hand = {
            "regression": lambda out=out, y=y: np.mean((out[:, 0] - y) ** 2),
            "binary": lambda out=out, y=y: np.mean(np.log1p(np.exp(-(2 * y - 1) * out[:, 0]))),
            "multiclass": lambda p=p, y=y: (
                -np.mean(np.log(p[np.arange(len(y)), y.astype(int)] / p.sum(1)))
            ),
        }
        assert step.losses[t].item() == pytest.approx(by_hand[one.task.kind.name](), rel=1e-9)


@every
def test_couplings_are_finite_and_say_what_they_are(sharing):
    model = fitted(sharing, table(), epochs=1)
    for name, coupling in model.couplings_.items():
        values = np.asarray(coupling.values)
        assert np.isfinite(values).all(), name
        assert values.ndim == len(coupling.axes), name
        assert len(coupling.meaning.split()) > 2, name


@one_of_each
def test_a_constant_added_to_a_target_shifts_its_predictions_only(sharing):
    X, Y = numbers()
    shift = np.array([0.0, 1024.0, 0.0, -512.0])
    one, other = (fitted(sharing, tasks(X, target)).predict(X) for target in (Y, Y + shift))
    np.testing.assert_allclose(one + shift, other, atol=2e-3)


@one_of_each
def test_doubled_rows_of_half_weight_give_the_same_model(sharing):
    X, Y = numbers()
    data = tasks(X, Y)
    twice = tasks(np.repeat(X, 2, axis=0), np.repeat(Y, 2, axis=0), weight=np.full(96, 0.5))
    one, other = (fitted(sharing, each).predict(X) for each in (data, twice))
    np.testing.assert_allclose(one, other, atol=2e-3)


@one_of_each
def test_one_task_alone_is_learnt_too(sharing):
    X, Y = numbers(n=120)
    sharing = sharing.replace(edges=None) if "edges" in sharing.get_params() else sharing
    model = fitted(sharing, tasks(X, Y[:, :1]), epochs=60, learning_rate=1e-2)
    assert model.predict(X).shape == (120, 1)
    losses = model.history_["losses"][:, 0]
    assert losses[-1] < 0.9 * losses[0]


def serving_only(net, name):
    """Parameters, and rows of them, on which the outputs of this task depend and no other's."""
    outputs, found = net(inputs(200)), net.rows_of((name,))
    for parameter in net.parameters():
        gradients = {
            task: torch.autograd.grad(
                (out**2).sum(), parameter, retain_graph=True, allow_unused=True
            )[0]
            for task, out in outputs.items()
        }
        if {task for task, g in gradients.items() if g is not None and g.any()} == {name}:
            found.append((parameter, slice(None)))
    return found


@one_of_each
def test_what_serves_only_a_task_without_labels_does_not_move(sharing):
    net = net_of(sharing)
    net(inputs())  # a price may be of what a net has just computed
    if net.eval().penalty() is not None:
        pytest.skip("a price ties the tasks: it moves those without labels too")
    own = [(p, rows, p.detach()[rows].clone()) for p, rows in serving_only(net, "sold")]
    data = table()
    empty = data["sold"].pick(np.zeros(data["sold"].n, bool))
    data = data.keep("price", "tree").add(empty, data["size"])
    start = [p.detach().clone() for p in net.parameters()]
    for _ in deep.steps(net, data, epochs=2):
        pass
    assert own and all(torch.equal(p.detach()[rows], old) for p, rows, old in own)
    assert any(not torch.equal(p, old) for p, old in zip(net.parameters(), start, strict=True))


def test_two_copies_of_a_task_are_one_task_for_the_trunk_they_share():
    """Halved losses and heads that start alike: the sum of two halves is the whole."""
    X, Y = numbers()
    single, double = tasks(X, Y[:, :1]), tasks(X, np.repeat(Y[:, :1], 2, axis=1))
    one, two = (
        deep.HardSharing(deep.mlp(6, 5)).build(d.tasks, D).double() for d in (single, double)
    )
    two.adopt(one)
    two.heads.linear.weight.data = one.heads.linear.weight.data.repeat(2, 1)
    two.heads.linear.bias.data = one.heads.linear.bias.data.repeat(2)
    for net, data, share in ((one, single, 1.0), (two, double, 0.5)):
        source, objective = Table.of(data, next(net.parameters())), Objective(net.targets)
        # a head sees a share of the loss: at a higher rate it moves as the head of one does
        heads = {"params": net.heads.parameters(), "lr": 0.05 / share}
        optimizer = torch.optim.SGD([{"params": net.shared()}, heads], 0.05)
        for _ in range(20):
            optimizer.zero_grad()
            (share * objective(net(source.X), source.Y, source.W)[0]).sum().backward()
            optimizer.step()
    torch.testing.assert_close(one.shared(), two.shared(), rtol=1e-10, atol=1e-12)


@one_of_each
def test_a_fit_is_the_same_when_it_is_made_again(sharing):
    data = table()
    model = deep.DeepModel(sharing, epochs=2, random_state=1).fit(data)
    again = clone(model).fit(data)
    for name in data.names:
        assert np.array_equal(model._outputs(data.X, name), again._outputs(data.X, name))
