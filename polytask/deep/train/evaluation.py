"""What a net is worth on rows that it does not learn from."""

from itertools import islice

import torch

from polytask.deep.targets import asked, targets
from polytask.deep.train.crew import Crew
from polytask.deep.train.objective import Objective

# Rows at once where nothing is learned.
CHUNK = 4096


def objective_of(net, source, loss=None):
    """The `Objective` for the labels of a source, in its order, as a net means its outputs."""
    own = {aim.name: aim for aim in getattr(net, "targets", ())}
    return Objective(targets([own.get(task.name, task) for task in source.tasks], loss))


@torch.no_grad()
def evaluate(net, source, objective):
    """Loss per task over all rows of a source, for the tasks with labels there.

    Several processes share the rows, and all have the answer.
    """
    net.eval()
    crew = Crew(next(net.parameters()).device)
    losses, weights = torch.zeros(2, len(objective.targets), dtype=torch.float64)
    first, stride = (0, 1) if source.sharded else (crew.rank, crew.size)
    for pick in islice(source.chunks(CHUNK), first, None, stride):
        batch = source.batch(pick)
        outputs = answers(net, batch, objective)
        means, _ = objective(outputs, batch.Y, batch.W, batch.groups)
        # means of chunks, weighed by the labels that each chunk has
        weight = objective.weights(batch.Y, batch.W).double().cpu()
        losses += means.double().cpu() * weight
        weights += weight
    losses, weights = crew.sum(torch.stack((losses, weights)))
    each = zip(objective.targets, (losses / weights).tolist(), weights.tolist())
    return {aim.name: loss for aim, loss, weight in each if weight > 0}


def answers(net, batch, objective):
    """The outputs of a net for the tasks that a batch asks for, and for those their losses read."""
    some = batch.tasks
    if some is None and len(getattr(net, "targets", ())) > len(objective.targets):
        some = tuple(aim.name for aim in objective.targets)
    tasks = asked(objective.targets, some)
    return net(batch.X) if tasks is None else net(batch.X, tasks)
