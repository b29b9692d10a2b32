"""Losses of how rows are ordered within their query."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn import functional as F

from polytask.deep.losses.base import Coupled, nothing
from polytask.errors import require


@dataclass(frozen=True)
class Ranked(Coupled):
    """A loss per query; every query counts the same, a weight is how often a row stands in it."""

    grouped: ClassVar[bool] = True
    kinds: ClassVar[tuple[str, ...]] = ("ranking",)

    def mean(self, outputs, y, w, groups=None):
        """The mean over the queries of the batch that have something to order.

        Parameters
        ----------
        outputs : tensor (b, 1)
        y, w : tensors (b,)
        groups : tensor (b,) of whole numbers, optional
            The query of every row; default: one query.
        """
        require(y.ndim == 1, f"{type(self).__name__} orders rows. Found labels {tuple(y.shape)}.")
        groups = torch.zeros_like(y) if groups is None else groups
        if not w.any():
            return nothing(outputs)
        place, real = lists(groups, w)
        w = torch.where(real, w[place], 0)
        losses, counts = self.per_query(outputs[place, 0], y[place], w)
        return torch.where(counts, losses, 0).sum() / counts.sum().clamp_min(1)

    @abstractmethod
    def per_query(self, f, y, w):
        """Losses ``(q,)`` of scores, labels and weights ``(q, m)``, and which queries have one."""

    def answer(self, outputs):
        return outputs[..., 0]


@dataclass(frozen=True)
class PairwiseRanking(Ranked):
    r"""Of two rows of a query, the more relevant one above: RankNet's logistic loss.

    ``log(1 + exp(-(f_i - f_j)))`` for rows with ``y_i > y_j``: the mean over the pairs of a query,
    by the product of their weights, then over the queries that have a pair.

    References
    ----------
    Burges, Shaked, Renshaw, Lazier, Deeds, Hamilton, Hullender. Learning to rank using gradient
    descent. ICML 2005.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import PairwiseRanking
    >>> f, y = torch.tensor([[2.0], [0.0], [5.0]]), torch.tensor([1.0, 0.0, 3.0])
    >>> round(PairwiseRanking().mean(f, y, torch.ones(3), torch.tensor([0, 0, 1])).item(), 4)
    0.1269
    """

    name: ClassVar[str] = "pairwise"

    def per_query(self, f, y, w):
        above = (y[:, :, None] > y[:, None]) * w[:, :, None] * w[:, None]  # (q, m, m)
        total = above.sum((1, 2))
        losses = (above * F.softplus(f[:, None] - f[:, :, None])).sum((1, 2))
        return losses / torch.where(total > 0, total, 1), total > 0


@dataclass(frozen=True)
class ListwiseRanking(Ranked):
    r"""All rows of a query at once: ListNet, by the chance of standing first.

    ``P_y(i) = exp(y_i / tau) / sum_j exp(y_j / tau)`` and ``P_f`` likewise of the scores; the loss
    of a query is ``sum_i P_y(i) log(P_y(i) / P_f(i))``, the mean over queries.

    Parameters
    ----------
    temperature : float, > 0
        tau of the labels: near 0 only the most relevant rows count.

    Raises
    ------
    ParameterError
        If ``temperature`` is not positive.

    Notes
    -----
    The paper's cross-entropy less the entropy of ``P_y``: the gradient is the same, the best loss
    is 0, and a query of one row has none.

    References
    ----------
    Cao, Qin, Liu, Tsai, Li. Learning to rank: from pairwise approach to listwise approach. ICML
    2007. Equation 6 and theorem 8.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import ListwiseRanking
    >>> f, y = torch.tensor([[1.0], [0.0], [0.0]]), torch.tensor([2.0, 1.0, 4.0])
    >>> ListwiseRanking().mean(f, y, torch.ones(3), torch.tensor([0, 0, 1])).abs().item() < 1e-6
    True
    """

    temperature: float = 1.0

    name: ClassVar[str] = "listwise"

    def __post_init__(self):
        require(
            self.temperature > 0,
            f"ListwiseRanking needs temperature > 0. Found temperature={self.temperature}.",
        )

    def per_query(self, f, y, w):
        y = y / self.temperature
        there = w > 0
        log_w = torch.where(there, w, 1).log()
        log_y = y - _log_total(y + log_w, there)
        log_f = f - _log_total(f + log_w, there)
        share = torch.where(there, (log_y + log_w).exp(), 0)
        return (share * (log_y - log_f)).sum(1), there.any(1)


def _log_total(values, there):
    return values.masked_fill(~there, -torch.inf).logsumexp(1, keepdim=True)


def lists(groups, w):
    """Rows that count, by query: their places ``(q, m)``, and which of these are real."""
    rows = w.nonzero()[:, 0]
    order = rows[groups[rows].argsort(stable=True)]
    _, count = groups[order].unique_consecutive(return_counts=True)
    real = torch.arange(int(count.max()), device=w.device) < count[:, None]
    place = torch.zeros_like(real, dtype=torch.long)
    place[real] = order
    return place, real
