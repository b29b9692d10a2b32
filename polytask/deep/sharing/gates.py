"""Gates: how much every row of a task draws from every expert."""

import torch
from torch import nn
from torch.nn import functional as F

from polytask.deep.sharing.stacked import stacked


class SoftmaxGates(nn.Module):
    """A softmax gate per task: ``g_t(x) = softmax(x G_t + a_t)``, all asked ones as one product.

    With one expert there is nothing to choose: the gates are 1 and have no parameters.

    Parameters
    ----------
    inputs : int
        Numbers that a gate looks at.
    count : int
        Experts.
    tasks : int
    """

    def __init__(self, inputs, count, tasks):
        super().__init__()
        self.count = count
        chosen = range(tasks if count > 1 else 0)
        self.each = nn.ModuleList([nn.Linear(inputs, count) for _ in chosen])

    def forward(self, S, which):
        """Gates ``(t, b, count)`` of the tasks ``which`` for what they look at, ``(b, inputs)``."""
        if self.count == 1:
            return S.new_ones(len(which), len(S), 1)
        logits = linears([self.each[t] for t in which], S)
        return logits.softmax(-1)

    def apart(self, S, which):
        """The same where every task looks at something of its own, ``(t, b, inputs)``."""
        if self.count == 1:
            return S.new_ones(*S.shape[:2], 1)
        return stacked([self.each[t] for t in which], S).softmax(-1)


def linears(maps, S):
    """Several linear maps of the same rows as one product, ``(t, b, o)``."""
    weight, bias = torch.cat([m.weight for m in maps]), torch.cat([m.bias for m in maps])
    return F.linear(S, weight, bias).unflatten(-1, (len(maps), -1)).movedim(-2, 0)


@torch.no_grad()
def mean_per_task(net, source, read, size=4096):
    """Means over the labelled rows of every task of what a net reads, ``(T, ...)``.

    Parameters
    ----------
    net : Net
    source : Source
        A task without a label there gets zeros.
    read : callable
        From the inputs of a batch to values ``(T, b, ...)``.
    """
    was = net.training
    net.eval()
    names = [aim.name for aim in net.targets]
    total, weight = 0.0, 0.0
    for pick in source.chunks(size):
        batch = source.batch(pick)
        values = read(batch.X)
        rows = torch.stack([_labelled(batch, source, name) for name in names]).to(values)
        total = total + torch.einsum("tb,tb...->t...", rows, values)
        weight = weight + rows.sum(1)
    net.train(was)
    return total / weight.clamp_min(1).reshape(-1, *[1] * (total.ndim - 1))


def _labelled(batch, source, name):
    """Which rows of a batch have a label of a task, ``(b,)``."""
    if isinstance(batch.W, dict):
        found = batch.W.get(name)
        if found is None:
            return torch.zeros(batch.n_rows)
        return (found != 0).reshape(len(found), -1).any(1)
    places = [task.name for task in source.tasks]
    if name not in places:
        return torch.zeros(batch.n_rows)
    return batch.W[:, places.index(name)] != 0
