"""The training loop, a generator of steps: logging and stopping are a ``for`` around it."""

from dataclasses import dataclass

import torch

from polytask.deep.balance import Equal
from polytask.deep.train.objective import Objective
from polytask.deep.train.stream import Stream
from polytask.deep.train.table import Table
from polytask.errors import require

# Rows at once where nothing is learned.
CHUNK = 4096


@dataclass(frozen=True, eq=False)
class Step:
    """What happened in one step.

    Attributes
    ----------
    epoch : int
        From 1.
    names : tuple of T str
    losses : tensor (T,)
        Per task, before the update; 0 where the batch has no label of it.
    present : bool tensor (T,)
        Which tasks have a label in the batch.
    weights : tensor (T,)
        Effective weights of the tasks.
    ends_epoch : bool
    validation : dict of task name -> float, or None
        At the end of an epoch: loss on the held-out part, for the tasks with labels there.
    """

    epoch: int
    names: tuple[str, ...]
    losses: torch.Tensor
    present: torch.Tensor
    weights: torch.Tensor
    ends_epoch: bool
    validation: dict | None


def steps(
    net,
    data,
    balance=Equal(),  # noqa: B008  frozen
    *,
    epochs=100,
    batch_size=64,
    learning_rate=3e-3,
    weight_decay=0.01,
    optimizer=None,
    validation=None,
    seed=0,
):
    """Train a net on all tasks together, and yield after every step.

    Parameters
    ----------
    net : torch.nn.Module
        Inputs ``(b, d)`` to a dict of task name -> outputs ``(b, o_t)``, such as
        ``HardSharing().build(tasks, d)``. It decides the type and the device of the numbers.
    data : Tasks or Table
    balance : Balancer
    epochs : int
        Times that every labelled row is seen.
    batch_size : int
        Most rows per step.
    learning_rate, weight_decay : float
        Of AdamW; biases do not decay.
    optimizer : torch.optim.Optimizer, optional
        In place of AdamW.
    validation : Tasks or Table, optional
        Scored at the end of every epoch.
    seed : int
        Of the order of the rows and of dropout; torch's global stream is not touched.

    Yields
    ------
    Step

    Raises
    ------
    ParameterError
        If a loss is no longer finite at the end of an epoch; names the task.

    Examples
    --------
    >>> import torch
    >>> from polytask import Tasks, deep
    >>> data = Tasks.from_arrays(torch.eye(4).numpy(), [[0.0, 1], [1, 0], [2, 1], [3, 0]])
    >>> net = deep.HardSharing(deep.mlp(8)).build(data.tasks, data.n_features)
    >>> seen = [step.losses.sum().item() for step in deep.steps(net, data, epochs=50)]
    >>> len(seen), seen[-1] < seen[0]
    (50, True)
    """
    like = next(net.parameters())
    table, held = _table(data, like), _table(validation, like)
    objective = Objective(table.tasks)
    names = tuple(task.name for task in table.tasks)
    optimizer = optimizer or adamw(net, learning_rate, weight_decay)
    weighing = balance.start(table.tasks, learning_rate=optimizer.param_groups[0]["lr"]).to(like)
    order, stream = torch.Generator().manual_seed(seed), Stream(seed, like.device)

    for epoch in range(1, epochs + 1):
        batches = table.batches(batch_size, order)
        for left, rows in zip(reversed(range(len(batches))), batches):
            X, Y, W = table.batch(rows)
            net.train()
            with stream:
                losses, present = objective(net(X), Y, W)
                optimizer.zero_grad()
                weights = weighing.backward(losses, present)
                optimizer.step()
            losses = losses.detach()
            if left == 0:
                _check_finite(losses, names, epoch)
            scores = evaluate(net, held, objective) if left == 0 and held else None
            yield Step(epoch, names, losses, present, weights, left == 0, scores)


def adamw(net, learning_rate, weight_decay):
    """AdamW over what a net can learn; only matrices decay."""
    learned = [p for p in net.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=learning_rate)


@torch.no_grad()
def evaluate(net, table, objective):
    """Loss per task over all rows of a table, for the tasks with labels there."""
    net.eval()
    losses = total = table.Y.new_zeros(len(table.tasks))
    for rows in torch.arange(table.n_rows, device=table.Y.device).split(CHUNK):
        X, Y, W = table.batch(rows)
        means, _ = objective(net(X), Y, W)
        # means of chunks, weighed by the labels that each chunk has
        losses, total = losses + means * W.sum(0), total + W.sum(0)
    names = (task.name for task in table.tasks)
    each = zip(names, losses.tolist(), total.tolist())
    return {name: loss / weight for name, loss, weight in each if weight}


def _table(data, like):
    return data if data is None or isinstance(data, Table) else Table.of(data, like)


def _check_finite(losses, names, epoch):
    broken = [name for name, loss in zip(names, losses.tolist()) if not abs(loss) < float("inf")]
    require(
        not broken,
        f"Training needs finite losses. Found another in epoch {epoch} for {broken[:5]}. Lower "
        "learning_rate, or scale inputs and targets.",
    )
