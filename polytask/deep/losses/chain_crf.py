"""Tags of a sentence as one answer: a linear-chain conditional random field."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn
from torch.nn import functional as F

from polytask.deep.losses.base import TINY, Coupled


@dataclass(frozen=True)
class ChainCRF(Coupled):
    r"""The whole tag sequence at once: which tag may follow which is learnt beside the words.

    ``log p(y | X) = sum_i s_i(y_(i-1), y_i) - log sum over all sequences of exp(...)``, with
    ``s_i(a, b) = E_i(b) + A(a, b)``, the transitions A learnt by the head, ``y_0`` a start of its
    own. The loss is ``- sum log p / number of labelled words``; the answer is the best sequence
    (Viterbi), as probabilities 0 and 1.

    Outputs are the potentials ``s_i(a, b)``, ``(..., (K + 1) K)``, the row of the start last: the
    loss has no state, and transitions may depend on the word.

    Notes
    -----
    A sentence ends at its last labelled word: what comes after it, padding or not, is not read. An
    unlabelled word before it is summed over. There is no potential for the end of a sentence.

    References
    ----------
    Lafferty, McCallum, Pereira. Conditional random fields. ICML 2001.
    Lample, Ballesteros, Subramanian, Kawakami, Dyer. Neural architectures for named entity
    recognition. NAACL 2016.
    Tsuboi, Kashima, Mori, Oda, Matsumoto. Training conditional random fields using incomplete
    annotations. COLING 2008. (Unlabelled words.)

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import ChainCRF
    >>> free = torch.zeros(1, 5, 3 * 2)  # two tags, all sequences alike
    >>> round(ChainCRF().mean(free, torch.zeros(1, 5), torch.ones(1, 5)).item(), 4)  # log 2
    0.6931
    """

    name: ClassVar[str] = "chain"
    kinds: ClassVar[tuple[str, ...]] = ("multiclass", "tagging")

    def width(self, kind):
        return (len(kind.classes) + 1) * len(kind.classes)

    def head(self, kind, channels):
        return Potentials(channels, len(kind.classes))

    def mean(self, outputs, y, w, groups=None):
        S, labelled = potentials(outputs), w > 0
        length = _length(labelled)
        tags = F.one_hot(torch.where(labelled, y, 0).long(), S.shape[-1]).bool()
        allowed = tags | ~labelled[..., None]
        lost = _log_total(S, torch.ones_like(allowed), length) - _log_total(S, allowed, length)
        weight = w.sum(1) / labelled.sum(1).clamp_min(1)
        return (weight * lost).sum() / w.sum().clamp_min(TINY)

    def answer(self, outputs, mask=None):
        """The best tags ``(b, length, K)``, one 1 per word; ``mask`` says which words are real."""
        S = potentials(outputs)
        return F.one_hot(self.tags(outputs, mask), S.shape[-1]).to(S.dtype)

    def tags(self, outputs, mask=None):
        """The best sequence ``(b, length)`` of tag numbers by Viterbi's algorithm."""
        S = potentials(outputs)
        b, steps, _, K = S.shape
        mask = S.new_ones(b, steps, dtype=torch.bool) if mask is None else mask
        best, back = S[:, 0, K], []
        for i in range(1, steps):
            value, before = (best[:, :, None] + S[:, i, :K]).max(1)
            here = mask[:, i, None]
            best = torch.where(here, value, best)
            # beyond the end the way back stays at the last tag
            back.append(torch.where(here, before, torch.arange(K, device=S.device)))
        found = [best.argmax(1)]
        for before in reversed(back):
            found.append(before.gather(1, found[-1][:, None])[:, 0])
        return torch.stack(found[::-1], 1)


class Potentials(nn.Module):
    """``(..., channels)`` to ``(..., (K + 1) K)``: what a word says, and what may follow what."""

    def __init__(self, channels, classes):
        super().__init__()
        self.word = nn.Linear(channels, classes)
        self.transitions = nn.Parameter(torch.zeros(classes + 1, classes))

    def forward(self, H):
        return (self.word(H)[..., None, :] + self.transitions).flatten(-2)


def potentials(outputs):
    """Outputs ``(b, length, (K + 1) K)`` as ``(b, length, K + 1, K)``: tag before, tag here."""
    K = int(outputs.shape[-1] ** 0.5)  # K < sqrt(K (K + 1)) < K + 1
    return outputs.unflatten(-1, (K + 1, K))


def _length(labelled):
    place = torch.arange(1, labelled.shape[1] + 1, device=labelled.device)
    return (labelled * place).amax(1)


def _log_total(S, allowed, length):
    """Log of the sum over sequences of allowed tags ``(b, length, K)``: the forward algorithm."""
    K = S.shape[-1]
    low = torch.finfo(S.dtype).min / 4
    total = S[:, 0, K].masked_fill(~allowed[:, 0], low)
    for i in range(1, S.shape[1]):
        step = (total[:, :, None] + S[:, i, :K]).logsumexp(1).masked_fill(~allowed[:, i], low)
        total = torch.where((i < length)[:, None], step, total)
    return total.logsumexp(1)
