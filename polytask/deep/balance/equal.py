"""Equal weights: the plain sum of the losses."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from polytask.deep.balance.base import Balancer, LossWeighing


@dataclass(frozen=True)
class Equal(Balancer):
    """Every task counts 1: the plain sum of the tasks' mean losses.

    ``J = sum_t L_t``. With regression targets in standard units and cross-entropies this is hard to
    beat; with targets in their own units the task with the largest unit wins.

    References
    ----------
    Caruana. Multitask learning. Machine Learning 28, 1997.
    Survey: baselines.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep import Equal
    >>> losses = torch.tensor([2.0, 5.0], requires_grad=True)
    >>> Equal().start(("a", "b"), learning_rate=0.1).backward(losses, losses > 0)
    tensor([1., 1.])
    """

    sees: ClassVar[str] = "losses"

    def start(self, tasks, *, learning_rate):
        """Nothing to remember."""
        return _Equal()


class _Equal(LossWeighing):
    def weigh(self, losses, present):
        return torch.ones_like(losses)

    def backward(self, losses, present):
        # nothing to multiply by
        if losses.requires_grad:
            losses.sum().backward()
        return self.weigh(losses.detach(), present)
