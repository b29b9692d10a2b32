"""The losses of several batches, and of several processes, as those of one batch."""

from contextlib import nullcontext

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from polytask.deep.train.evaluation import answers

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


class Joint:
    """``L_t = sum_m w_mt L_mt / sum_m w_mt`` over batches m, with ``w_mt`` the weight of labels.

    Parameters
    ----------
    net : torch.nn.Module
    objective : Objective
    precision : Precision
    crew : Crew
    """

    def __init__(self, net, objective, precision, crew):
        self.net, self.objective = net, objective
        self.precision, self.crew = precision, crew

    def __call__(self, batches):
        """Losses ``(T,)`` with their graph, and which tasks are present ``(T,)``."""
        if len(batches) == 1 and self.crew.alone:
            return self._losses(batches[0])
        batches = [batch for batch in batches if batch is not None]
        like = next(self.net.parameters())
        weights = like.new_zeros(0, len(self.objective.targets))
        if batches:
            weights = torch.stack([self.objective.weights(batch.Y, batch.W) for batch in batches])
        total = self.crew.sum(weights.sum(0))
        present = total > 0
        shares = weights / torch.where(present, total, 1.0)
        parts = [share * self._again(batch) for share, batch in zip(shares, batches)]
        return self.crew.total(sum(parts, like.new_zeros(len(total)))), present

    def _losses(self, batch):
        with self.precision.context():
            outputs = answers(self.net, batch, self.objective)
        if self.precision.dtype is not None:
            like = next(self.net.parameters())
            outputs = {name: out.to(like.dtype) for name, out in outputs.items()}
        return self.objective(outputs, batch.Y, batch.W, batch.groups)

    def _again(self, batch):
        """Losses whose graph is made a second time when it is needed, one batch after another."""
        return checkpoint(
            lambda: self._losses(batch)[0],
            use_reentrant=False,
            context_fn=lambda: (nullcontext(), StatisticsAtRest(self.net)),
        )


class StatisticsAtRest:
    """Batch normalisation as in training, but a batch that comes again is not counted again.

    It can be entered again: a balancer that asks for every task's gradient goes back through a
    batch once per task.

    Parameters
    ----------
    net : torch.nn.Module
    """

    def __init__(self, net):
        self._net = net
        self._before: list = []

    def __enter__(self):
        self._before = [
            (module, module.momentum, module.num_batches_tracked.clone())
            for module in self._net.modules()
            if isinstance(module, NORMS) and module.track_running_stats
        ]
        for module, _, _ in self._before:
            module.momentum = 0.0

    def __exit__(self, *failure):
        for module, momentum, count in self._before:
            module.momentum = momentum
            module.num_batches_tracked.copy_(count)
