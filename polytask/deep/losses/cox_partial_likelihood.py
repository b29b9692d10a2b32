"""Cox's partial likelihood: which of the rows at risk has its event, and not when."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from polytask.deep.losses.base import TINY, Coupled, nothing


@dataclass(frozen=True)
class CoxPartialLikelihood(Coupled):
    r"""Times until an event, some of them censored; outputs are log relative hazards.

    ``(1 / n) (sum over event times k of D_k log(S_k / D_k) - sum over events of w_i f_i)``, with
    S_k the sum of ``w exp(f)`` over the rows of the batch that are seen at least until k, and D_k
    the weight of the events at k: Breslow's rule for ties. Zero for the best model imaginable.

    Notes
    -----
    The rows at risk are those of the *batch*: the gradient of a batch is not that of the table, and
    the smaller the batch the less an event is compared with. Take batches of hundreds of rows.

    References
    ----------
    Cox. Regression models and life-tables. JRSS B 1972.
    Breslow. Discussion of Professor Cox's paper. JRSS B 1972.
    Katzman, Shaham, Cloninger, Bates, Jiang, Kluger. DeepSurv: personalized treatment recommender
    system using a Cox proportional hazards deep neural network. BMC Medical Research Methodology
    18, 2018.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import CoxPartialLikelihood
    >>> y = torch.tensor([1.0, 2.0, -3.0])  # the third was last seen at 3, without an event
    >>> loss = CoxPartialLikelihood().mean(torch.zeros(3, 1), y, torch.ones(3))
    >>> round(loss.item(), 4), round(float(torch.tensor(6.0).log()) / 3, 4)  # log 3 + log 2
    (0.5973, 0.5973)
    """

    name: ClassVar[str] = "cox"
    kinds: ClassVar[tuple[str, ...]] = ("survival",)

    def mean(self, outputs, y, w, groups=None):
        rows = w.reshape(-1).nonzero()[:, 0]
        if not len(rows):
            return nothing(outputs)
        f, y, w = outputs.reshape(-1)[rows], y.reshape(-1)[rows], w.reshape(-1)[rows]
        order = y.abs().argsort(descending=True, stable=True)
        f, y, w = f[order], y[order], w[order]
        event, when = w * (y > 0), y.abs()
        # rows of one time stand together; their risk set ends with the last of them
        ends = torch.cat([(when[1:] != when[:-1]).nonzero()[:, 0], rows.new_tensor([len(y) - 1])])
        block = torch.bucketize(torch.arange(len(y), device=y.device), ends)
        mass = torch.zeros_like(f[ends]).index_add(0, block, event)
        logs = torch.logcumsumexp(f + w.log(), 0)[ends] - mass.clamp_min(TINY).log()
        return ((mass * logs).sum() - (event * f).sum()) / w.sum()

    def answer(self, outputs):
        return outputs[..., 0]
