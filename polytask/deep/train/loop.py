"""The training loop, a generator of steps: logging and stopping are a ``for`` around it."""

from dataclasses import dataclass

import torch

from polytask.deep.balance import Equal
from polytask.deep.data import Source, Table
from polytask.deep.targets import targets
from polytask.deep.train.objective import Objective
from polytask.deep.train.optimizer import adamw
from polytask.deep.train.stream import Stream
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
    loss=None,
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
    data : Tasks or Source
    balance : Balancer
    loss : Loss or dict of task name -> Loss, optional
        For a net without ``targets`` of its own; default: that of every task's kind.
    epochs : int
        Times that every labelled row is seen.
    batch_size : int
        Most rows per step.
    learning_rate, weight_decay : float
        Of AdamW; biases do not decay.
    optimizer : torch.optim.Optimizer, optional
        In place of AdamW.
    validation : Tasks or Source, optional
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
    source, held = _source(data, like), _source(validation, like)
    objective = objective_of(net, source, loss)
    watched = held and objective_of(net, held, loss)
    names = tuple(aim.name for aim in objective.targets)
    make = optimizer is None
    optimizer = optimizer or adamw(net, learning_rate, weight_decay)
    rate = optimizer.param_groups[0]["lr"]
    weighing = balance.start(objective.targets, learning_rate=rate).to(like)
    order, stream = torch.Generator().manual_seed(seed), Stream(seed, like.device)

    for epoch in range(1, epochs + 1):
        batches = source.batches(batch_size, order, epoch)
        for left, pick in zip(reversed(range(len(batches))), batches):
            batch = source.batch(pick)
            net.train()
            with stream:
                outputs = net(batch.X) if batch.tasks is None else net(batch.X, batch.tasks)
                losses, present = objective(outputs, batch.Y, batch.W)
                optimizer.zero_grad()
                weights = weighing.backward(losses, present)
                _charge(net)
                optimizer.step()
                _after_step(net, rate)
            losses = losses.detach()
            if left == 0:
                _check_finite(losses, names, epoch)
                if hasattr(net, "after_epoch") and net.after_epoch(epoch, source) and make:
                    optimizer = adamw(net, learning_rate, weight_decay)
            scores = evaluate(net, held, watched) if left == 0 and held else None
            yield Step(epoch, names, losses, present, weights, left == 0, scores)


def objective_of(net, source, loss=None):
    """The `Objective` for the labels of a source, in its order, as a net means its outputs."""
    own = {aim.name: aim for aim in getattr(net, "targets", ())}
    return Objective(targets([own.get(task.name, task) for task in source.tasks], loss))


def _charge(net):
    """Add the gradient of the net's own penalty, which no balancer weighs."""
    price = net.penalty() if hasattr(net, "penalty") else None
    if price is not None:
        price.backward()


def _after_step(net, learning_rate):
    if hasattr(net, "after_step"):
        net.after_step(learning_rate)


@torch.no_grad()
def evaluate(net, source, objective):
    """Loss per task over all rows of a source, for the tasks with labels there."""
    net.eval()
    losses: dict[str, float] = {}
    total: dict[str, float] = {}
    for pick in source.chunks(CHUNK):
        batch = source.batch(pick)
        means, present = objective(net(batch.X), batch.Y, batch.W)
        # means of chunks, weighed by the labels that each chunk has
        for t in present.nonzero()[:, 0].tolist():
            name = objective.targets[t].name
            W = batch.W[name] if isinstance(batch.W, dict) else batch.W[:, t]
            weight = W.sum().item()
            losses[name] = losses.get(name, 0.0) + means[t].item() * weight
            total[name] = total.get(name, 0.0) + weight
    return {name: losses[name] / total[name] for name in losses}


def _source(data, like):
    return data if data is None or isinstance(data, Source) else Table.of(data, like)


def _check_finite(losses, names, epoch):
    broken = [name for name, loss in zip(names, losses.tolist()) if not abs(loss) < float("inf")]
    require(
        not broken,
        f"Training needs finite losses. Found another in epoch {epoch} for {broken[:5]}. Lower "
        "learning_rate, or scale inputs and targets.",
    )
