"""Trees over the words of a sentence: a head for every word, and the relation to it."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn
from torch.nn import functional as F

from polytask.deep.losses.base import TINY, Coupled


@dataclass(frozen=True)
class Dependencies(Coupled):
    r"""Every word chooses its head among the other words and the root, and then the relation.

    ``m(t, j) = h_t^T W h_j`` with a learnt vector for the root, ``p(j | t) = softmax_(j != t)``;
    relations from ``[h_t; h_j]`` by a layer of rectified units. The loss of a word is ``- log p``
    of its head plus ``- log p`` of its relation *given the right head*; the answer takes the best
    head and the best relation to it, word by word: nothing makes sure that it is a tree.

    Outputs are ``(b, length, (length + 1) (1 + K))``: for every candidate, the root first, its
    score and those of the K relations to it.

    Parameters
    ----------
    hidden : int, >= 1
        Units between a pair of words and its relation.

    Notes
    -----
    It needs a sharing that tells heads where sentences end: `HardSharing`, `LowSupervision` and
    `JointManyTask` do.

    References
    ----------
    Hashimoto, Xiong, Tsuruoka, Socher. A joint many-task model. EMNLP 2017, section 2.4.

    Examples
    --------
    >>> import torch
    >>> free = torch.zeros(1, 3, 4 * (1 + 2))  # three words, two relations, nothing is known
    >>> y = torch.tensor([[[2.0, 0.0], [0.0, 1.0], [2.0, 0.0]]])
    >>> round(Dependencies().mean(free, y, torch.ones(1, 3)).item(), 4)  # log 4 + log 2
    2.0794
    """

    hidden: int = 100

    name: ClassVar[str] = "dependency"
    kinds: ClassVar[tuple[str, ...]] = ("dependency",)

    def head(self, kind, channels):
        return Arcs(channels, len(kind.relations), self.hidden)

    def mean(self, outputs, y, w, groups=None):
        arcs, relations = candidates(outputs)
        y = torch.where((w > 0)[..., None], y, 0).long()
        lost = F.cross_entropy(arcs.flatten(0, 1), y[..., 0].flatten(), reduction="none")
        lost = lost + F.cross_entropy(
            _at(relations, y[..., 0]).flatten(0, 1), y[..., 1].flatten(), reduction="none"
        )
        w = w.flatten()
        # a word behind the end may be barred from every right answer: it must not count as inf * 0
        return (torch.where(w > 0, lost, 0) * w).sum() / w.sum().clamp_min(TINY)

    def answer(self, outputs, mask=None):
        """Heads and relations ``(b, length, 2)``."""
        arcs, relations = candidates(outputs)
        heads = arcs.argmax(-1)
        return torch.stack([heads, _at(relations, heads).argmax(-1)], -1).to(outputs.dtype)

    @classmethod
    def examples(cls):
        """None: the number of outputs depends on the length of the batch."""
        return iter(())


class Arcs(nn.Module):
    """``(b, length, channels)`` to ``(b, length, (length + 1) (1 + K))``: words and their heads."""

    masked = True

    def __init__(self, channels, relations, hidden):
        super().__init__()
        self.bilinear = nn.Linear(channels, channels, bias=False)
        self.root = nn.Parameter(torch.zeros(channels))
        self.of_word, self.of_head = nn.Linear(channels, hidden), nn.Linear(channels, hidden)
        self.relation = nn.Linear(hidden, relations)

    def starts_at_zero(self):
        """What is 0 at the start of the paper."""
        return [self.bilinear.weight, self.root, *self.relation.parameters()]

    def forward(self, H, mask=None):
        b, length, _ = H.shape
        others = torch.cat([self.root.expand(b, 1, -1), H], 1)  # (b, length + 1, channels)
        arcs = self.bilinear(H) @ others.mT
        barred = torch.eye(length, length + 1, dtype=torch.bool, device=H.device).roll(1, 1)
        if mask is not None:
            barred = barred | F.pad(~mask, (1, 0))[:, None]
        arcs = arcs.masked_fill(barred, torch.finfo(H.dtype).min / 4)
        pairs = self.of_word(H)[:, :, None] + self.of_head(others)[:, None]
        return torch.cat([arcs[..., None], self.relation(pairs.relu())], -1).flatten(-2)


def candidates(outputs):
    """Scores of heads ``(b, length, length + 1)``, of relations ``(..., length + 1, K)``."""
    each = outputs.unflatten(-1, (outputs.shape[1] + 1, -1))
    return each[..., 0], each[..., 1:]


def _at(relations, heads):
    """Scores of relations ``(b, length, K)`` to these heads ``(b, length)``."""
    index = heads[..., None, None].expand(*heads.shape, 1, relations.shape[-1])
    return relations.gather(2, index)[:, :, 0]
