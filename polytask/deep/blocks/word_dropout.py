"""Words that are taken for unknown ones while a net learns."""

from dataclasses import dataclass

import torch
from torch import nn

from polytask.deep.blocks.base import Stage
from polytask.errors import require


@dataclass(frozen=True)
class WordDropout(Stage):
    """Whole numbers that are replaced by that of the unknown word, each with a probability.

    So the net learns what to do with words it does not know. It stands before an `Embedding`, and
    does nothing at prediction.

    Parameters
    ----------
    share : float in [0, 1)
        Probability at every position, for each column by itself.
    columns : tuple of int
        Which columns of numbers; the others stay.
    unknown : int
        Number of the unknown word.

    Raises
    ------
    ParameterError
        If ``share`` is out of range.

    References
    ----------
    Iyyer, Manjunatha, Boyd-Graber, Daume. Deep unordered composition rivals syntactic methods for
    text classification. ACL 2015.

    Examples
    --------
    >>> import torch
    >>> from polytask import deep
    >>> words = torch.full((1, 1000, 1), 7)
    >>> torch.manual_seed(0)  # doctest: +ELLIPSIS
    <torch...>
    >>> dropped = deep.WordDropout(0.1).build(1).train()(words)
    >>> bool(60 < (dropped == 1).sum() < 140)
    True
    """

    share: float = 0.1
    columns: tuple[int, ...] = (0,)
    unknown: int = 1

    def __post_init__(self):
        require(
            0 <= self.share < 1,
            f"WordDropout needs share in [0, 1). Found share={self.share}.",
        )

    def build(self, inputs):
        """A module without parameters."""
        self.outputs(inputs)
        return _Dropped(self)

    def outputs(self, inputs):
        """The same columns at the same positions."""
        return self.needs(inputs, "vectors", "sequences")

    @classmethod
    def examples(cls):
        """One column."""
        yield cls(0.2)


class _Dropped(nn.Module):
    def __init__(self, stage):
        super().__init__()
        self.stage = stage

    def forward(self, H):
        if not self.training or not self.stage.share:
            return H
        H = H.clone()
        for column in self.stage.columns:
            lost = torch.rand(H.shape[:-1], device=H.device) < self.stage.share
            H[..., column].masked_fill_(lost, self.stage.unknown)
        return H
