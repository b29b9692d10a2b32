"""Uniform sampling: every data set as likely as any other."""

from dataclasses import dataclass

from polytask.deep.data.sampling.base import Sampling, drawn


@dataclass(frozen=True)
class Uniform(Sampling):
    """At every step one of the T data sets, each with chance ``1 / T``.

    An epoch has as many steps as there are batches in all; small data sets are seen several times
    in it.

    References
    ----------
    Collobert, Weston. A unified architecture for natural language processing: deep neural networks
    with multitask learning. ICML 2008.

    Examples
    --------
    >>> import torch
    >>> from polytask.deep.data.sampling import Size
    >>> sizes = {"big": Size(30_000, 300), "small": Size(100, 1)}
    >>> plan = Uniform().plan(sizes, 1, torch.Generator().manual_seed(0))
    >>> len(plan), 120 < plan.count("small") < 180
    (301, True)
    """

    def plan(self, sizes, epoch, generator):
        """Drawn anew at every step."""
        return drawn(dict.fromkeys(sizes, 1.0), sizes, generator)

    @classmethod
    def examples(cls):
        """The only one."""
        yield cls()
