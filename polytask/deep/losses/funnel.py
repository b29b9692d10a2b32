"""Steps of which each is possible only after the one before: view, click, buy."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn import functional as F

from polytask.deep.losses.base import Loss
from polytask.errors import require


@dataclass(frozen=True)
class Funnel(Loss):
    r"""A step after others, learnt on all rows: ``p(click and buy) = p(click) p(buy | click)``.

    The output of the task is the log-odds of its step *given* the steps before; the loss is the
    cross-entropy of the product against the label, on all rows: rows without a click say something
    of both factors. Answers are probabilities of the label; `conditional` gives the last factor.

    Parameters
    ----------
    after : tuple of str
        The binary tasks before this one, from the first: ``Funnel(("click",))``. With three steps
        the third names both.

    Raises
    ------
    ParameterError
        If ``after`` names no task.

    Notes
    -----
    Learnt on clicks alone, p(buy | click) would be fitted on rows that are chosen by the click and
    asked on all. Both log p and log(1 - p) are sums of logs of sigmoids: nothing is divided, and
    nothing cancels.

    References
    ----------
    Ma, Zhao, Huang, Wang, Hu, Zhu, Gai. Entire space multi-task model: an effective approach for
    estimating post-click conversion rate. SIGIR 2018. Equations 2 and 3.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.losses import Funnel
    >>> loss = Funnel(("click",))
    >>> loss.answer(torch.zeros(2)).tolist()  # log-odds 0 of the click, and of buying after it
    [0.75, 0.25]
    """

    after: tuple[str, ...]

    name: ClassVar[str] = "funnel"
    kinds: ClassVar[tuple[str, ...]] = ("binary",)

    def __post_init__(self):
        require(
            isinstance(self.after, tuple | list) and len(self.after) > 0,
            f"Funnel needs the tasks before it, such as ('click',). Found after={self.after!r}.",
        )

    @property
    def reads(self):
        """The steps before."""
        return tuple(self.after)

    def each(self, outputs, y):
        happened, not_happened = _logs(outputs)
        return -(y * happened + (1 - y) * not_happened)

    def answer(self, outputs):
        return torch.stack(_logs(outputs)[::-1], -1).exp()

    def conditional(self, outputs):
        """Outputs ``(..., steps)`` to probabilities ``(...)`` of the last step given the others."""
        return torch.sigmoid(outputs[..., -1])

    @classmethod
    def examples(cls):
        """After one step, and after two."""
        yield cls(("click",))
        yield cls(("view", "click"))


def _logs(outputs):
    """Log of the probability that all steps happened, and that one did not."""
    steps = F.logsigmoid(outputs)
    until = steps.cumsum(-1)
    before = F.pad(until[..., :-1], (1, 0))
    # it stopped at the first step, or at the second after the first, ...
    return until[..., -1], (before + F.logsigmoid(-outputs)).logsumexp(-1)
