"""What tests of columns side by side compare with: nets one by one, and loops."""

import torch

from polytask import deep
from polytask.deep.trunk import Trunk, called
from polytask.kinds import Multiclass, Regression
from polytask.task import Task

TASKS = (
    Task("a", Regression()),
    Task("b", Multiclass(("x", "y", "z"))),
    Task("c", Regression()),
)
# A trunk and a shape of each form, every stage with four channels.
FORMS = {
    "vectors": (deep.mlp(4, 4, activation="tanh"), deep.Shape(3)),
    "sequences": ((deep.Recurrent(2), deep.Dense(4, "tanh")), deep.Shape(3, (5,))),
    "maps": ((deep.Convolution(4), deep.Convolution(4, 1)), deep.Shape(3, (4, 6))),
}


def build(sharing, shape, tasks=TASKS, seed=0):
    """A net in float64, in evaluation."""
    torch.manual_seed(seed)
    return sharing.build(tasks, shape).double().eval()


def batch(shape, rows=6, seed=1):
    """Rows of this shape."""
    form = (shape.channels, *shape.grid) if len(shape.grid) == 2 else (*shape.grid, shape.channels)
    return torch.randn(rows, *form, generator=torch.Generator().manual_seed(seed)).double()


def column(net, trunk, shape, t):
    """The trunk of one task by itself, with the numbers of its column."""
    alone = Trunk(trunk, shape).double().eval()
    for mine, side in zip(alone.stages, net.stages, strict=True):
        state = {name: stack[t].detach() for name, stack in side.stacks().items()}
        mine.load_state_dict(state)
    return alone


def by_loop(net, trunk, shape, X, mixed):
    """Features of every task after every stage: task by task, and ``mixed(place, [H_t])``."""
    alone = [column(net, trunk, shape, t) for t in range(len(net.targets))]
    H, layers = [X] * len(alone), []
    for place in range(len(trunk)):
        H = mixed(place, [called(one.stages[place], h, None) for one, h in zip(alone, H)])
        layers.append(H)
    return layers


def answers(net, features):
    """Outputs of the heads on features per task."""
    return net.heads(torch.stack(features))
