"""What every balancer obeys, whatever its members are: discovered by walking the package."""

import copy

import numpy as np
import pytest
import torch
from laws.found import classes
from sklearn.base import clone

from polytask import deep
from polytask.cli.catalog import parse_model
from polytask.kinds import Binary, Multiclass, Regression
from polytask.task import Task

BALANCERS = [example for one in classes(deep.Balancer) for example in one.examples()]
every = pytest.mark.parametrize("balance", BALANCERS, ids=repr)

TASKS = (Task("a", Regression()), Task("b", Binary()), Task("c", Multiclass()))
ALL = torch.tensor([True, True, True])


def start(balance, tasks=TASKS, learning_rate=0.01):
    return balance.start(tasks, learning_rate=learning_rate).double()


def losses(theta):
    """Three losses of one shared parameter (2,), with unlike gradients."""
    return torch.stack([(theta**2).sum(), (theta - 1).square().sum() / 2, theta[0] ** 4])


def walk(weighing, steps, present=ALL, theta=(2.0, -1.0)):
    """The parameter after some plain gradient steps, and its last gradient and weights."""
    theta = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        theta.grad = None
        here = losses(theta) * present
        weights = weighing.backward(here, present)
        with torch.no_grad():
            theta -= 0.01 * theta.grad
    return theta.detach(), theta.grad, weights


@every
def test_a_step_is_finite_also_for_a_flat_and_for_a_solved_task(balance):
    weighing = start(balance)
    theta = torch.tensor([1.0, 1.0], dtype=torch.float64, requires_grad=True)
    for _ in range(20):
        flat = torch.stack([theta.square().sum(), 0 * theta.sum() + 3, 0 * theta.sum()])
        theta.grad = None
        weights = weighing.backward(flat, ALL)
        assert torch.isfinite(theta.grad).all() and torch.isfinite(weights).all()


@every
def test_equal_tasks_move_along_their_common_gradient(balance):
    same = tuple(Task(name, Regression()) for name in "abc")
    theta = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
    loss = theta.square().sum()
    start(balance, same).backward(torch.stack([loss, loss, loss]), ALL)
    common = torch.tensor([4.0, -2.0], dtype=torch.float64)
    cosine = torch.nn.functional.cosine_similarity(theta.grad, common, dim=0)
    assert cosine.item() == pytest.approx(1, abs=1e-12)


@every
def test_weights_are_what_was_applied(balance):
    weighing = start(balance)
    walk(weighing, 5)
    theta = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
    each = torch.autograd.functional.jacobian(losses, theta)
    weights = weighing.backward(losses(theta), ALL)
    torch.testing.assert_close(theta.grad, weights @ each)
    assert not weights.requires_grad


@every
def test_an_absent_task_moves_no_state_and_gets_no_gradient(balance):
    weighing = start(balance)
    walk(weighing, 3)
    before = copy.deepcopy(weighing.state_dict())
    present = torch.tensor([True, False, True])
    walk(weighing, 4, present)
    for name, value in weighing.state_dict().items():
        if value.ndim and len(value) == len(TASKS):
            assert torch.equal(value[1], before[name][1]), name
    # and the others go on as if it did not exist
    alone = start(balance, (TASKS[0], TASKS[2]))
    theta = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
    alone.backward(losses(theta)[[0, 2]], present[[0, 2]])
    fresh = start(balance)
    other = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
    fresh.backward(losses(other) * present, present)
    torch.testing.assert_close(theta.grad, other.grad)


@every
def test_a_batch_without_any_label_changes_nothing(balance):
    weighing = start(balance)
    walk(weighing, 2)
    before = copy.deepcopy(weighing.state_dict())
    weighing.backward(torch.zeros(3, dtype=torch.float64), ~ALL)
    assert all(torch.equal(value, before[name]) for name, value in weighing.state_dict().items())


@every
def test_permuting_tasks_permutes_the_weights(balance):
    order = [2, 0, 1]
    one, two = start(balance), start(balance, tuple(TASKS[i] for i in order))
    for _ in range(5):
        theta = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
        a = one.backward(losses(theta), ALL)
        b = two.backward(losses(theta)[order], ALL)
    torch.testing.assert_close(a[order], b)


@every
def test_a_training_cut_in_two_by_its_state_goes_on_the_same(balance):
    whole, first = start(balance), start(balance)
    theta, _, _ = walk(whole, 10)
    half, _, _ = walk(first, 5)
    second = start(balance)
    second.load_state_dict(first.state_dict())
    rest, _, _ = walk(second, 5, theta=half.tolist())
    assert torch.equal(theta, rest)


@every
def test_the_value_can_be_cloned_searched_and_pasted_back(balance):
    model = deep.DeepModel(balance=balance)
    assert clone(model).balance == balance
    assert parse_model(repr(model)).balance == balance


@every
def test_a_net_is_trained_and_the_weights_are_reported(balance):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 4))
    Y = np.column_stack([X[:, 0], X[:, 0] + X[:, 1]])
    Y[rng.random(Y.shape) < 0.5] = np.nan
    sharing = deep.HardSharing(deep.mlp(16))
    model = deep.DeepModel(sharing, balance, epochs=60, batch_size=8, random_state=0).fit(X, Y)
    assert model.score(X, Y) > 0.8
    assert list(model.weights_) == ["y0", "y1"]
    assert np.isfinite(model.history_["weights"]).all() and min(model.weights_.values()) > 0
