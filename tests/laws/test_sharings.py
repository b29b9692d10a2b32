"""What every sharing obeys, whatever its members are: discovered by walking the package."""

import pickle

import numpy as np
import pytest
import torch
from laws.found import classes
from sklearn.base import clone

from polytask import Tasks, deep
from polytask.cli.catalog import parse_model
from polytask.deep.train import Stream
from polytask.errors import UnsupportedError
from polytask.kinds import Binary, Multiclass, Regression
from polytask.persist import load, save
from polytask.task import Task

SHARINGS = [example for one in classes(deep.Sharing) for example in one.examples()]
every = pytest.mark.parametrize("sharing", SHARINGS, ids=repr)

TASKS = (
    Task("price", Regression()),
    Task("tree", Multiclass(("ash", "elm", "oak"))),
    Task("sold", Binary()),
    Task("size", Regression()),
)
D = 7


def net_of(sharing, tasks=TASKS, seed=0):
    """A net at a start that does not depend on what ran before."""
    with Stream(seed):
        return sharing.build(tasks, D).double()


def inputs(n=12, seed=1):
    return torch.as_tensor(np.random.default_rng(seed).normal(size=(n, D)))


def table(n=60, seed=2):
    """Labels of all kinds for the same rows, with holes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, D))
    Y = np.column_stack([X[:, 0] + X[:, 1], X[:, 1:4].argmax(1), X[:, 0] > 0, X[:, 1]])
    Y[rng.random(Y.shape) < 0.3] = np.nan
    kinds = {"price": "regression", "tree": "multiclass", "sold": "binary", "size": "regression"}
    return Tasks.from_arrays(X, Y, names=list(kinds), kinds=kinds)


@every
def test_there_is_one_output_of_the_right_shape_per_task(sharing):
    outputs = net_of(sharing)(inputs())
    assert list(outputs) == [task.name for task in TASKS]
    assert [out.shape for out in outputs.values()] == [(12, task.kind.width) for task in TASKS]


@every
def test_every_parameter_gets_a_gradient(sharing):
    net = net_of(sharing).train()
    # a net that draws its paths uses some of them in a pass, and all of them in many; behind a map
    # that is zero at the start there is a gradient one step further
    small = torch.optim.SGD(net.parameters(), lr=1e-5)
    with Stream(0):
        for _ in range(8):
            sum((out**2).sum() for out in net(inputs(200)).values()).backward()
            small.step()
    silent = [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()]
    assert not silent


@every
def test_every_task_reaches_a_shared_parameter(sharing):
    net = net_of(sharing)
    net.eval()
    if not net.shared():
        pytest.skip(f"{sharing!r} shares nothing")
    for out in net(inputs(200)).values():
        gradients = torch.autograd.grad(
            (out**2).sum(), net.shared(), allow_unused=True, retain_graph=True
        )
        assert any(g is not None and g.any() for g in gradients)


@every
def test_no_number_outside_the_shared_part_serves_two_tasks(sharing):
    net = net_of(sharing)
    net.eval()
    shared = {id(p) for p in net.shared()}
    own = [p for p in net.parameters() if id(p) not in shared]
    touched = [torch.zeros_like(p) for p in own]
    for out in net(inputs(200)).values():
        gradients = torch.autograd.grad((out**2).sum(), own, allow_unused=True, retain_graph=True)
        for count, gradient in zip(touched, gradients, strict=True):
            count += 0 if gradient is None else (gradient != 0)
    assert all(count.max() <= 1 for count in touched)


@every
def test_a_row_does_not_see_its_neighbours(sharing):
    net = net_of(sharing)
    net.eval()
    whole = net(inputs())
    for name, alone in net(inputs()[3:5]).items():
        torch.testing.assert_close(alone, whole[name][3:5], rtol=1e-12, atol=1e-12)


@every
def test_the_gradient_of_the_shared_part_is_the_sum_of_the_tasks_gradients(sharing):
    net = net_of(sharing)
    net.eval()
    if not net.shared():
        pytest.skip(f"{sharing!r} shares nothing")
    losses = [(out**2).mean() for out in net(inputs()).values()]
    # a task need not touch all that is shared
    options = {"retain_graph": True, "allow_unused": True, "materialize_grads": True}
    together = torch.autograd.grad(sum(losses), net.shared(), **options)
    alone = [torch.autograd.grad(loss, net.shared(), **options) for loss in losses]
    for whole, parts in zip(together, zip(*alone, strict=True), strict=True):
        torch.testing.assert_close(whole, sum(parts), rtol=1e-12, atol=1e-12)


@every
def test_building_twice_from_one_stream_gives_the_same_start(sharing):
    one, two = net_of(sharing).state_dict(), net_of(sharing).state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)


@every
def test_a_net_takes_over_what_another_shares_and_nothing_else(sharing):
    one, two = net_of(sharing, seed=0), net_of(sharing, TASKS[:2], seed=1)
    own = {name: value.clone() for name, value in two.state_dict().items()}
    try:
        two.adopt(one)
    except UnsupportedError as refusal:
        pytest.skip(f"refused by name: {refusal}")
    shared = {id(p) for p in two.shared()}
    for mine, other in zip(two.shared(), one.shared(), strict=True):
        assert torch.equal(mine, other)
    for name, parameter in two.named_parameters():
        assert id(parameter) in shared or torch.equal(parameter, own[name])


@every
def test_the_value_can_be_cloned_searched_and_pasted_back(sharing):
    model = deep.DeepModel(sharing)
    assert clone(model).sharing == sharing
    assert parse_model(repr(model)).sharing == sharing
    assert sharing.replace(**sharing.get_params(deep=False)) == sharing


@every
def test_saving_and_loading_changes_no_answer(sharing, tmp_path):
    data = table()
    model = deep.DeepModel(sharing, epochs=3, random_state=0).fit(data)
    save(model, tmp_path / "a.model")
    for again in (load(tmp_path / "a.model"), pickle.loads(pickle.dumps(model))):
        for name in data.names:
            expected = model._outputs(data.X, name)
            assert np.array_equal(again._outputs(data.X, name), expected)


@every
def test_tasks_without_a_label_do_no_harm(sharing):
    data = table()
    lone = data.keep("price")
    empty = [one.pick(np.zeros(one.n, bool)) for one in data if one.task.name != "price"]
    both = lone.add(*empty)
    model = deep.DeepModel(sharing, epochs=3, random_state=0).fit(both)
    assert np.isfinite(model._outputs(data.X, "price")).all()
    assert np.isfinite(model.history_["losses"][:, 0]).all()
    assert np.isnan(model.history_["losses"][:, 1:]).all()
