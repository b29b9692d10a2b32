"""Recurrent layers over sequences of unlike lengths."""

from dataclasses import dataclass, replace

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from polytask.deep.blocks.base import Stage
from polytask.deep.shape import blanked
from polytask.errors import require

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}


@dataclass(frozen=True)
class Recurrent(Stage):
    r"""A layer that reads a sequence position by position, in one direction or in both.

    An LSTM has, with gates ``i, f, o`` in (0, 1),
    ``c_s = f * c_{s-1} + i * tanh(x_s A + h_{s-1} B + b)`` and ``h_s = o * tanh(c_s)``.

    Parameters
    ----------
    width : int, >= 1
        Units per direction.
    cell : {"lstm", "gru"}
    bidirectional : bool
        Both directions side by side, so that twice as many channels come out.

    Notes
    -----
    The second direction starts at the last *real* position, so that padding changes nothing.

    References
    ----------
    Hochreiter, Schmidhuber. Long short-term memory. Neural Computation 9, 1997.
    Cho et al. Learning phrase representations using RNN encoder-decoder. EMNLP 2014.

    Examples
    --------
    >>> from polytask import deep
    >>> deep.Recurrent(100).outputs(deep.Shape(64, (None,)))
    Shape(channels=200, grid=(None,))
    """

    width: int
    cell: str = "lstm"
    bidirectional: bool = True

    def __post_init__(self):
        require(self.width >= 1, f"Recurrent needs width >= 1. Found width={self.width}.")
        require(
            self.cell in CELLS,
            f"Recurrent needs a cell out of {list(CELLS)}. Found {self.cell!r}.",
        )

    def build(self, inputs):
        """`torch.nn.LSTM` or `torch.nn.GRU`, told where sequences end."""
        return _Recurrent(self, self.needs(inputs, "sequences").channels)

    def outputs(self, inputs):
        """The units of all directions, at the same positions."""
        shape = self.needs(inputs, "sequences")
        return replace(shape, channels=self.width * (2 if self.bidirectional else 1))

    def producers(self, weights):
        """Matrices of every gate, both directions below each other: a row per channel."""
        found = []
        for kind in ("weight_ih_l0", "weight_hh_l0"):
            names = [f"cell.{kind}"] + [f"cell.{kind}_reverse"] * self.bidirectional
            gates = [weights[name].unflatten(1, (-1, self.width)) for name in names]
            found += torch.cat(gates, 2).unbind(1)
        return found

    @classmethod
    def examples(cls):
        """Both cells."""
        yield cls(4)
        yield cls(5, "gru", bidirectional=False)


class _Recurrent(nn.Module):
    masked = True

    def __init__(self, stage, inputs):
        super().__init__()
        self.cell = CELLS[stage.cell](
            inputs, stage.width, batch_first=True, bidirectional=stage.bidirectional
        )

    def forward(self, H, mask=None):
        if mask is None or not self.cell.bidirectional:
            # what comes after the end of a sequence is not seen before it
            return blanked(self.cell(H)[0], mask)
        # a sequence without a position is read as one of length 1, and blanked
        lengths = mask.sum(1).clamp_min(1).cpu()
        packed = pack_padded_sequence(H, lengths, batch_first=True, enforce_sorted=False)
        out, _ = pad_packed_sequence(self.cell(packed)[0], True, total_length=H.shape[1])
        return blanked(out, mask)
