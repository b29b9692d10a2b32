"""The gradient of the whole model beside central differences: every sharing with every loss.

A net has a task per loss. The slope of a random mixture of all losses and of the net's own price is
compared along random directions of all parameters: what is wrong in any part is seen in every one.
"""

import numpy as np
import pytest
import torch
from laws.found import classes
from laws.test_deep_losses import KINDS, LOSSES, labels

from polytask import deep
from polytask.deep.blocks import ACTIVATIONS
from polytask.deep.shape import Shape
from polytask.deep.targets import Target
from polytask.deep.train import Stream
from polytask.deep.train.objective import Objective
from polytask.errors import UnsupportedError
from polytask.task import Task

# one example of each: a net with a task per loss is large where every task has parts of its own
SHARINGS = [next(iter(one.examples())) for one in classes(deep.Sharing)]
B, LENGTH, D = 12, 3, 4
EPSILON = 1e-6
# names that examples of sharings tie to each other
FIRST = ("sold", "price", "tree", "size")


def aims_of(positional):
    """A target per loss whose labels stand at positions, or per row; the first one is binary."""
    mine = [loss for loss in LOSSES if KINDS[loss.kinds[-1]].positional == positional]
    order = [deep.BinaryCrossEntropy(), *(loss for loss in mine if loss.name != "logistic")]
    names = [*FIRST, *(f"task {t}" for t in range(len(FIRST), len(order)))]
    return tuple(
        Target(Task(name, KINDS[loss.kinds[-1]]), linked(loss))
        for name, loss in zip(names, order, strict=True)
    )


def linked(loss):
    """The loss with the tasks that it names among those of the net."""
    if loss.given is not None:
        return loss.replace(task="sold")
    return loss.replace(after=("sold",) * len(loss.reads)) if loss.reads else loss


def built(sharing, aims, shape):
    """A net away from its start, where nothing is symmetric."""
    with Stream(3):
        try:
            net = sharing.build(aims, shape).double().eval()
        except UnsupportedError as refusal:
            pytest.skip(str(refusal))
        for parameter in net.parameters():
            parameter.data += 0.1 * torch.randn_like(parameter)
    return net


def prices_of(net, aims, grid):
    """Losses ``(T,)`` on labels with holes, and the net's own price, without arguments."""
    rng = np.random.default_rng(5)
    X = torch.as_tensor(rng.normal(size=(*grid, D)))
    Y = {aim.name: torch.as_tensor(labels(aim.kind, grid, rng)) for aim in aims}
    W = {aim.name: torch.as_tensor(rng.integers(0, 3, grid)).double() for aim in aims}
    objective, groups = Objective(aims), torch.arange(B) // 4

    def values():
        losses, present = objective(net(X), Y, W, groups)
        assert present.all()
        own = net.penalty()
        return torch.cat([losses, (losses.new_zeros(()) if own is None else own).reshape(1)])

    return values


def differences(value, parameters, way):
    """Slope of a value along ``way`` by central differences."""
    ends = []
    with torch.no_grad():
        for step in (EPSILON, -2 * EPSILON):
            for p, v in zip(parameters, way):
                p += step * v
            ends.append(value().item())
        for p, v in zip(parameters, way):
            p += EPSILON * v
    return (ends[0] - ends[1]) / (2 * EPSILON)


@pytest.mark.parametrize("positional", [False, True], ids=["rows", "positions"])
@pytest.mark.parametrize("sharing", SHARINGS, ids=repr)
def test_gradients_of_the_whole_model_are_those_of_central_differences(
    sharing, positional, monkeypatch
):
    # among thousands of rectifiers one has its kink between the two ends of a difference
    monkeypatch.setitem(ACTIVATIONS, "relu", torch.nn.Softplus)
    aims, grid = aims_of(positional), (B, LENGTH) if positional else (B,)
    net = built(sharing, aims, Shape(D, grid[1:]))
    values, parameters = prices_of(net, aims, grid), list(net.parameters())
    generator = torch.Generator().manual_seed(0)
    for _ in range(2):
        mix = torch.randn(len(aims) + 1, generator=generator).double()
        value = lambda mix=mix: mix @ values()  # noqa: E731  one number of all of them
        way = [torch.randn(p.shape, generator=generator).double() for p in parameters]
        gradients = torch.autograd.grad(value(), parameters, allow_unused=True)
        slope = sum((g * v).sum().item() for g, v in zip(gradients, way) if g is not None)
        assert slope == pytest.approx(differences(value, parameters, way), rel=2e-6, abs=2e-7)
        assert abs(slope) > 1e-3
