"""Judgements on a scale, learnt as a distribution over its steps."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from polytask.deep.losses.base import Loss
from polytask.errors import require


@dataclass(frozen=True)
class Relatedness(Loss):
    r"""A number from 1 to K as a distribution over the K steps: ``KL(target || p)``.

    The target of y has its mass on the two steps beside y, so that its mean is y:
    ``target_k = max(0, 1 - |y - k|)``. The answer is ``sum_k k p_k``, which stays on the scale.

    Parameters
    ----------
    steps : int, >= 2
        K; labels beyond the ends count as the ends.

    Raises
    ------
    ParameterError
        If there are less than two steps.

    References
    ----------
    Tai, Socher, Manning. Improved semantic representations from tree-structured long short-term
    memory networks. ACL 2015, section 4.2.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import Relatedness
    >>> Relatedness(5).target(torch.tensor(3.75)).tolist()
    [0.0, 0.0, 0.25, 0.75, 0.0]
    >>> Relatedness(5).answer(torch.zeros(5)).item()
    3.0
    """

    steps: int = 5

    name: ClassVar[str] = "relatedness"
    kinds: ClassVar[tuple[str, ...]] = ("regression",)

    def __post_init__(self):
        require(self.steps >= 2, f"Relatedness needs steps >= 2. Found steps={self.steps}.")

    def width(self, kind):
        return self.steps

    def target(self, y):
        """The distribution ``(..., K)`` that a label ``(...)`` stands for."""
        return (1 - (y[..., None].clamp(1, self.steps) - self._scale(y)).abs()).clamp_min(0)

    def each(self, outputs, y):
        target = self.target(y)
        return (torch.xlogy(target, target) - target * outputs.log_softmax(-1)).sum(-1)

    def answer(self, outputs):
        return outputs.softmax(-1) @ self._scale(outputs)

    def _scale(self, like):
        return torch.arange(1, self.steps + 1, device=like.device, dtype=like.dtype)

    @classmethod
    def examples(cls):
        """A usual scale, and the shortest."""
        yield cls()
        yield cls(2)
